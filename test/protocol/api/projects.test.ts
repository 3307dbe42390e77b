import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiClient } from '../../support/api-client.js';
import type { Reply } from '../../support/scim-client.js';
import type { TestOrganization } from '../../support/server.js';
import { createPerson, createTeam } from './support/people.js';
import { useServer } from './support/use-server.js';

const server = useServer();

interface Actor {
  readonly id: string;
  readonly api: ApiClient;
}

/** A team of an admin, an owner (a member) and another member; and somebody who is not in it. */
interface Scene {
  readonly organization: TestOrganization;
  readonly teamId: string;
  readonly admin: Actor;
  readonly owner: Actor;
  readonly member: Actor;
  readonly stranger: Actor;
  /** Makes a project that the owner owns. */
  create(more?: object): Promise<string>;
}

let scene: Scene;

beforeAll(async () => {
  scene = await createScene();
});

async function createScene(): Promise<Scene> {
  const organization = await server().organization();
  const actor = async (): Promise<Actor> => {
    const id = await createPerson(organization);
    return { id, api: await organization.api(id) };
  };
  const [admin, owner, member, stranger] = [await actor(), await actor(), await actor(), await actor()];
  const teamId = await createTeam(organization, [admin.id, owner.id, member.id]);
  await organization.scim.operations(`/Users/${admin.id}`, {
    op: 'replace',
    path: 'teamRoles',
    value: [{ teamId, roleName: 'admin' }],
  });
  return {
    organization,
    teamId,
    admin,
    owner,
    member,
    stranger,
    create: async (more = {}) => {
      const reply = await owner.api.post('/projects', { teamId, name: `p-${randomUUID()}`, ...more });
      if (reply.status !== 201) throw new Error(reply.text);
      return String(reply.body.id);
    },
  };
}

const statuses = async (replies: readonly Promise<Reply>[]): Promise<readonly number[]> =>
  (await Promise.all(replies)).map(({ status }) => status);

describe('projects (product model 8)', () => {
  it('are made by members of the team, who own them', async () => {
    const { teamId, owner, stranger } = scene;
    const name = `p-${randomUUID()}`;
    const made = await owner.api.post('/projects', { teamId, name });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ name, visibility: 'team', ownerId: owner.id, isOwnerInTeam: true });
    expect(made.headers.get('location')).toBe(`${server().baseUrl}/api/v1/projects/${made.body.id}`);
    const refused = await stranger.api.post('/projects', { teamId, name: 'x' });
    expect(refused).toMatchObject({ status: 403, body: { code: 'permission.denied' } });
    expect(refused.body.detail).toMatch(/^The subject is not a member of team /);
  });

  it('are changed by their owner and the team admin, each part with its own permission', async () => {
    const { admin, owner, member, stranger } = scene;
    const id = await scene.create();
    const change = (who: Actor, body: object) => who.api.patch(`/projects/${id}`, body);
    expect(await statuses([change(stranger, { name: 'x' }), change(member, { name: 'x' })])).toEqual([
      403, 403,
    ]);
    expect((await change(owner, { name: `p-${randomUUID()}`, visibility: 'public' })).body.visibility).toBe(
      'public',
    );
    expect((await change(admin, { visibility: 'team', ownerId: member.id })).body.ownerId).toBe(member.id);
    expect(
      await statuses([change(owner, { visibility: 'open' }), change(member, { visibility: 'open' })]),
    ).toEqual([403, 200]);
  });

  it('keep everything when one part of a change is refused', async () => {
    const { owner, stranger } = scene;
    const id = await scene.create();
    const before = await owner.api.get(`/projects/${id}`);
    const reply = await owner.api.patch(`/projects/${id}`, { name: 'half', ownerId: stranger.id });
    expect([reply.status, reply.body.errors[0].field]).toEqual([400, 'ownerId']);
    expect((await owner.api.get(`/projects/${id}`)).body).toEqual(before.body);
  });

  it('have versions: a change of one that is gone is 412 (RFC 9110 13.1.1)', async () => {
    const { owner } = scene;
    const id = await scene.create();
    const etag = (await owner.api.get(`/projects/${id}`)).headers.get('etag') ?? '';
    const change = (name: string) => owner.api.patch(`/projects/${id}`, { name }, { 'if-match': etag });
    expect(await change(`p-${randomUUID()}`)).toMatchObject({ status: 200 });
    expect(await change(`p-${randomUUID()}`)).toMatchObject({ status: 412 });
  });

  it('are seen by whom their visibility lets in, and by team admins', async () => {
    const { admin, owner, member, stranger, teamId, organization } = await createScene().then((fresh) => {
      scene = fresh;
      return fresh;
    });
    const made: Record<string, string> = {};
    for (const visibility of ['open', 'public', 'team', 'restricted'])
      made[visibility] = await scene.create({ visibility });
    const seen = async ({ api }: Actor) => {
      const { body } = await api.get(`/projects?teamId=${teamId}`);
      return body.items.map(({ visibility }: { visibility: string }) => visibility).sort();
    };
    const read = ({ api }: Actor) => statuses(Object.values(made).map((id) => api.get(`/projects/${id}`)));
    const root: Actor = { id: organization.adminId, api: await organization.api() };
    for (const [who, expected] of [
      [stranger, ['open', 'public']],
      [root, ['open', 'public']],
      [member, ['open', 'public', 'team']],
      [owner, ['open', 'public', 'restricted', 'team']],
      [admin, ['open', 'public', 'restricted', 'team']],
    ] as const) {
      expect(await seen(who)).toEqual(expected);
      expect(await read(who)).toEqual(
        Object.keys(made).map((key) => ((expected as readonly string[]).includes(key) ? 200 : 403)),
      );
    }
  });

  it('are archived by owner or team admin, free their name, and are restored by an admin', async () => {
    const { admin, owner, member } = scene;
    const id = await scene.create();
    const act = (who: Actor, method: string, path = '') => who.api.request(method, `/projects/${id}${path}`);
    expect((await act(member, 'DELETE')).status).toBe(403);
    expect((await act(owner, 'DELETE')).status).toBe(204);
    expect((await act(owner, 'GET')).status).toBe(404);
    const archived = await admin.api.get('/projects?archived=true');
    expect(archived.body.items.map((project: { id: string }) => project.id)).toContain(id);
    expect((await act(member, 'POST', '/restore')).status).toBe(403);
    expect((await act(admin, 'POST', '/restore')).body).toMatchObject({ id, archivedAt: null });
    expect((await act(owner, 'GET')).status).toBe(200);
  });
});

describe('members of a project (product model 8.2, 8.3)', () => {
  it('are invited to a restricted project by its owner, and by a team admin, who may invite itself', async () => {
    const { admin, owner, member, stranger } = scene;
    const id = await scene.create({ visibility: 'restricted' });
    const invite = (who: Actor, userId: string) => who.api.post(`/projects/${id}/members`, { userId });
    expect(await statuses([invite(member, member.id), invite(owner, stranger.id)])).toEqual([403, 400]);
    expect((await invite(owner, member.id)).body).toMatchObject({ isInvited: true, projectRole: 'member' });
    expect((await invite(admin, admin.id)).status).toBe(201);
    const { body } = await member.api.get(`/projects/${id}/members`);
    expect(body.total).toBe(3);
    expect(new Set(body.items.map(({ userId }: { userId: string }) => userId))).toEqual(
      new Set([owner.id, member.id, admin.id]),
    );
    expect((await owner.api.delete(`/projects/${id}/members/${member.id}`)).status).toBe(204);
    expect((await member.api.get(`/projects/${id}`)).status).toBe(403);
  });

  it('get a role of their own from a team admin, and take the team role again', async () => {
    const { admin, member } = scene;
    const id = await scene.create();
    const set = (role: string | null) => admin.api.patch(`/projects/${id}/members/${member.id}`, { role });
    expect((await set('ADMIN')).body).toMatchObject({
      teamRole: 'member',
      projectRole: 'admin',
      ownRole: 'admin',
    });
    expect((await set('member')).body).toMatchObject({ projectRole: 'member', ownRole: null });
    expect((await set('viewer')).body).toMatchObject({ projectRole: 'viewer' });
    expect((await set(null)).body).toMatchObject({ projectRole: 'member', ownRole: null });
    expect((await set('nobody')).status).toBe(400);
  });

  it('get no more from an owner than the owner has: nobody makes more of itself', async () => {
    const { admin, owner, member, organization } = scene;
    const id = await scene.create();
    const set = (who: Actor, userId: string, role: string | null) =>
      who.api.patch(`/projects/${id}/members/${userId}`, { role });
    const refused = await set(owner, owner.id, 'admin');
    expect(refused).toMatchObject({ status: 403, body: { code: 'permission.denied' } });
    const role = `deleter-${randomUUID()}`;
    await organization.scim.post('/Roles', {
      name: role,
      inheritedFrom: 'viewer',
      permissions: [{ name: 'run:delete' }],
    });
    expect((await set(owner, member.id, role)).body.detail).toContain('run:delete');
    expect((await set(owner, member.id, 'viewer')).status).toBe(200);
    expect((await set(owner, member.id, null)).status).toBe(200);
    expect((await set(admin, member.id, role)).status).toBe(200);
  });

  it('do not take a team admin back to its role through an owner', async () => {
    const { admin, owner } = scene;
    const id = await scene.create();
    expect((await admin.api.patch(`/projects/${id}/members/${admin.id}`, { role: 'viewer' })).status).toBe(
      200,
    );
    expect((await owner.api.patch(`/projects/${id}/members/${admin.id}`, { role: null })).status).toBe(403);
    expect((await admin.api.patch(`/projects/${id}/members/${admin.id}`, { role: null })).status).toBe(200);
  });

  it('are not those of another organization', async () => {
    const other = await createScene();
    const id = await scene.create();
    expect((await other.admin.api.get(`/projects/${id}/members`)).status).toBe(404);
    expect((await scene.admin.api.get(`/projects/${id}/members/${other.member.id}`)).status).toBe(404);
    const reply = await scene.admin.api.patch(`/projects/${id}`, { ownerId: other.member.id });
    expect(reply.body.errors[0].field).toBe('ownerId');
  });
});
