import { describe, expect, it } from '@jest/globals';
import { actionsOf, auditOf } from './support/audit.js';
import { createPerson, createTeam } from './support/people.js';
import { useServer } from './support/use-server.js';

const server = useServer();

async function setUp() {
  const organization = await server().organization();
  const api = await organization.api();
  const create = async (body: object = {}): Promise<string> => {
    const reply = await api.post('/roles', { name: 'Run operator', inheritedFrom: 'member', ...body });
    if (reply.status !== 201) throw new Error(`${reply.status} ${reply.text}`);
    return String(reply.body.id);
  };
  /** A person with a role in a team of its own. */
  const hold = async (role: string): Promise<{ readonly userId: string; readonly teamId: string }> => {
    const userId = await createPerson(organization);
    const teamId = await createTeam(organization);
    const reply = await api.post(`/teams/${teamId}/members`, { userId, role });
    if (reply.status !== 201) throw new Error(`${reply.status} ${reply.text}`);
    return { userId, teamId };
  };
  return { organization, api, create, hold };
}

const own = (body: { readonly permissions: readonly { readonly name: string; isInherited: boolean }[] }) =>
  body.permissions.filter(({ isInherited }) => !isInherited).map(({ name }) => name);

describe('creating custom roles', () => {
  it('answers what the role gives, with what it inherits, is the same over SCIM, and leaves one event', async () => {
    const { organization, api } = await setUp();
    const permissions = ['run:stop', 'run:create', 'run:stop'];
    const reply = await api.post('/roles', { name: 'Operator', inheritedFrom: 'member', permissions });
    expect(reply).toMatchObject({
      status: 201,
      body: { name: 'Operator', description: null, inheritedFrom: 'member' },
    });
    const { id } = reply.body;
    expect(reply.headers.get('location')).toBe(`${server().baseUrl}/api/v1/roles/${id}`);
    expect(own(reply.body)).toEqual(['run:stop']);
    expect(reply.body.permissions).toContainEqual({ name: 'run:create', isInherited: true });
    const read = await api.get(`/roles/${id}`);
    expect(read.body).toEqual(reply.body);
    const scim = await organization.scim.get(`/Roles/${id}`);
    expect(scim.body.permissions).toEqual(reply.body.permissions);
    expect(scim.headers.get('etag')).toBe(read.headers.get('etag'));
    expect(await auditOf(server(), id)).toMatchObject([
      { action: 'role:create', actorKind: 'api_key', after: { name: 'Operator' } },
    ]);
  });

  it.each([
    ['a permission that does not exist', { permissions: ['run:fly'] }, 400, 'role.unknown_permission'],
    [
      'a permission of admins only',
      { permissions: ['team:update_settings'] },
      400,
      'role.unknown_permission',
    ],
    ['the name of a predefined role', { name: 'View-only' }, 409, 'role.name_reserved'],
    ['a name that is taken', { name: 'Run operator' }, 409, 'role.name_taken'],
    ['another base', { inheritedFrom: 'admin' }, 400, 'request.invalid'],
    ['a name of blanks', { name: '  ' }, 400, 'request.invalid'],
  ])('refuses %s, and makes nothing', async (_case, body, status, code) => {
    const { api, create } = await setUp();
    await create();
    const reply = await api.post('/roles', { name: 'Another', inheritedFrom: 'viewer', ...body });
    expect(reply.body).toMatchObject({ status, code });
    expect((await api.get('/roles')).body.total).toBe(1);
  });

  it('is for admins; every account of the organization reads', async () => {
    const { organization, api, create } = await setUp();
    const id = await create();
    const member = await organization.api(await createPerson(organization));
    expect(await member.get(`/roles/${id}`)).toMatchObject({ status: 200, body: { name: 'Run operator' } });
    expect((await member.get('/roles')).body.total).toBe(1);
    const refusals = [
      await member.post('/roles', { name: 'x', inheritedFrom: 'member' }),
      await member.patch(`/roles/${id}`, { name: 'x' }),
      await member.post(`/roles/${id}/preview`, { change: null }),
      await member.delete(`/roles/${id}`),
    ];
    expect(refusals.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    expect((await api.get(`/roles/${id}`)).body.name).toBe('Run operator');
  });
});

describe('the list of custom roles', () => {
  it('is searched by part of the name, sorted, and read page by page', async () => {
    const { api, create } = await setUp();
    for (const name of ['Gamma', 'Alpha ray', 'Beta ray']) await create({ name });
    const names = async (query: string) => {
      const { body } = await api.get(`/roles?${query}`);
      return { ...body, items: body.items.map(({ name }: { name: string }) => name) };
    };
    expect(await names('sort=-name')).toMatchObject({ items: ['Gamma', 'Beta ray', 'Alpha ray'] });
    expect(await names('search=RAY')).toMatchObject({ items: ['Alpha ray', 'Beta ray'], total: 2 });
    expect(await names('search=%25')).toMatchObject({ items: [] });
    const first = await names('limit=2&sort=createdAt');
    expect(first).toMatchObject({ items: ['Gamma', 'Alpha ray'], total: 3 });
    const rest = await names(`limit=2&sort=createdAt&cursor=${encodeURIComponent(String(first.next))}`);
    expect(rest).toMatchObject({ items: ['Beta ray'], next: null, total: 3 });
  });
});

describe('changing custom roles', () => {
  it('PATCH leaves what is not named, and null clears', async () => {
    const { api, create } = await setUp();
    const id = await create({ description: 'Stops', permissions: ['run:stop'] });
    const renamed = await api.patch(`/roles/${id}`, { name: 'Stopper' });
    expect(renamed.body).toMatchObject({ name: 'Stopper', description: 'Stops' });
    expect(own(renamed.body)).toEqual(['run:stop']);
    const cleared = await api.patch(`/roles/${id}`, { description: null, permissions: [] });
    expect(cleared.body.description).toBeNull();
    expect(own(cleared.body)).toEqual([]);
    expect(await actionsOf(server(), id)).toEqual(['role:create', 'role:update', 'role:update']);
  });

  it('PUT takes what is not there away, and keeps permissions without a list, as over SCIM', async () => {
    const { api, create } = await setUp();
    const id = await create({ description: 'Stops', permissions: ['run:stop'] });
    const reply = await api.put(`/roles/${id}`, { name: 'Stopper', inheritedFrom: 'viewer' });
    expect(reply.body).toMatchObject({ name: 'Stopper', description: null, inheritedFrom: 'viewer' });
    expect(own(reply.body)).toEqual(['run:stop']);
  });

  it('keeps what connections call the role', async () => {
    const { organization, api } = await setUp();
    const made = await organization.scim.post('/Roles', {
      name: 'Named',
      inheritedFrom: 'member',
      externalId: 'ext-1',
    });
    await api.patch(`/roles/${made.body.id}`, { name: 'Renamed' });
    const { body } = await organization.scim.get(`/Roles/${made.body.id}`);
    expect(body).toMatchObject({ name: 'Renamed', externalId: 'ext-1' });
  });

  it('under a stale ETag is 412, and nothing is applied', async () => {
    const { api, create } = await setUp();
    const id = await create();
    const etag = (await api.get(`/roles/${id}`)).headers.get('etag') ?? '';
    await api.patch(`/roles/${id}`, { name: 'Second' }, { 'if-match': etag });
    const headers = { 'if-match': etag };
    expect((await api.patch(`/roles/${id}`, { name: 'Third' }, headers)).status).toBe(412);
    expect((await api.request('DELETE', `/roles/${id}`, { headers })).status).toBe(412);
    expect((await api.get(`/roles/${id}`)).body.name).toBe('Second');
  });
});

describe('deleting custom roles', () => {
  it('moves holders to the inherited role and says how many', async () => {
    const { api, create, hold } = await setUp();
    const id = await create({ inheritedFrom: 'viewer', permissions: ['run:stop'] });
    const { teamId, userId } = await hold('Run operator');
    const reply = await api.delete(`/roles/${id}`);
    expect(reply).toMatchObject({ status: 200, body: { holdersMoved: 1, movedTo: 'viewer' } });
    expect((await api.get(`/roles/${id}`)).status).toBe(404);
    const members = await api.get(`/teams/${teamId}/members`);
    expect(members.body.items).toContainEqual(expect.objectContaining({ userId, role: 'viewer' }));
  });
});

describe('the preview of a change', () => {
  it('names who has the role, in teams and in projects, and what they lose by its deletion', async () => {
    const { organization, api, create, hold } = await setUp();
    const id = await create({ permissions: ['run:stop', 'project:delete'] });
    const { userId, teamId } = await hold('Run operator');
    const other = await hold('member');
    const { services } = server();
    const made = await services.projects.create(organization.context, {
      teamId: other.teamId,
      name: 'Weather',
      visibility: 'team',
      ownerId: other.userId,
      invitedIds: [],
    });
    await services.projects.setMemberRole(organization.context, made.id, other.userId, 'Run operator');
    const before = await api.get(`/roles/${id}`);

    const reply = await api.post(`/roles/${id}/preview`, { change: null });
    expect(reply).toMatchObject({
      status: 200,
      body: {
        gained: [],
        lost: [
          { name: 'run:stop', before: 'any', after: 'own' },
          { name: 'project:delete', before: 'any', after: 'none' },
        ],
        accountCount: 2,
        teamCount: 1,
        projectCount: 1,
        invitationCount: 0,
        mappingRuleCount: 0,
        holders: [
          { userId, team: { id: teamId }, project: null },
          { userId: other.userId, team: { id: other.teamId }, project: { id: made.id, name: 'Weather' } },
        ],
      },
    });
    expect((await api.get(`/roles/${id}`)).body).toEqual(before.body);
    expect(await actionsOf(server(), id)).toEqual(['role:create']);
    expect((await api.delete(`/roles/${id}`)).body.holdersMoved).toBe(reply.body.accountCount);
  });

  it('tells what a change of base and permissions would give', async () => {
    const { api, create } = await setUp();
    const id = await create({ inheritedFrom: 'viewer', permissions: ['run:stop'] });
    const change = { inheritedFrom: 'member', permissions: [] };
    const { body } = await api.post(`/roles/${id}/preview`, { change });
    expect(body.lost).toEqual([{ name: 'run:stop', before: 'any', after: 'own' }]);
    expect(body.gained).toContainEqual({ name: 'run:create', before: 'none', after: 'any' });
    expect(body.gained).toContainEqual({ name: 'run:update', before: 'none', after: 'own' });
    expect(body).toMatchObject({ accountCount: 0, holders: [] });
  });

  it('is refused as the change would be', async () => {
    const { api, create } = await setUp();
    await create({ name: 'Taken' });
    const id = await create();
    const codeOf = async (change: object) =>
      (await api.post(`/roles/${id}/preview`, { change })).body.code as unknown;
    expect(await codeOf({ name: 'Taken' })).toBe('role.name_taken');
    expect(await codeOf({ name: 'ADMIN' })).toBe('role.name_reserved');
    expect(await codeOf({ permissions: ['run:fly'] })).toBe('role.unknown_permission');
    expect((await api.post(`/roles/${id}/preview`, {})).body.errors).toMatchObject([{ field: 'change' }]);
  });

  it('of the role of another organization is 404', async () => {
    const { create } = await setUp();
    const id = await create();
    const stranger = await (await server().organization()).api();
    expect((await stranger.post(`/roles/${id}/preview`, { change: null })).status).toBe(404);
    expect((await stranger.get(`/roles/${id}`)).status).toBe(404);
    expect((await stranger.get('/roles')).body.total).toBe(0);
  });
});
