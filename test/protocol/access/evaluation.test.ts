import { beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../../src/kernel/ids.js';
import { ScimClient } from '../../support/scim-client.js';
import { createPerson } from '../api/support/people.js';
import { useServer } from '../api/support/use-server.js';
import { AccessClient, createScene, type Scene } from './support.js';

const server = useServer();
let scene: Scene;
let access: AccessClient;

beforeAll(async () => {
  scene = await createScene(server());
  ({ access } = scene);
});

const run = (more: object = {}) => ({
  type: 'run',
  id: 'r1',
  properties: { project: scene.project.id, ...more },
});

describe('an evaluation (AuthZEN Authorization API 1.0, section 6)', () => {
  it('says yes, and through what', async () => {
    const reply = await access.evaluate(scene.member, 'run:create', run());
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toBe('application/json');
    expect(reply.body).toEqual({
      decision: true,
      context: {
        reason: expect.stringMatching(
          /^The role member in team "team-.*" gives run:create \(in the team since /,
        ),
        code: 'team_role',
        role: 'member',
        scope: 'any',
        team: scene.teamId,
        project: scene.project.id,
        visibility: 'team',
        since: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T/),
      },
    });
  });

  it('says no, and what is missing; a no is 200 as well (section 10.1.1)', async () => {
    const reply = await access.evaluate(scene.member, 'run:stop', run({ createdBy: scene.owner }));
    expect(reply.status).toBe(200);
    expect(reply.body).toMatchObject({
      decision: false,
      context: { code: 'not_the_creator', role: 'member', neededRoles: ['admin'] },
    });
    expect(
      (await access.evaluate(scene.member, 'run:stop', run({ createdBy: scene.member }))).body,
    ).toMatchObject({
      decision: true,
      context: { scope: 'own' },
    });
  });

  it('takes what it does not know in entities and context, and null for an unknown property', async () => {
    const reply = await access.post('/evaluation', {
      subject: { type: 'user', id: scene.member, properties: { department: 'Sales' } },
      action: { name: 'run:create', properties: { method: 'GET' } },
      resource: { ...run({ createdBy: null, shape: 'round' }) },
      context: { time: '1985-10-26T01:22-07:00' },
      more: 1,
    });
    expect(reply.body.decision).toBe(true);
  });

  it('denies what is not there, or belongs to somebody else, in the same words', async () => {
    const other = await createScene(server());
    const replies = await Promise.all(
      [newId(Date.now()), other.project.id, 'no id at all'].map((project) =>
        access.evaluate(scene.member, 'run:read', { type: 'run', id: 'r1', properties: { project } }),
      ),
    );
    for (const { status, text } of replies) expect([status, text]).toEqual([200, replies[0]?.text]);
    expect(replies[0]?.body).toMatchObject({ decision: false, context: { code: 'resource_unknown' } });
    expect((await access.evaluate(other.member, 'run:read', run())).body).toMatchObject({
      decision: false,
      context: { code: 'subject_unknown' },
    });
  });

  it('knows a subject by id, userName or e-mail address, also by a userName that looks like an id', async () => {
    const userName = newId(Date.now());
    const email = `${userName}@example.com`;
    const id = await createPerson(scene.organization, { userName, emails: [{ value: email }] });
    const ask = (subject: string) => access.evaluate(subject, 'run:read', run());
    const byId = await ask(id);
    expect(byId.body).toMatchObject({ decision: false, context: { reason: expect.anything() } });
    for (const name of [userName, email]) expect((await ask(name)).text).toBe(byId.text);
    expect((await ask(newId(Date.now()))).body.context.code).toBe('subject_unknown');
    const subjects = [id, userName, newId(Date.now()), scene.member].map((subject) => ({
      type: 'user',
      id: subject,
    }));
    const { body } = await access.post('/evaluations', {
      action: { name: 'run:read' },
      resource: run(),
      evaluations: subjects.map((subject) => ({ subject })),
    });
    const codes = body.evaluations.map(({ context }: { context: { code: string } }) => context.code);
    const { code } = byId.body.context;
    expect(codes).toEqual([code, code, 'subject_unknown', 'team_role']);
    expect(code).not.toBe('subject_unknown');
  });

  it('sees a change at once: the next evaluation after a revoked membership says no', async () => {
    const { organization, teamId, member } = await createScene(server()).then((fresh) => {
      scene = fresh;
      ({ access } = fresh);
      return fresh;
    });
    expect((await access.evaluate(member, 'run:create', run())).body.decision).toBe(true);
    const removal = { op: 'remove', path: `members[value eq "${member}"]` };
    expect((await organization.scim.operations(`/Groups/${teamId}`, removal)).status).toBe(204);
    expect((await access.evaluate(member, 'run:create', run())).body).toMatchObject({
      decision: false,
      context: { code: 'not_a_member' },
    });
  });

  it('gives the request id back as it was sent (section 10.1.3)', async () => {
    for (const id of ['bfe9eb29-ab87-4ca3-be83-a1d5d8305716', 'order#7;"quoted"']) {
      const reply = await access.post(
        '/evaluation',
        { subject: { type: 'user', id: 'x' }, action: { name: 'run:read' }, resource: run() },
        { 'x-request-id': id },
      );
      expect(reply.headers.get('x-request-id')).toBe(id);
    }
    const reply = await access.post('/evaluation', {});
    expect(reply.headers.get('x-request-id')).toBe(reply.body.reference);
  });
});

describe('a malformed evaluation is 400 and names the field (section 10.1.1)', () => {
  const whole = () => ({
    subject: { type: 'user', id: scene.member },
    action: { name: 'run:create' },
    resource: run(),
  });

  it.each([
    ['subject', { subject: undefined }],
    ['subject', { subject: 'ada' }],
    ['subject.type', { subject: { id: 'ada' } }],
    ['subject.type', { subject: { type: 'group', id: 'ada' } }],
    ['subject.id', { subject: { type: 'user' } }],
    ['subject.id', { subject: { type: 'user', id: 7 } }],
    ['subject.id', { subject: { type: 'user', id: '' } }],
    ['subject.id', { subject: { type: 'user', id: 'x'.repeat(8_193) } }],
    ['action', { action: null }],
    ['action.name', { action: {} }],
    ['action.name', { action: { name: 'run:explode' } }],
    ['action.name', { action: { name: 'constructor' } }],
    ['resource', { resource: [] }],
    ['resource.type', { resource: { type: 'planet', id: 'x' } }],
    ['resource.type', { resource: { type: 'team', id: 'x' } }],
    ['resource.id', { resource: { type: 'run', properties: {} } }],
    ['resource.properties', { resource: { type: 'run', id: 'x', properties: 'p' } }],
    ['resource.properties.project', { resource: { type: 'run', id: 'x' } }],
    ['resource.properties.project', { resource: { type: 'run', id: 'x', properties: { project: 7 } } }],
    [
      'resource.properties.team',
      { action: { name: 'registry:read' }, resource: { type: 'registry', id: 'x' } },
    ],
    ['resource.properties.targetProject', { action: { name: 'run:move' } }],
    ['context', { context: 'now' }],
  ])('%s: %j', async (field, part) => {
    const reply = await access.post('/evaluation', { ...whole(), ...part });
    expect(reply.status).toBe(400);
    expect(reply.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(reply.body).toMatchObject({
      title: 'Bad Request',
      status: 400,
      code: 'request.invalid',
      errors: [{ field, detail: reply.body.detail }],
    });
  });

  it.each([
    ['no JSON', '{', 'application/json', 400],
    ['an array', '[]', 'application/json', 400],
    ['a member twice', '{"subject":{},"subject":{}}', 'application/json', 400],
    ['nothing', '', 'application/json', 400],
    ['nested too deeply', '{"context":' + '['.repeat(40) + ']'.repeat(40) + '}', 'application/json', 400],
    ['too large', ' '.repeat(1_048_577), 'application/json', 413],
    ['another type', '{}', 'text/plain', 415],
    ['no type', '{}', '', 415],
  ])('a body that is %s', async (_what, raw, contentType, status) => {
    const headers = contentType === '' ? { 'content-type': 'x' } : { 'content-type': contentType };
    const reply = await access.request('POST', '/access/v1/evaluation', { raw, headers });
    expect(reply.status).toBe(status);
    expect(reply.body).toMatchObject({ status, detail: expect.any(String) });
  });
});

describe('the caller', () => {
  const anything = {
    subject: { type: 'user', id: 'x' },
    action: { name: 'team:read' },
    resource: { type: 'team', id: 'x' },
  };

  it('is 401 with a challenge without a key, or with one that is no good (RFC 6750 3)', async () => {
    for (const secret of [undefined, 'rk_wrong', scene.organization.token]) {
      const reply = await new AccessClient(server(), secret).post('/evaluation', anything);
      expect(reply.status).toBe(401);
      expect(reply.headers.get('www-authenticate')).toMatch(/^Bearer realm="Rollcall access"/);
      expect(reply.body).toMatchObject({ title: 'Unauthorized', code: 'credential.invalid' });
    }
  });

  it('is 403 with a key of another scope, or of a person who is no admin', async () => {
    const { organization, robot, member } = scene;
    const issue = async (userId: string, scopes: readonly ('admin' | 'access' | 'scim')[]) =>
      (
        await server().services.apiKeys.issue(organization.context, userId, {
          name: 'k',
          scopes,
          expiresAt: undefined,
        })
      ).secret;
    for (const secret of [await issue(robot, ['admin', 'scim']), await issue(member, ['access'])])
      expect((await new AccessClient(server(), secret).post('/evaluation', anything)).status).toBe(403);
    const admin = await issue(organization.adminId, ['access']);
    expect((await new AccessClient(server(), admin).post('/evaluation', anything)).status).toBe(200);
  });

  it('is refused by the very next request when the key is revoked, or the account deactivated', async () => {
    const fresh = await createScene(server());
    const paths = ['/evaluation', '/evaluations', '/search/action'];
    const statuses = async () => {
      const found: number[] = [];
      for (const path of paths) found.push((await fresh.access.post(path, anything)).status);
      return found;
    };
    expect(await statuses()).toEqual([200, 200, 200]);
    await fresh.organization.scim.operations(`/Users/${fresh.robot}`, {
      op: 'replace',
      value: { active: false },
    });
    expect(await statuses()).toEqual([401, 401, 401]);
    await fresh.organization.scim.operations(`/Users/${fresh.robot}`, {
      op: 'replace',
      value: { active: true },
    });
    expect(await statuses()).toEqual([200, 200, 200]);
    await server().services.unitOfWork.stores.apiKeys.revoke(fresh.organization.context, fresh.keyId);
    expect(await statuses()).toEqual([401, 401, 401]);
  });

  it('finds nothing at other addresses, and no other method, once it is let in', async () => {
    expect((await access.post('/nothing', {})).status).toBe(404);
    expect((await new AccessClient(server(), undefined).post('/nothing', {})).status).toBe(401);
    const reply = await access.request('GET', '/access/v1/evaluation');
    expect([reply.status, reply.headers.get('allow')]).toEqual([405, 'POST']);
  });
});

describe('metadata (section 9)', () => {
  it('is for everybody and names the addresses', async () => {
    const reply = await new ScimClient(server().baseUrl, undefined).get('/.well-known/authzen-configuration');
    expect([reply.status, reply.headers.get('content-type')]).toEqual([
      200,
      'application/json; charset=utf-8',
    ]);
    const base = server().baseUrl;
    expect(reply.body).toEqual({
      policy_decision_point: base,
      access_evaluation_endpoint: `${base}/access/v1/evaluation`,
      access_evaluations_endpoint: `${base}/access/v1/evaluations`,
      search_subject_endpoint: `${base}/access/v1/search/subject`,
      search_resource_endpoint: `${base}/access/v1/search/resource`,
      search_action_endpoint: `${base}/access/v1/search/action`,
    });
  });
});
