import { describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { ApiClient } from '../../support/api-client.js';
import type { TestOrganization } from '../../support/server.js';
import { actionsOf } from './support/audit.js';
import { createPerson, createTeam } from './support/people.js';
import { useServer } from './support/use-server.js';

const server = useServer();

interface Listed {
  readonly id: string;
  readonly userName: string;
}

const idsIn = (reply: { readonly body: { readonly items: readonly Listed[] } }): readonly string[] =>
  reply.body.items.map(({ id }) => id);

async function setUp() {
  const organization = await server().organization();
  return { organization, api: await organization.api() };
}

describe('reading accounts', () => {
  it('shows what a person is, and what the connection has said', async () => {
    const { organization, api } = await setUp();
    const id = await createPerson(organization, {
      userName: 'ada@example.com',
      displayName: 'Ada',
      title: 'Countess',
      name: { givenName: 'Ada', familyName: 'Lovelace' },
      emails: [{ value: 'Ada@Example.com', type: 'work', primary: true }, { value: 'a@home.example' }],
    });
    const reply = await api.get(`/users/${id}`);
    expect(reply.status).toBe(200);
    expect(reply.body).toEqual({
      id,
      userName: 'ada@example.com',
      displayName: 'Ada',
      name: { givenName: 'Ada', familyName: 'Lovelace' },
      emails: [
        { value: 'Ada@Example.com', type: 'work', isPrimary: true },
        { value: 'a@home.example', type: null, isPrimary: false },
      ],
      title: 'Countess',
      status: 'active',
      organizationRole: 'member',
      seat: 'full',
      accountType: 'USER',
      defaultTeamId: null,
      isProtected: false,
      connectionId: organization.connectionId,
      lastActiveAt: null,
      daysActive: 0,
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
      removedAt: null,
    });
  });

  it('shows the teams with the role in each', async () => {
    const { organization, api } = await setUp();
    const id = await createPerson(organization);
    const b = await createTeam(organization, [id], 'B team');
    const a = await createTeam(organization, [id], 'A team');
    await organization.scim.operations(`/Users/${id}`, {
      op: 'replace',
      path: 'teamRoles',
      value: [{ teamId: b, roleName: 'admin' }],
    });
    expect((await api.get(`/users/${id}/teams`)).body.items).toEqual([
      { teamId: a, teamName: 'A team', roleName: 'member', isRegistryAdmin: false },
      { teamId: b, teamName: 'B team', roleName: 'admin', isRegistryAdmin: false },
    ]);
  });

  it.each([
    ['part of the userName in another case', 'LOVELACE'],
    ['part of the display name', 'ountess'],
    ['part of an e-mail address', 'engine.example'],
    ['a full-width spelling (NFKC)', 'ｌｏｖｅｌａｃｅ'],
  ])('finds by %s', async (_case, search) => {
    const { organization, api } = await setUp();
    const id = await createPerson(organization, {
      userName: 'ada.lovelace@example.com',
      displayName: 'The Countess',
      emails: [{ value: 'ada@engine.example' }],
    });
    await createPerson(organization);
    const reply = await api.get(`/users?search=${encodeURIComponent(search)}`);
    expect(reply.body).toMatchObject({ total: 1, next: null });
    expect(idsIn(reply)).toEqual([id]);
  });

  it.each(['%', '_', "'", '\\', 'a%b'])(
    'takes %p in a search for text, not for a pattern',
    async (search) => {
      const { api } = await setUp();
      expect((await api.get(`/users?search=${encodeURIComponent(search)}`)).body.total).toBe(0);
    },
  );

  it('filters by status, role, seat and type', async () => {
    const { organization, api } = await setUp();
    const { scim, adminId } = organization;
    const off = await createPerson(organization, { active: false });
    const gone = await createPerson(organization);
    await scim.delete(`/Users/${gone}`);
    const viewer = await createPerson(organization, { organizationRole: 'viewer' });
    const seatless = await createPerson(organization, { seat: 'none' });
    const old = await createPerson(organization);
    await sql`update users set created_at = now() - interval '200 days' where id = ${old}::uuid`.execute(
      server().database.connection.db,
    );
    const find = async (query: string) => idsIn(await api.get(`/users?sort=createdAt&${query}`));
    expect(await find('status=active')).toEqual([adminId, viewer, seatless]);
    expect(await find('status=inactive')).toEqual([old]);
    expect(await find('status=deactivated')).toEqual([off]);
    expect(await find('status=removed_by_idp')).toEqual([gone]);
    expect(await find('status=removed')).toEqual([]);
    expect(await find('organizationRole=viewer')).toEqual([viewer]);
    expect(await find('seat=none')).toEqual([seatless]);
    expect(await find('accountType=SERVICE')).toEqual([]);
    expect(await find(`connectionId=${organization.connectionId}&status=active`)).toEqual([viewer, seatless]);
    expect(await find('')).toEqual([adminId, off, gone, viewer, seatless, old]);
  });

  it('is active again from the next activity on', async () => {
    const { organization, api } = await setUp();
    const id = await createPerson(organization);
    const status = async () => (await api.get(`/users/${id}`)).body.status;
    const set = (days: number) =>
      sql`update users set created_at = now() - interval '400 days',
        last_active_at = now() - make_interval(days => ${days}::int) where id = ${id}::uuid`.execute(
        server().database.connection.db,
      );
    await set(184);
    expect(await status()).toBe('inactive');
    await set(182);
    expect(await status()).toBe('active');
  });

  it.each([
    'userName',
    '-userName',
    'displayName',
    '-displayName',
    'createdAt',
    '-createdAt',
    '-lastActiveAt',
  ])('pages by %s neither repeat nor skip', async (sort) => {
    const { organization, api } = await setUp();
    for (const userName of ['b', 'D', 'a', 'ä', 'C', 'z'])
      await createPerson(organization, { userName, displayName: userName === 'D' ? 'same' : 'Same' });
    const whole = await api.get(`/users?sort=${sort}`);
    expect(whole.body.total).toBe(7);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const reply = await api.get(`/users?sort=${sort}&limit=2${page}`);
      expect(reply.body.total).toBe(7);
      seen.push(...idsIn(reply));
      ({ next: cursor } = reply.body);
    } while (cursor !== null);
    expect(seen).toEqual(idsIn(whole));
  });

  it('is for members; a viewer sees only itself', async () => {
    const { organization } = await setUp();
    const member = await createPerson(organization);
    const viewer = await createPerson(organization);
    const api = await organization.api(member);
    expect((await api.get('/users')).status).toBe(200);
    const asViewer = await sessionOf(organization, viewer);
    await organization.scim.operations(`/Users/${viewer}`, {
      op: 'replace',
      value: { organizationRole: 'viewer' },
    });
    expect((await asViewer('/users')).status).toBe(403);
    expect((await asViewer(`/users/${member}`)).status).toBe(403);
    expect((await asViewer(`/users/${viewer}`)).status).toBe(200);
    expect((await asViewer(`/users/${viewer}/teams`)).status).toBe(200);
  });
});

describe('people who are invited', () => {
  it('are listed when asked for, with what they will be, until they have an account', async () => {
    const { organization, api } = await setUp();
    const { body } = await api.post('/invitations', {
      emails: ['Ada@Example.com', 'grace@example.com'],
      organizationRole: 'viewer',
      seat: 'viewer',
    });
    const [ada, grace] = body.items.map(({ invitation }: { invitation: Listed }) => invitation.id);
    const reply = await api.get('/users?status=invited&sort=userName');
    expect(reply.body).toMatchObject({ total: 2, next: null });
    expect(reply.body.items[0]).toEqual({
      id: ada,
      userName: 'Ada@Example.com',
      displayName: 'Ada@Example.com',
      name: { givenName: null, familyName: null },
      emails: [{ value: 'Ada@Example.com', type: null, isPrimary: true }],
      title: null,
      status: 'invited',
      organizationRole: 'viewer',
      seat: 'viewer',
      accountType: 'USER',
      defaultTeamId: null,
      isProtected: false,
      connectionId: null,
      lastActiveAt: null,
      daysActive: 0,
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
      removedAt: null,
    });
    const find = async (query: string) => idsIn(await api.get(`/users?status=invited&${query}`));
    expect(await find('search=GRACE')).toEqual([grace]);
    expect(await find('seat=full')).toEqual([]);
    expect(await find('organizationRole=viewer&sort=-createdAt')).toEqual([grace, ada]);
    expect(await find('accountType=SERVICE')).toEqual([]);
    expect(idsIn(await api.get('/users'))).toEqual([organization.adminId]);
    const first = await api.get('/users?status=invited&sort=userName&limit=1');
    expect(first.body.total).toBe(2);
    const rest = await api.get(
      `/users?status=invited&sort=userName&limit=1&cursor=${encodeURIComponent(first.body.next)}`,
    );
    expect([...idsIn(first), ...idsIn(rest)]).toEqual([ada, grace]);
    const elsewhere = await (await server().organization()).api();
    expect((await elsewhere.get('/users?status=invited')).body.total).toBe(0);
    await createPerson(organization, { userName: 'ada@example.com' });
    expect(await find('')).toEqual([grace]);
    expect((await api.delete(`/invitations/${grace}`)).status).toBe(204);
    expect(await find('')).toEqual([]);
  });

  it('are not shown once the link is worthless, nor when they had an account all along', async () => {
    const { organization, api } = await setUp();
    const person = await createPerson(organization, { emails: [{ value: 'known@example.com' }] });
    const { body } = await api.post('/invitations', { emails: ['late@example.com', 'other@example.com'] });
    const [late, other] = body.items.map(({ invitation }: { invitation: Listed }) => invitation.id);
    const { db } = server().database.connection;
    await sql`update invitations set expires_at = now() - interval '1 minute' where id = ${late}::uuid`.execute(
      db,
    );
    const invited = async () => idsIn(await api.get('/users?status=invited'));
    expect(await invited()).toEqual([other]);
    await sql`update invitations set email_key = 'known@example.com' where id = ${other}::uuid`.execute(db);
    expect(await invited()).toEqual([]);
    await organization.scim.delete(`/Users/${person}`);
    expect(await invited()).toEqual([other]);
  });

  it('are shown to those who may invite', async () => {
    const { organization } = await setUp();
    const member = await organization.api(await createPerson(organization));
    for (const path of ['/users?status=invited', '/users/export?status=invited']) {
      const reply = await member.get(path);
      expect(reply.status).toBe(403);
      expect(reply.body.detail).toContain('organization:invite_user');
    }
  });
});

describe('the export of accounts', () => {
  it('has every account that the list has, over more than one piece', async () => {
    const { organization, api } = await setUp();
    const many = Array.from({ length: 620 }, (_, index) => ({
      method: 'POST',
      path: '/Users',
      bulkId: `b${index}`,
      data: {
        schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
        userName: `person-${index}`,
        active: index % 10 !== 0,
      },
    }));
    await organization.scim.post('/Bulk', {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      Operations: many,
    });
    const reply = await api.get('/users/export?search=PERSON');
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(reply.headers.get('content-disposition')).toBe('attachment; filename="accounts.csv"');
    const [header, ...lines] = reply.text.split('\r\n');
    expect(lines.pop()).toBe('');
    expect(lines).toHaveLength(620);
    const names = String(header).split(',');
    const cellsOf = (line: string) =>
      Object.fromEntries(line.split(',').map((cell, index) => [names[index], cell]));
    const { body } = await api.get('/users?search=person&sort=createdAt&limit=1000');
    const shown = body.items as readonly (Listed & { readonly status: string })[];
    expect(lines.map(cellsOf)).toMatchObject(
      shown.map(({ id, userName, status }) => ({ id, userName, status, daysActive: '0' })),
    );
    const off = await api.get('/users/export?search=person&status=deactivated');
    expect(off.text.split('\r\n')).toHaveLength(62 + 2);
  });

  it('quotes (RFC 4180 2), and disarms what a spreadsheet would carry out', async () => {
    const { organization, api } = await setUp();
    const id = await createPerson(organization, {
      userName: '=cmd|calc',
      displayName: '@SUM(1+1), "quoted"',
      title: 'two\nlines',
      name: { givenName: '+1', familyName: '-1' },
      emails: [{ value: 'first@example.com' }, { value: 'main@example.com', primary: true }],
    });
    const { text } = await api.get('/users/export?search=cmd');
    const cells = `${id},'=cmd|calc,"'@SUM(1+1), ""quoted""",'+1,'-1,main@example.com,"two\nlines",active,member,full,USER,false,`;
    expect(text.slice(text.indexOf('\r\n') + 2).startsWith(cells)).toBe(true);
  });

  it('of nothing is the header, and needs what the list needs', async () => {
    const { organization, api } = await setUp();
    const empty = await api.get('/users/export?search=nobody-at-all');
    expect(empty.text).toMatch(/^id,userName,[A-Za-z,]+\r\n$/);
    const viewer = await createPerson(organization);
    const asViewer = await sessionOf(organization, viewer);
    await organization.scim.operations(`/Users/${viewer}`, {
      op: 'replace',
      value: { organizationRole: 'viewer' },
    });
    expect((await asViewer('/users/export')).status).toBe(403);
    expect((await api.get('/users/export?limit=3')).status).toBe(400);
    const elsewhere = await (await server().organization()).api();
    expect((await elsewhere.get('/users/export')).text).not.toContain(viewer);
  });
});

/** Reads with a session of the user: a View-Only user has no API keys. */
async function sessionOf({ context }: TestOrganization, userId: string) {
  const { secret } = await server().services.sessions.open(context, userId, {
    origin: { method: 'password' },
    userAgent: undefined,
    replaces: undefined,
  });
  return (path: string) =>
    fetch(`${server().baseUrl}/api/v1${path}`, { headers: { cookie: `rollcall=${secret}` } });
}

describe('changing accounts', () => {
  it('changes the profile, keeps what is not named, and is seen over SCIM', async () => {
    const { organization, api } = await setUp();
    const id = await createPerson(organization, {
      displayName: 'Old',
      nickName: 'kept',
      name: { givenName: 'Ada', familyName: 'Byron', middleName: 'kept', formatted: 'Ada Byron' },
      emails: [{ value: 'old@example.com' }],
      externalId: 'kept',
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': {
        department: 'kept',
        manager: { value: organization.adminId },
      },
    });
    const reply = await api.patch(`/users/${id}`, {
      displayName: null,
      name: { familyName: 'Lovelace' },
      title: 'Countess',
      emails: [{ value: 'new@example.com', type: 'work', isPrimary: true }],
    });
    expect(reply.status).toBe(200);
    const { body } = await organization.scim.get(`/Users/${id}`);
    expect(body).toMatchObject({
      name: { givenName: 'Ada', familyName: 'Lovelace', middleName: 'kept' },
      nickName: 'kept',
      title: 'Countess',
      emails: [{ value: 'new@example.com', type: 'work', primary: true }],
      externalId: 'kept',
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': {
        department: 'kept',
        manager: { value: organization.adminId },
      },
    });
    expect(body.displayName).toBeUndefined();
    expect(body.name.formatted).toBeUndefined();
    expect(reply.body.displayName).toBe(body.userName);
    expect((await organization.scim.get('/Users?filter=emails eq "new@example.com"')).body.totalResults).toBe(
      1,
    );
    expect(await actionsOf(server(), id)).toEqual(['user:create', 'user:update']);
  });

  it('changes role and seat, in one event with the profile', async () => {
    const { organization, api } = await setUp();
    const id = await createPerson(organization);
    const reply = await api.patch(`/users/${id}`, { organizationRole: 'admin', seat: 'none', title: 'T' });
    expect(reply.body).toMatchObject({ organizationRole: 'admin', seat: 'none', title: 'T' });
    expect(await actionsOf(server(), id)).toEqual(['user:create', 'user:update']);
  });

  it('renames, unless another account has the name in any case (409)', async () => {
    const { organization, api } = await setUp();
    const id = await createPerson(organization, { userName: 'one' });
    await createPerson(organization, { userName: 'two' });
    expect((await api.patch(`/users/${id}`, { userName: 'TWO' })).body).toMatchObject({
      status: 409,
      code: 'user.user_name_taken',
      errors: [{ field: 'userName' }],
    });
    expect((await api.patch(`/users/${id}`, { userName: 'three' })).body.userName).toBe('three');
    expect((await organization.scim.get('/Users?filter=userName eq "three"')).body.totalResults).toBe(1);
  });

  it.each([
    ['an unknown role', { organizationRole: 'root' }, 'organizationRole'],
    ['an unknown seat', { seat: 'all' }, 'seat'],
    ['no e-mail address', { emails: [{ value: 'nobody' }] }, 'emails.0.value'],
    [
      'two primary addresses',
      {
        emails: [
          { value: 'a@x.example', isPrimary: true },
          { value: 'b@x.example', isPrimary: true },
        ],
      },
      'emails',
    ],
    ['no userName', { userName: '' }, 'userName'],
    ['a userName of null', { userName: null }, 'userName'],
    ['a name with an unknown part', { name: { nick: 'x' } }, 'name.nick'],
    ['a member that it does not have', { active: false }, 'active'],
  ])('with %s is 400, names the field and changes nothing', async (_case, body, field) => {
    const { organization, api } = await setUp();
    const id = await createPerson(organization);
    const before = await api.get(`/users/${id}`);
    const reply = await api.patch(`/users/${id}`, { title: 'T', ...body });
    expect(reply.status).toBe(400);
    expect(reply.body.errors).toMatchObject([{ field }]);
    expect((await api.get(`/users/${id}`)).body).toEqual(before.body);
  });

  it('refuses a service account a role and a seat', async () => {
    const { organization, api } = await setUp();
    await createTeam(organization, [], 'robots');
    const robot = await organization.scim.post('/Users', {
      userName: 'robot',
      accountType: 'SERVICE',
      defaultTeam: 'robots',
    });
    const reply = await api.patch(`/users/${robot.body.id}`, { seat: 'viewer' });
    expect(reply.body).toMatchObject({ status: 400, code: 'user.invalid' });
  });

  it('of several at once, each keeps what the others changed', async () => {
    const { organization, api } = await setUp();
    const id = await createPerson(organization);
    const replies = await Promise.all([
      api.patch(`/users/${id}`, { title: 'T' }),
      api.patch(`/users/${id}`, { displayName: 'D' }),
      api.patch(`/users/${id}`, { name: { givenName: 'G' } }),
    ]);
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await api.get(`/users/${id}`)).body).toMatchObject({
      title: 'T',
      displayName: 'D',
      name: { givenName: 'G' },
    });
  });
});

describe('the life of an account', () => {
  const end = (api: ApiClient, id: string, action: string) => api.post(`/users/${id}/${action}`, {});

  it('deactivated: listed, its sessions ended, its keys refused; reactivated: all but the sessions', async () => {
    const { organization, api } = await setUp();
    const id = await createPerson(organization);
    const team = await createTeam(organization, [id]);
    const key = await organization.api(id);
    const session = await sessionOf(organization, id);
    expect((await session('/me')).status).toBe(200);
    expect((await end(api, id, 'deactivate')).body).toMatchObject({ id, status: 'deactivated' });
    expect((await session('/me')).status).toBe(401);
    expect((await key.get('/me')).status).toBe(401);
    expect((await api.get(`/users/${id}/teams`)).body.items).toMatchObject([{ teamId: team }]);
    expect((await organization.scim.get(`/Users/${id}`)).body.active).toBe(false);
    expect((await end(api, id, 'reactivate')).body.status).toBe('active');
    expect((await key.get('/me')).status).toBe(200);
    expect((await session('/me')).status).toBe(401);
    expect(await actionsOf(server(), id)).toEqual([
      'user:create',
      'user:login',
      'user:deactivate',
      'user:reactivate',
    ]);
  });

  it('deactivated twice is the same, with one event', async () => {
    const { organization, api } = await setUp();
    const id = await createPerson(organization);
    const first = await end(api, id, 'deactivate');
    const second = await end(api, id, 'deactivate');
    expect(second).toMatchObject({ status: 200, body: first.body });
    expect(await actionsOf(server(), id)).toEqual(['user:create', 'user:deactivate']);
  });

  it('removed by the identity provider: seen, and restored with its name, teams and authorship', async () => {
    const { organization, api } = await setUp();
    const id = await createPerson(organization, { userName: 'back', title: 'T' });
    const team = await createTeam(organization, [id]);
    await organization.scim.delete(`/Users/${id}`);
    expect((await api.get(`/users/${id}`)).body).toMatchObject({
      status: 'removed_by_idp',
      userName: 'back',
      removedAt: expect.any(String),
    });
    expect((await api.patch(`/users/${id}`, { title: 'X' })).status).toBe(404);
    expect((await end(api, id, 'reactivate')).status).toBe(404);
    const restored = await end(api, id, 'restore');
    expect(restored.body).toMatchObject({ status: 'active', userName: 'back', title: 'T', removedAt: null });
    expect((await organization.scim.get('/Users?filter=userName eq "back"')).body.Resources[0].id).toBe(id);
    expect((await organization.scim.get(`/Groups/${team}`)).body.members).toMatchObject([{ value: id }]);
    expect((await end(api, id, 'restore')).body).toMatchObject({ status: 409, code: 'user.not_removed' });
  });

  it('is not restored over somebody who has the name now', async () => {
    const { organization, api } = await setUp();
    const id = await createPerson(organization, { userName: 'taken' });
    const other = await createPerson(organization, { userName: 'other' });
    await organization.scim.delete(`/Users/${id}`);
    await api.patch(`/users/${other}`, { userName: 'taken' });
    expect((await end(api, id, 'restore')).body).toMatchObject({ status: 409, code: 'user.user_name_taken' });
    expect((await api.get(`/users/${id}`)).body.status).toBe('removed_by_idp');
    expect(await actionsOf(server(), id)).toEqual(['user:create', 'user:remove']);
  });

  it('removed from the organization: an id and a display name are left, nothing else', async () => {
    const { organization, api } = await setUp();
    const id = await createPerson(organization, {
      userName: 'gone@example.com',
      displayName: 'Ada',
      title: 'T',
      emails: [{ value: 'gone@example.com' }],
    });
    const team = await createTeam(organization, [id]);
    const key = await organization.api(id);
    const session = await sessionOf(organization, id);
    expect((await api.delete(`/users/${id}`)).status).toBe(204);
    const left = await api.get(`/users/${id}`);
    expect(left.body).toMatchObject({ id, displayName: 'Ada', status: 'removed', emails: [], title: null });
    expect(left.text).not.toContain('gone@example.com');
    expect((await key.get('/me')).status).toBe(401);
    expect((await session('/me')).status).toBe(401);
    expect((await organization.scim.get(`/Groups/${team}`)).body.members ?? []).toEqual([]);
    expect((await api.get('/users?status=removed')).body).toMatchObject({ total: 1 });
    expect(idsIn(await api.get('/users'))).not.toContain(id);
    expect((await api.delete(`/users/${id}`)).status).toBe(404);
    expect((await end(api, id, 'restore')).status).toBe(404);
    const again = await organization.scim.post('/Users', { userName: 'gone@example.com' });
    expect(again.status).toBe(201);
    expect(again.body.id).not.toBe(id);
  });

  it('removed by the identity provider first can be removed for good', async () => {
    const { organization, api } = await setUp();
    const id = await createPerson(organization, { displayName: 'Ada' });
    await organization.scim.delete(`/Users/${id}`);
    expect((await api.delete(`/users/${id}`)).status).toBe(204);
    expect((await api.get(`/users/${id}`)).body).toMatchObject({ status: 'removed', displayName: 'Ada' });
  });

  it.each([
    ['deactivate', (api: ApiClient, id: string) => end(api, id, 'deactivate')],
    ['demote', (api: ApiClient, id: string) => api.patch(`/users/${id}`, { organizationRole: 'member' })],
    ['remove', (api: ApiClient, id: string) => api.delete(`/users/${id}`)],
  ])('the last admin cannot be taken: %s is 409, nothing applied', async (_case, act) => {
    const { organization, api } = await setUp();
    const reply = await act(api, organization.adminId);
    expect(reply.body).toMatchObject({ status: 409, code: 'user.last_admin' });
    expect((await api.get(`/users/${organization.adminId}`)).body).toMatchObject({
      status: 'active',
      organizationRole: 'admin',
    });
  });
});

describe('seats', () => {
  const limited = useServer({ env: { SEAT_LIMIT: '2' } });

  it('"Seat limit reached" is 409 on every way into a seat (product decision)', async () => {
    const organization = await limited().organization();
    const api = await organization.api();
    const active = await createPerson(organization);
    const off = await createPerson(organization, { active: false });
    const seatless = await createPerson(organization, { seat: 'none' });
    const full = { status: 409, code: 'user.seat_limit_reached', detail: 'Seat limit reached' };
    expect((await api.post(`/users/${off}/reactivate`, {})).body).toMatchObject(full);
    expect((await api.patch(`/users/${seatless}`, { seat: 'full' })).body).toMatchObject(full);
    await organization.scim.delete(`/Users/${active}`);
    expect((await api.post(`/users/${off}/reactivate`, {})).status).toBe(200);
    expect((await api.post(`/users/${active}/restore`, {})).body).toMatchObject(full);
    expect((await api.get(`/users/${active}`)).body.status).toBe('removed_by_idp');
  });
});

describe('who a person is, for sign-on to recognise them', () => {
  it.each([
    ['user name', { userName: 'root@example.com' }],
    ['e-mail address', { emails: [{ value: 'root@example.com', type: 'work', isPrimary: true }] }],
  ])('is not changed by the person: their %s (capgo CVE-2026-56215)', async (_case, change) => {
    const { organization, api } = await setUp();
    const id = await createPerson(organization);
    const before = (await api.get(`/users/${id}`)).body;
    const own = await organization.api(id);
    const reply = await own.patch(`/users/${id}`, change);
    expect(reply.status).toBe(403);
    expect(reply.body).toMatchObject({
      code: 'permission.denied',
      detail: expect.stringContaining('organization:update_user'),
    });
    expect((await own.patch('/me', change)).status).toBe(405);
    expect((await api.get(`/users/${id}`)).body).toEqual(before);
  });
});
