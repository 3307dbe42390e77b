import { describe, expect, it } from '@jest/globals';
import { LIMITS } from '../../../src/kernel/limits.js';
import { ApiClient } from '../../support/api-client.js';
import { runningClock } from '../../support/clock.js';
import type { Reply } from '../../support/scim-client.js';
import type { TestOrganization } from '../../support/server.js';
import { createPerson, createTeam } from './support/people.js';
import { useServer } from './support/use-server.js';

const clock = runningClock();
const server = useServer({ clock });
const MINUTE = 60_000;

const withSecret = (reply: Reply): ApiClient =>
  new ApiClient(`${server().baseUrl}/api/v1`, String(reply.body.secret));

/** A team with a service account, and a person with a role in it. */
async function team(organization: TestOrganization, role: string) {
  const userId = await createPerson(organization);
  const teamId = await createTeam(organization, [userId]);
  const { body } = await organization.scim.get(`/Groups/${teamId}`);
  await organization.scim.operations(`/Users/${userId}`, {
    op: 'replace',
    path: 'teamRoles',
    value: [{ teamId, roleName: role }],
  });
  const robot = await organization.scim.post('/Users', {
    userName: `robot-${teamId}`,
    accountType: 'SERVICE',
    defaultTeam: body.displayName,
  });
  expect(robot.status).toBe(201);
  return { userId, teamId, robotId: String(robot.body.id) };
}

describe('API keys (product model 9.3)', () => {
  it('are made for the caller, shown once, and good at once', async () => {
    const organization = await server().organization();
    const api = await organization.api();
    const made = await api.post('/api-keys', { name: ' Terraform ', scopes: ['admin'] });
    expect(made.status).toBe(201);
    expect(made.body.key).toMatchObject({
      userId: organization.adminId,
      name: 'Terraform',
      scopes: ['admin'],
      expiresAt: null,
      lastUsedAt: null,
    });
    expect(made.body.secret).toMatch(/^rk_[\w-]{43}$/);
    expect(made.body.secret.startsWith(made.body.key.prefix)).toBe(true);
    const { id } = made.body.key;
    expect(made.headers.get('location')).toBe(`${server().baseUrl}/api/v1/api-keys/${id}`);
    const read = await api.get(`/api-keys/${id}`);
    expect(read.status).toBe(200);
    expect(read.text).not.toContain(made.body.secret);
    expect((await withSecret(made).get('/me')).body).toMatchObject({
      userId: organization.adminId,
      credential: { kind: 'api_key', id, scopes: ['admin'] },
    });
  });

  it('show when they were last used', async () => {
    const organization = await server().organization();
    const api = await organization.api();
    const made = await api.post('/api-keys', { name: 'used', scopes: ['admin'] });
    await withSecret(made).get('/me');
    const read = async () => (await api.get(`/api-keys/${made.body.key.id}`)).body;
    // Written beside the answer, which does not wait for it.
    let body = await read();
    for (let reads = 1; body.lastUsedAt === null && reads < 100; reads += 1) body = await read();
    expect(Math.abs(clock.now() - Date.parse(body.lastUsedAt))).toBeLessThan(MINUTE);
  });

  it.each([
    ['no name', { scopes: ['admin'] }, 'name'],
    ['a blank name', { name: '  ', scopes: ['admin'] }, 'name'],
    ['no scope', { name: 'x', scopes: [] }, 'scopes'],
    ['an unknown scope', { name: 'x', scopes: ['root'] }, 'scopes.0'],
    ['an end in the past', { name: 'x', scopes: ['admin'], expiresAt: '2001-01-01T00:00:00Z' }, 'expiresAt'],
    ['an end too far away', { name: 'x', scopes: ['admin'], expiresAt: '2999-01-01T00:00:00Z' }, 'expiresAt'],
    ['an unknown member', { name: 'x', scopes: ['admin'], admin: true }, 'admin'],
  ])('with %s are 400 and name the field', async (_case, body, field) => {
    const api = await (await server().organization()).api();
    const reply = await api.post('/api-keys', body);
    expect(reply.status).toBe(400);
    expect(reply.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(reply.body.errors).toMatchObject([{ field }]);
  });

  it('are refused from the next request on once revoked', async () => {
    const api = await (await server().organization()).api();
    const made = await api.post('/api-keys', { name: 'short', scopes: ['admin'] });
    expect((await withSecret(made).get('/me')).status).toBe(200);
    expect((await api.delete(`/api-keys/${made.body.key.id}`)).status).toBe(204);
    expect((await withSecret(made).get('/me')).status).toBe(401);
    expect((await api.delete(`/api-keys/${made.body.key.id}`)).status).toBe(404);
    const { body } = await api.get('/api-keys?status=revoked');
    expect(body).toMatchObject({ total: 1, items: [{ id: made.body.key.id }] });
  });

  it('are replaced by a rotation, at once or with an overlap', async () => {
    const api = await (await server().organization()).api();
    const first = await api.post('/api-keys', { name: 'rotated', scopes: ['admin', 'scim'] });
    const second = await api.post(`/api-keys/${first.body.key.id}/rotate`, {});
    expect(second.status).toBe(201);
    expect(second.body.key).toMatchObject({ name: 'rotated', scopes: ['admin', 'scim'], expiresAt: null });
    expect((await withSecret(first).get('/me')).status).toBe(401);
    const third = await api.post(`/api-keys/${second.body.key.id}/rotate`, { overlapSeconds: 600 });
    expect((await withSecret(second).get('/me')).status).toBe(200);
    expect((await withSecret(third).get('/me')).status).toBe(200);
    const { body } = await api.get(`/api-keys/${second.body.key.id}`);
    expect(Date.parse(body.expiresAt)).toBeLessThanOrEqual(clock.now() + 600_000);
    clock.advance(600_001);
    expect((await withSecret(second).get('/me')).status).toBe(401);
    expect((await withSecret(third).get('/me')).status).toBe(200);
    expect((await api.post(`/api-keys/${first.body.key.id}/rotate`, {})).status).toBe(404);
  });

  it('are refused while their owner is inactive, and for good once removed (product decision)', async () => {
    const organization = await server().organization();
    const userId = await createPerson(organization);
    const api = await organization.api(userId);
    const activate = (value: boolean) =>
      organization.scim.operations(`/Users/${userId}`, { op: 'replace', path: 'active', value });
    expect((await api.get('/me')).status).toBe(200);
    await activate(false);
    expect((await api.get('/me')).status).toBe(401);
    await activate(true);
    expect((await api.get('/me')).status).toBe(200);
    const { body } = await organization.scim.get(`/Users/${userId}`);
    await organization.scim.delete(`/Users/${userId}`);
    expect((await api.get('/me')).status).toBe(401);
    const restored = await organization.scim.post('/Users', { userName: body.userName });
    expect(restored.body.id).toBe(userId);
    expect((await api.get('/me')).status).toBe(401);
  });

  it.each([{ organizationRole: 'viewer' }, { seat: 'viewer' }])(
    'are not for a View-Only user: %o',
    async (viewOnly) => {
      const organization = await server().organization();
      const userId = await createPerson(organization);
      const api = await organization.api(userId);
      await organization.scim.operations(`/Users/${userId}`, { op: 'replace', value: viewOnly });
      expect((await api.get('/me')).status).toBe(401);
      await expect(organization.api(userId)).rejects.toMatchObject({ code: 'api_key.forbidden' });
    },
  );

  it('only give scopes that the key which makes them has', async () => {
    const organization = await server().organization();
    const api = await organization.api(organization.adminId, ['admin']);
    const reply = await api.post('/api-keys', { name: 'more', scopes: ['admin', 'scim'] });
    expect(reply.status).toBe(403);
    expect(reply.body).toMatchObject({ code: 'api_key.forbidden', errors: [{ field: 'scopes' }] });
    const full = await (await organization.api()).post('/api-keys', { name: 'full', scopes: ['scim'] });
    expect((await api.post(`/api-keys/${full.body.key.id}/rotate`, {})).status).toBe(403);
  });

  it('are seen by their owner and by admins; those of a team service account also by team admins', async () => {
    const organization = await server().organization();
    const admin = await organization.api();
    const boss = await team(organization, 'admin');
    const member = await team(organization, 'member');
    // A member of the same team, who is no admin of it.
    await organization.scim.operations(`/Groups/${boss.teamId}`, {
      op: 'add',
      path: 'members',
      value: [{ value: member.userId }],
    });
    const bossApi = await organization.api(boss.userId);
    const memberApi = await organization.api(member.userId);
    const made = await bossApi.post('/api-keys', { name: 'robot', scopes: ['access'], userId: boss.robotId });
    expect(made.status).toBe(201);
    const { id } = made.body.key;
    const ids = async (api: ApiClient) =>
      (await api.get('/api-keys')).body.items.map((key: { userId: string }) => key.userId).sort();
    expect(await ids(bossApi)).toEqual([boss.userId, boss.robotId].sort());
    expect(await ids(memberApi)).toEqual([member.userId]);
    expect(await ids(admin)).toEqual([organization.adminId, boss.userId, boss.robotId, member.userId].sort());
    expect((await memberApi.get(`/api-keys/${id}`)).status).toBe(404);
    expect((await memberApi.delete(`/api-keys/${id}`)).status).toBe(404);
    expect((await admin.delete(`/api-keys/${id}`)).status).toBe(204);
  });

  it('are made in nobody else’s name: not by an admin for a person, not by a member for a service account', async () => {
    const organization = await server().organization();
    const admin = await organization.api();
    const { userId, robotId } = await team(organization, 'member');
    const make = (api: ApiClient, owner: string) =>
      api.post('/api-keys', { name: 'x', scopes: ['admin'], userId: owner });
    expect((await make(admin, userId)).status).toBe(403);
    expect((await make(await organization.api(userId), robotId)).status).toBe(403);
    expect((await make(admin, robotId)).status).toBe(403);
    const stranger = await createPerson(await server().organization());
    expect((await make(admin, stranger)).status).toBe(404);
  });

  it('of a team service account are not made by a team admin who has become View-Only', async () => {
    const organization = await server().organization();
    const { userId, robotId } = await team(organization, 'admin');
    const { services } = server();
    const { secret } = await services.sessions.open(organization.context, userId, {
      origin: { method: 'password' },
      userAgent: undefined,
      replaces: undefined,
    });
    const { baseUrl } = server();
    const make = () =>
      new ApiClient(`${baseUrl}/api/v1`, undefined).post(
        '/api-keys',
        { name: 'x', scopes: ['access'], userId: robotId },
        { cookie: `rollcall=${secret}`, origin: baseUrl },
      );
    expect((await make()).status).toBe(201);
    await organization.scim.operations(`/Users/${userId}`, { op: 'replace', value: { seat: 'viewer' } });
    expect((await make()).body.code).toBe('api_key.forbidden');
  });

  it('of an organization service account are made by admins', async () => {
    const organization = await server().organization();
    const teamId = await createTeam(organization);
    const { body } = await organization.scim.get(`/Groups/${teamId}`);
    const robot = await organization.scim.post('/Users', {
      userName: `robot-${teamId}`,
      accountType: 'ORG_SERVICE',
      defaultTeam: body.displayName,
    });
    const request = { name: 'x', scopes: ['access', 'admin'], userId: robot.body.id };
    const member = await organization.api(await createPerson(organization));
    expect((await member.post('/api-keys', request)).status).toBe(403);
    const made = await (await organization.api()).post('/api-keys', request);
    expect(made.status).toBe(201);
    expect((await withSecret(made).get('/me')).body.accountType).toBe('ORG_SERVICE');
  });

  it('are 100 for an account at most, rotations with an overlap included (product model 9.3)', async () => {
    const organization = await server().organization();
    const api = await organization.api();
    const make = () => api.post('/api-keys', { name: 'many', scopes: ['admin'] });
    const first = await make();
    for (let count = 2; count < LIMITS.apiKeysPerUser; count += 1) expect((await make()).status).toBe(201);
    expect((await make()).body).toMatchObject({ status: 409, code: 'api_key.limit_reached' });
    const rotate = `/api-keys/${first.body.key.id}/rotate`;
    expect((await api.post(rotate, { overlapSeconds: 60 })).status).toBe(409);
    expect((await api.post(rotate, {})).status).toBe(201);
    expect((await api.delete(`/api-keys/${first.body.key.id}`)).status).toBe(404);
  });

  it('are not made any more when the organization says so; those that are there stay good', async () => {
    const organization = await server().organization();
    const api = await organization.api();
    expect((await api.patch('/organization', { allowsApiKeyCreation: false })).status).toBe(200);
    const reply = await api.post('/api-keys', { name: 'x', scopes: ['admin'] });
    expect(reply.body).toMatchObject({ status: 403, code: 'api_key.creation_disabled' });
  });

  it('come in pages whose cursor is good for this request only', async () => {
    const organization = await server().organization();
    const api = await organization.api();
    for (let count = 0; count < 4; count += 1)
      await api.post('/api-keys', { name: `key ${count}`, scopes: ['admin'] });
    const first = await api.get('/api-keys?limit=2');
    expect(first.body).toMatchObject({ total: 5, next: expect.any(String) });
    const cursor = encodeURIComponent(first.body.next);
    const second = await api.get(`/api-keys?limit=2&cursor=${cursor}`);
    const third = await api.get(`/api-keys?limit=2&cursor=${encodeURIComponent(second.body.next)}`);
    expect(third.body.next).toBeNull();
    const seen = [first, second, third].flatMap(({ body }) =>
      body.items.map((key: { id: string }) => key.id),
    );
    expect(new Set(seen).size).toBe(5);
    const backwards = await api.get('/api-keys?sort=-id');
    expect(backwards.body.items.map((key: { id: string }) => key.id)).toEqual([...seen].reverse());
    for (const query of [`cursor=${cursor}&status=live`, `cursor=${cursor}&sort=-id`, 'cursor=forged'])
      expect((await api.get(`/api-keys?${query}`)).body.errors).toMatchObject([{ field: 'cursor' }]);
    const other = await (await server().organization()).api();
    expect((await other.get(`/api-keys?cursor=${cursor}`)).status).toBe(400);
    clock.advance((LIMITS.cursorSeconds + 1) * 1_000);
    expect((await api.get(`/api-keys?limit=2&cursor=${cursor}`)).body.errors).toMatchObject([
      { field: 'cursor' },
    ]);
  });
});
