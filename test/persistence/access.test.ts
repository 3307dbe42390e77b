import { beforeAll, describe, expect, it } from '@jest/globals';
import type { AccessRequest, SubjectReference } from '../../src/directory/access/access-request.js';
import type { AccessCaller } from '../../src/directory/access/access-store.js';
import type { Decision } from '../../src/directory/access/decision.js';
import type { Project } from '../../src/directory/projects/project.js';
import { isDomainError } from '../../src/kernel/errors.js';
import { newId } from '../../src/kernel/ids.js';
import { expectStatus } from '../conformance/rfc/support/assertions.js';
import type { TestOrganization } from '../support/server.js';
import { useServer } from './support/use-server.js';

const ROLLCALL_USER = 'urn:ietf:params:scim:schemas:extension:rollcall:2.0:User';
const server = useServer();
let organization: TestOrganization;
let caller: AccessCaller;
let serial = 0;

beforeAll(async () => {
  organization = await server().organization();
  caller = { organizationId: organization.id, apiKeyId: undefined };
});

const name = (stem: string): string => `${stem}-${(serial += 1)}`;

async function post(endpoint: string, body: object): Promise<string> {
  const reply = await organization.scim.post(endpoint, body);
  expectStatus(reply, 201);
  return String(reply.body.id);
}

async function patch(id: string, ...operations: readonly object[]): Promise<void> {
  expectStatus(await organization.scim.operations(`/Users/${id}`, ...operations), 200);
}

const person = (more: object = {}) => post('/Users', { userName: name('person'), ...more });
const team = (...members: readonly string[]) =>
  post('/Groups', { displayName: name('team'), members: members.map((value) => ({ value })) });

const setTeamRole = (userId: string, teamId: string, roleName: string) =>
  patch(userId, { op: 'replace', path: `${ROLLCALL_USER}:teamRoles`, value: [{ teamId, roleName }] });

const make = (teamId: string, ownerId: string, visibility: Project['visibility'] = 'team') =>
  server().services.projects.create(organization.context, {
    teamId,
    ownerId,
    name: name('project'),
    visibility,
    invitedIds: [],
  });

const user = (id: string): SubjectReference => ({ type: 'user', id });
const about = (
  project: Project,
  action: AccessRequest['action'],
  subject: SubjectReference,
): AccessRequest => ({
  subject,
  action,
  resource: { type: 'project', id: project.id },
});

async function decisionOn(request: AccessRequest): Promise<Decision> {
  const [decision] = await server().services.access.evaluate(caller, [request]);
  if (!decision) throw new Error('no decision');
  return decision;
}

describe('questions that come at the same time', () => {
  it('are answered like each alone and like in a batch, whoever asks about whatever', async () => {
    const people = await Promise.all(['admin', 'member', 'viewer'].map(() => person()));
    const [owner = ''] = people;
    const teamId = await team(...people);
    await setTeamRole(people[2] ?? '', teamId, 'viewer');
    const projects = [await make(teamId, owner), await make(teamId, owner, 'restricted')];
    const subjects = [...people, 'nobody@example.com', '\u{1f642}', newId(0)].map(user);
    const actions = ['project:read', 'run:create', 'project:delete'] as const;
    const requests = subjects.flatMap((subject) =>
      projects.flatMap((project) => actions.map((action) => about(project, action, subject))),
    );
    const alone: Decision[] = [];
    for (const request of requests) alone.push(await decisionOn(request));
    expect(await Promise.all(requests.map(decisionOn))).toEqual(alone);
    expect(await server().services.access.evaluate(caller, requests)).toEqual(alone);
    expect(new Set(alone.map(({ code }) => code)).size).toBeGreaterThan(3);
  });

  it('do not share an answer across keys: one that is revoked is refused, the other is not', async () => {
    const id = await person();
    const request = about(await make(await team(id), id), 'run:create', user(id));
    const { services } = server();
    const input = { name: 'application', scopes: ['access'], expiresAt: undefined } as const;
    const [live, revoked] = await Promise.all(
      [1, 2].map(() => services.apiKeys.issue(organization.context, organization.adminId, input)),
    );
    await services.unitOfWork.stores.apiKeys.revoke(organization.context, revoked?.key.id ?? '');
    const ask = (apiKeyId: string | undefined) =>
      services.access.evaluate({ organizationId: organization.id, apiKeyId }, [request]).then(
        ([decision]) => decision?.isAllowed,
        (error: unknown) => isDomainError(error, 'credential.invalid') && 'refused',
      );
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => ask((index % 2 === 0 ? live : revoked)?.key.id)),
    );
    expect(answers).toEqual(Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? true : 'refused')));
  });

  it('do not fail because of another one that the database refuses', async () => {
    const id = await person();
    const project = await make(await team(id), id);
    const good = about(project, 'run:create', user(id));
    const bad = about(project, 'run:create', user('nul \0 is no text'));
    const asked = [good, good, good, bad, good, good].map((request) => decisionOn(request));
    const settled = await Promise.allSettled(asked);
    expect(settled.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
  });
});

describe('the subject of a question', () => {
  it('is found by id, by userName in any case, or by an e-mail address', async () => {
    const mail = `${name('Mail')}@Example.com`;
    const userName = name('Person');
    const id = await post('/Users', { userName, emails: [{ value: mail, primary: true }] });
    const project = await make(await team(id), id);
    for (const subject of [id, userName.toUpperCase(), mail.toLowerCase()])
      expect(await decisionOn(about(project, 'run:create', user(subject)))).toMatchObject({
        isAllowed: true,
      });
    expect(await decisionOn(about(project, 'run:create', user(id.toUpperCase())))).toMatchObject({
      code: 'subject_unknown',
    });
  });

  it('is whose userName it is before whose e-mail address it is', async () => {
    const text = `${name('both')}@example.com`;
    const named = await person({ userName: text });
    await person({ emails: [{ value: text }] });
    const project = await make(await team(named), named);
    expect(await decisionOn(about(project, 'run:create', user(text)))).toMatchObject({ isAllowed: true });
  });

  it('is nobody when several accounts have the e-mail address', async () => {
    const text = `${name('shared')}@example.com`;
    const [first] = [
      await person({ emails: [{ value: text }] }),
      await person({ emails: [{ value: text }] }),
    ];
    const project = await make(await team(first), first);
    expect(await decisionOn(about(project, 'run:create', user(text)))).toMatchObject({
      isAllowed: false,
      code: 'subject_ambiguous',
    });
  });

  it('is of the kind that the question names', async () => {
    const owner = await person();
    const teamId = await team(owner);
    const { body } = await organization.scim.get(`/Groups/${teamId}`);
    const robot = await post('/Users', {
      userName: name('robot'),
      accountType: 'SERVICE',
      defaultTeam: body.displayName,
    });
    const project = await make(teamId, owner);
    const ask = (type: 'user' | 'service_account', id: string) =>
      decisionOn(about(project, 'run:create', { type, id }));
    expect(await ask('service_account', robot)).toMatchObject({ isAllowed: true, role: 'service' });
    expect(await ask('user', robot)).toMatchObject({ code: 'subject_unknown' });
    expect(await ask('service_account', owner)).toMatchObject({ code: 'subject_unknown' });
  });

  it('is denied when deactivated, when removed by the IdP, and when never heard of', async () => {
    const id = await person();
    const project = await make(await team(id), id);
    const code = async (subject: string) =>
      (await decisionOn(about(project, 'run:read', user(subject)))).code;
    await patch(id, { op: 'replace', value: { active: false } });
    expect(await code(id)).toBe('subject_deactivated');
    const { body } = await organization.scim.get(`/Users/${id}`);
    expectStatus(await organization.scim.delete(`/Users/${id}`), 204);
    expect(await code(id)).toBe('subject_removed');
    expect(await code(String(body.userName))).toBe('subject_unknown');
    expect(await code(newId(Date.now()))).toBe('subject_unknown');
    expect(await code('')).toBe('subject_unknown');
  });

  it('is not one of another organization, nor is its project', async () => {
    const owner = await person();
    const project = await make(await team(owner), owner);
    const stranger = await server().organization();
    const elsewhere = { organizationId: stranger.id, apiKeyId: undefined };
    const [own, foreign] = await server().services.access.evaluate(elsewhere, [
      about(project, 'run:read', user(stranger.adminId)),
      about(project, 'run:read', user(owner)),
    ]);
    expect(own).toMatchObject({ isAllowed: false, code: 'resource_unknown' });
    expect(foreign).toMatchObject({ isAllowed: false, code: 'subject_unknown' });
  });
});

describe('the facts of a decision', () => {
  it('are the team role, what a custom role adds, and the role in the project', async () => {
    const [owner, member] = [await person(), await person()];
    const teamId = await team(owner, member);
    const project = await make(teamId, owner);
    const stop = () => decisionOn(about(project, 'run:stop', user(member)));
    expect(await stop()).toMatchObject({
      isAllowed: false,
      code: 'not_the_creator',
      role: 'member',
      team: teamId,
    });
    const role = name('stopper');
    await post('/Roles', { name: role, inheritedFrom: 'viewer', permissions: [{ name: 'run:stop' }] });
    await setTeamRole(member, teamId, role);
    expect(await stop()).toMatchObject({ isAllowed: true, code: 'team_role', role });
    await setTeamRole(member, teamId, 'member');
    await server().services.projects.setMemberRole(organization.context, project.id, member, role);
    expect(await stop()).toMatchObject({ isAllowed: true, code: 'project_role', role });
  });

  it('are as they are now: seat, organization role, invitation, archived project and team', async () => {
    const [owner, member] = [await person(), await person()];
    const teamId = await team(owner, member);
    const project = await make(teamId, owner, 'restricted');
    const create = async () => (await decisionOn(about(project, 'run:create', user(member)))).code;
    expect(await create()).toBe('not_invited');
    await server().services.projects.invite(organization.context, project.id, [member]);
    expect(await create()).toBe('team_role');
    await patch(member, { op: 'replace', path: `${ROLLCALL_USER}:seat`, value: 'viewer' });
    expect(await create()).toBe('view_only');
    await patch(member, { op: 'replace', path: `${ROLLCALL_USER}:seat`, value: 'none' });
    expect(await create()).toBe('no_seat');
    await patch(member, { op: 'replace', path: `${ROLLCALL_USER}:seat`, value: 'full' });
    await patch(member, { op: 'replace', path: `${ROLLCALL_USER}:organizationRole`, value: 'viewer' });
    expect(await create()).toBe('view_only');
    await patch(member, { op: 'replace', path: `${ROLLCALL_USER}:organizationRole`, value: 'member' });
    await server().services.projects.archive(organization.context, project.id, undefined);
    expect(await create()).toBe('resource_unknown');
    await server().services.projects.restore(organization.context, project.id);
    expect(await create()).toBe('team_role');
    expectStatus(await organization.scim.delete(`/Groups/${teamId}`), 204);
    expect(await create()).toBe('resource_unknown');
  });

  it('are the same for many questions at once as for each alone', async () => {
    const [owner, member, stranger] = [await person(), await person(), await person()];
    const teamId = await team(owner, member);
    await setTeamRole(owner, teamId, 'admin');
    const projects: Project[] = [];
    for (const visibility of ['open', 'public', 'team', 'restricted'] as const)
      projects.push(await make(teamId, owner, visibility));
    const requests: AccessRequest[] = [];
    for (const subject of [owner, member, stranger, 'nobody', organization.adminId])
      for (const action of [
        'run:read',
        'run:create',
        'run:move',
        'project:delete',
        'team:add_member',
      ] as const)
        for (const project of projects)
          requests.push({
            subject: user(subject),
            action,
            resource:
              action === 'team:add_member'
                ? { type: 'team', id: teamId }
                : {
                    type: action.startsWith('project') ? 'project' : 'run',
                    id: action.startsWith('project') ? project.id : 'r1',
                    project: project.id,
                    createdBy: subject,
                    targetProject: projects[0]?.id ?? '',
                  },
          });
    const alone: Decision[] = [];
    for (const request of requests) alone.push(await decisionOn(request));
    expect(await server().services.access.evaluate(caller, requests)).toEqual(alone);
    expect(new Set(alone.map(({ isAllowed }) => isAllowed)).size).toBe(2);
  });

  it('answer the same question a hundred times, and none when none is asked', async () => {
    const owner = await person();
    const project = await make(await team(owner), owner);
    const requests = Array.from({ length: 100 }, () => about(project, 'run:create', user(owner)));
    const decisions = await server().services.access.evaluate(caller, requests);
    expect(decisions).toHaveLength(100);
    expect(await server().services.access.evaluate(caller, [])).toEqual([]);
  });
});

describe('the caller', () => {
  async function keyOf(userId: string, scopes: readonly ('scim' | 'admin' | 'access')[]) {
    const input = { name: name('key'), scopes, expiresAt: undefined };
    return (await server().services.apiKeys.issue(organization.context, userId, input)).key.id;
  }

  const ask = async (apiKeyId: string): Promise<unknown> => {
    const request: AccessRequest = {
      subject: user(organization.adminId),
      action: 'organization:read_users',
      resource: { type: 'organization', id: organization.id },
    };
    const asked = { organizationId: organization.id, apiKeyId };
    const both = await Promise.all(
      [[request], [request, { ...request, subject: user('nobody') }]].map((requests) =>
        server()
          .services.access.evaluate(asked, requests)
          .then(
            () => 'answered',
            (error: unknown) => (isDomainError(error) ? error.code : error),
          ),
      ),
    );
    return both[0] === both[1] ? both[0] : both;
  };

  it('is answered with the live key of an admin or a service account, for access', async () => {
    const owner = await person();
    const teamId = await team(owner);
    const { body } = await organization.scim.get(`/Groups/${teamId}`);
    const robot = { userName: name('robot'), accountType: 'SERVICE', defaultTeam: body.displayName };
    expect(await ask(await keyOf(await post('/Users', robot), ['access']))).toBe('answered');
    expect(await ask(await keyOf(organization.adminId, ['access', 'admin']))).toBe('answered');
    expect(await ask(await keyOf(organization.adminId, ['scim', 'admin']))).toBe('credential.invalid');
    expect(await ask(await keyOf(owner, ['access']))).toBe('credential.invalid');
    expect(await ask(newId(Date.now()))).toBe('credential.invalid');
  });

  it('is refused from the moment the key is revoked or its account deactivated', async () => {
    const owner = await person();
    const teamId = await team(owner);
    const { body } = await organization.scim.get(`/Groups/${teamId}`);
    const robot = await post('/Users', {
      userName: name('robot'),
      accountType: 'ORG_SERVICE',
      defaultTeam: body.displayName,
    });
    const [first, second] = [await keyOf(robot, ['access']), await keyOf(robot, ['access'])];
    expect([await ask(first), await ask(second)]).toEqual(['answered', 'answered']);
    await server().services.unitOfWork.stores.apiKeys.revoke(organization.context, first);
    expect([await ask(first), await ask(second)]).toEqual(['credential.invalid', 'answered']);
    await patch(robot, { op: 'replace', value: { active: false } });
    expect(await ask(second)).toBe('credential.invalid');
  });
});
