import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { ApiClient } from '../../support/api-client.js';
import type { TestOrganization } from '../../support/server.js';
import { actionsOf, auditOf } from './support/audit.js';
import { createPerson, createTeam } from './support/people.js';
import { useServer } from './support/use-server.js';

const server = useServer();

const idsIn = (reply: { readonly body: { readonly items: readonly { readonly id: string }[] } }) =>
  reply.body.items.map(({ id }) => id);

/** Makes a person a member of a team, as the admin of the organization. */
async function join(organization: TestOrganization, teamId: string, role = 'member'): Promise<string> {
  const userId = await createPerson(organization);
  const reply = await (await organization.api()).post(`/teams/${teamId}/members`, { userId, role });
  if (reply.status !== 201) throw new Error(`${reply.status} ${reply.text}`);
  return userId;
}

async function setUp() {
  const organization = await server().organization();
  const api = await organization.api();
  const create = async (body: object = {}): Promise<string> => {
    const reply = await api.post('/teams', { displayName: `team-${randomUUID()}`, ...body });
    if (reply.status !== 201) throw new Error(`${reply.status} ${reply.text}`);
    return String(reply.body.id);
  };
  return { organization, api, create };
}

const PRIVACY = {
  hideFromNonMembers: false,
  keepProjectsPrivate: false,
  membersMayInvite: false,
  blockReportSharing: false,
  saveCode: false,
};

describe('creating teams', () => {
  it('gives the team to its creator, is seen over SCIM, and leaves one event', async () => {
    const { organization, api } = await setUp();
    const reply = await api.post('/teams', { displayName: 'Vision' });
    expect(reply.status).toBe(201);
    expect(reply.body).toEqual({
      id: expect.any(String),
      displayName: 'Vision',
      avatarUrl: null,
      introduction: null,
      links: [],
      storageBucket: null,
      privacy: PRIVACY,
      enforced: [],
      callerRole: 'admin',
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
      archivedAt: null,
    });
    const { id } = reply.body;
    expect(reply.headers.get('location')).toBe(`${server().baseUrl}/api/v1/teams/${id}`);
    expect(await organization.scim.get(`/Groups/${id}`)).toMatchObject({
      body: { displayName: 'Vision', members: [{ value: organization.adminId }] },
      status: 200,
    });
    expect(await auditOf(server(), id)).toMatchObject([
      { action: 'team:create', actorKind: 'api_key', after: { displayName: 'Vision' } },
    ]);
    expect((await organization.scim.get('/Groups')).body.totalResults).toBe(1);
  });

  it('keeps a bucket that is fixed from then on (product model 14)', async () => {
    const { api } = await setUp();
    const storageBucket = { name: 'files', provider: 'AWS', path: 'team', awsExternalId: 'x' };
    const made = await api.post('/teams', { displayName: 'Speech', storageBucket });
    const whole = {
      ...storageBucket,
      kmsKeyId: null,
      azureTenantId: null,
      azureClientId: null,
    };
    expect(made.body.storageBucket).toEqual(whole);
    const { id } = made.body;
    expect((await api.get(`/teams/${id}`)).body.storageBucket).toEqual(whole);
    const change = await api.patch(`/teams/${id}`, { storageBucket: { name: 'other', provider: 'AWS' } });
    expect(change.body).toMatchObject({ status: 400, errors: [{ field: 'storageBucket' }] });
  });

  it.each([
    ['a provider in another case', { name: 'b', provider: 'aws' }, 'storageBucket.provider'],
    ['no name', { provider: 'GCP' }, 'storageBucket.name'],
  ])('refuses a bucket with %s: 400, no team is made', async (_case, storageBucket, field) => {
    const { api } = await setUp();
    const reply = await api.post('/teams', { displayName: 'X', storageBucket });
    expect(reply.body.errors).toMatchObject([{ field }]);
    expect((await api.get('/teams')).body.total).toBe(0);
  });

  it('names are unique in any case (409)', async () => {
    const { api } = await setUp();
    await api.post('/teams', { displayName: 'Straße' });
    const reply = await api.post('/teams', { displayName: 'STRASSE' });
    expect(reply.body).toMatchObject({ status: 409, code: 'team.name_taken' });
  });

  it('may name the first admin; a stranger is 400 and no team is made', async () => {
    const { organization, api } = await setUp();
    const adminId = await createPerson(organization);
    const { body } = await api.post('/teams', { displayName: 'A', adminId });
    expect(body.callerRole).toBeNull();
    const boss = await organization.api(adminId);
    expect((await boss.get(`/teams/${body.id}`)).body.callerRole).toBe('admin');
    const stranger = await createPerson(await server().organization());
    const refused = await api.post('/teams', { displayName: 'B', adminId: stranger });
    expect(refused.body).toMatchObject({ status: 400, code: 'team.unknown_member' });
    expect((await api.get('/teams')).body.total).toBe(1);
  });

  it('puts the organization’s service accounts into it', async () => {
    const { organization, api, create } = await setUp();
    const home = await create({ displayName: 'Home' });
    const robot = await organization.scim.post('/Users', {
      userName: 'robot',
      accountType: 'ORG_SERVICE',
      defaultTeam: 'Home',
    });
    const team = await create();
    for (const id of [home, team]) {
      const { body } = await api.get(`/teams/${id}/members?role=service`);
      expect(body.items).toMatchObject([{ userId: robot.body.id, role: 'service' }]);
    }
  });

  it('is for admins of the organization (403)', async () => {
    const { organization } = await setUp();
    const api = await organization.api(await createPerson(organization));
    expect((await api.post('/teams', { displayName: 'X' })).status).toBe(403);
  });

  describe('with ALLOW_USER_TEAM_CREATION', () => {
    const open = useServer({ env: { ALLOW_USER_TEAM_CREATION: 'true' } });

    it('members create teams, and run them', async () => {
      const organization = await open().organization();
      const api = await organization.api(await createPerson(organization));
      const made = await api.post('/teams', { displayName: 'Mine' });
      expect(made).toMatchObject({ status: 201, body: { callerRole: 'admin' } });
      expect((await api.patch(`/teams/${made.body.id}`, { introduction: 'Hi' })).status).toBe(200);
      expect((await api.delete(`/teams/${made.body.id}`)).status).toBe(403);
    });
  });
});

describe('a team’s page and settings', () => {
  it('are changed by team admins and by admins of the organization, and by nobody else', async () => {
    const { organization, api, create } = await setUp();
    const id = await create({ adminId: await createPerson(organization) });
    const boss = await organization.api(await join(organization, id, 'admin'));
    const member = await organization.api(await join(organization, id));
    expect((await member.patch(`/teams/${id}`, { introduction: 'x' })).status).toBe(403);
    const page = {
      avatarUrl: 'https://example.com/a.png',
      introduction: '# Hello',
      links: [{ title: 'Handbook', url: 'https://example.com/' }],
    };
    expect(await boss.patch(`/teams/${id}`, page)).toMatchObject({ status: 200, body: page });
    expect((await api.patch(`/teams/${id}`, { displayName: 'Renamed' })).body).toMatchObject({
      displayName: 'Renamed',
      ...page,
    });
    const cleared = await boss.patch(`/teams/${id}`, { avatarUrl: null, introduction: null, links: [] });
    expect(cleared.body).toMatchObject({ avatarUrl: null, introduction: null, links: [] });
    expect((await organization.scim.get(`/Groups/${id}`)).body.displayName).toBe('Renamed');
  });

  it.each([
    ['an address that is not https', { avatarUrl: 'http://example.com/a.png' }, 'avatarUrl'],
    ['a script as address', { avatarUrl: 'javascript:alert(1)' }, 'avatarUrl'],
    ['a link without a title', { links: [{ title: '', url: 'https://example.com' }] }, 'links.0.title'],
    ['too long an introduction', { introduction: 'x'.repeat(20_001) }, 'introduction'],
    ['an unknown setting', { privacy: { open: true } }, 'privacy.open'],
    ['a name of null', { displayName: null }, 'displayName'],
  ])('%s is 400, and nothing is applied', async (_case, body, field) => {
    const { api, create } = await setUp();
    const id = await create();
    const before = await api.get(`/teams/${id}`);
    const reply = await api.patch(`/teams/${id}`, body);
    expect(reply.body).toMatchObject({ status: 400, errors: [{ field }] });
    expect((await api.get(`/teams/${id}`)).body).toEqual(before.body);
  });

  it('leave one event with what differs, and none when nothing does', async () => {
    const { api, create } = await setUp();
    const id = await create();
    await api.patch(`/teams/${id}`, { introduction: 'Hi', privacy: { saveCode: true } });
    await api.patch(`/teams/${id}`, { introduction: 'Hi', privacy: { saveCode: true } });
    const [, event, ...others] = await auditOf(server(), id);
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      action: 'team:update',
      before: { introduction: null, privacy: PRIVACY },
      after: { introduction: 'Hi', privacy: { ...PRIVACY, saveCode: true } },
    });
  });

  it('under If-Match are changed on that version only', async () => {
    const { api, create } = await setUp();
    const id = await create();
    const etag = (await api.get(`/teams/${id}`)).headers.get('etag') ?? '';
    const change = () => api.patch(`/teams/${id}`, { introduction: randomUUID() }, { 'if-match': etag });
    expect((await change()).status).toBe(200);
    expect((await change()).status).toBe(412);
  });
});

describe('privacy settings (product model 10)', () => {
  it.each([
    ['hideFromNonMembers', { hideFromNonMembers: true }, true],
    ['blockReportSharing', { blockReportSharing: false }, false],
    ['saveCode', { saveCode: true }, true],
    ['keepProjectsPrivate', { projects: 'private' }, true],
    ['keepProjectsPrivate', { projects: 'restricted' }, true],
    ['membersMayInvite', { forbidMemberInvitations: true }, false],
  ])(
    'the organization’s word on %s holds (%o), and the team cannot change it',
    async (name, enforced, value) => {
      const { api, create } = await setUp();
      const id = await create();
      expect((await api.patch(`/teams/${id}`, { privacy: { [name]: !value } })).status).toBe(200);
      await api.patch('/organization', { enforcedPrivacy: enforced });
      const held = await api.get(`/teams/${id}`);
      expect(held.body.privacy[name]).toBe(value);
      expect(held.body.enforced).toEqual([name]);
      const refused = await api.patch(`/teams/${id}`, { introduction: 'x', privacy: { [name]: value } });
      expect(refused.body).toMatchObject({
        status: 409,
        code: 'team.setting_enforced',
        errors: [{ field: `privacy.${name}` }],
      });
      expect((await api.get(`/teams/${id}`)).body.introduction).toBeNull();
      const free = name === 'membersMayInvite' ? false : null;
      await api.patch('/organization', {
        enforcedPrivacy: { [Object.keys(enforced)[0] ?? '']: free },
      });
      expect((await api.get(`/teams/${id}`)).body).toMatchObject({
        privacy: { [name]: !value },
        enforced: [],
      });
    },
  );

  it('a hidden team is 404 for those who are not in it, whatever they ask', async () => {
    const { organization, api, create } = await setUp();
    const id = await create();
    const member = await organization.api(await join(organization, id));
    const outsider = await organization.api(await createPerson(organization));
    expect((await outsider.get(`/teams/${id}`)).status).toBe(200);
    await api.patch(`/teams/${id}`, { privacy: { hideFromNonMembers: true } });
    expect(idsIn(await outsider.get('/teams'))).toEqual([]);
    for (const reply of [
      await outsider.get(`/teams/${id}`),
      await outsider.patch(`/teams/${id}`, { introduction: 'x' }),
      await outsider.delete(`/teams/${id}`),
      await outsider.get(`/teams/${id}/members`),
      await outsider.post(`/teams/${id}/members`, { userName: 'x' }),
    ])
      expect(reply.body).toMatchObject({ status: 404, code: 'team.not_found' });
    expect(idsIn(await member.get('/teams'))).toEqual([id]);
    expect(idsIn(await api.get('/teams'))).toEqual([id]);
  });
});

describe('listing teams', () => {
  it('searches the name in any case, by member, and pages in order', async () => {
    const { organization, api, create } = await setUp();
    const names = ['beta', 'Alpha', 'gamma', 'Äpfel', '100%'];
    const ids = new Map<string, string>();
    for (const displayName of names) ids.set(displayName, await create({ displayName }));
    expect(idsIn(await api.get('/teams?search=ALPH'))).toEqual([ids.get('Alpha')]);
    expect(idsIn(await api.get('/teams?search=%25'))).toEqual([ids.get('100%')]);
    const userId = await join(organization, ids.get('gamma')!);
    expect(idsIn(await api.get(`/teams?memberId=${userId}`))).toEqual([ids.get('gamma')]);
    const sorted = ['100%', 'Alpha', 'beta', 'gamma', 'Äpfel'];
    expect(
      (await api.get('/teams')).body.items.map((team: { displayName: string }) => team.displayName),
    ).toEqual(sorted);
    expect(idsIn(await api.get('/teams?sort=createdAt'))).toEqual([...ids.values()]);
    const first = await api.get('/teams?sort=-displayName&limit=3');
    const second = await api.get(
      `/teams?sort=-displayName&limit=3&cursor=${encodeURIComponent(first.body.next)}`,
    );
    expect([...idsIn(first), ...idsIn(second)]).toEqual(sorted.map((name) => ids.get(name)).reverse());
    expect(second.body).toMatchObject({ total: 5, next: null });
  });
});

describe('archiving teams', () => {
  it('takes members and name away, and a restore brings all but the members back', async () => {
    const { organization, api, create } = await setUp();
    const id = await create({ displayName: 'Phoenix' });
    await api.patch(`/teams/${id}`, { introduction: 'Kept' });
    await join(organization, id);
    expect((await api.delete(`/teams/${id}`)).status).toBe(204);
    expect((await organization.scim.get(`/Groups/${id}`)).status).toBe(404);
    expect(idsIn(await api.get('/teams'))).toEqual([]);
    expect(idsIn(await api.get('/teams?archived=true'))).toEqual([id]);
    expect((await api.get(`/teams/${id}`)).body.archivedAt).toEqual(expect.any(String));
    expect((await api.patch(`/teams/${id}`, { introduction: 'x' })).status).toBe(404);
    expect((await api.delete(`/teams/${id}`)).status).toBe(404);
    const again = await create({ displayName: 'Phoenix' });
    expect((await api.post(`/teams/${id}/restore`, {})).body).toMatchObject({
      status: 409,
      code: 'team.name_taken',
    });
    await api.patch(`/teams/${again}`, { displayName: 'Other' });
    const restored = await api.post(`/teams/${id}/restore`, {});
    expect(restored.body).toMatchObject({
      id,
      displayName: 'Phoenix',
      introduction: 'Kept',
      archivedAt: null,
    });
    expect((await api.get(`/teams/${id}/members`)).body.total).toBe(0);
    expect((await organization.scim.get(`/Groups/${id}`)).body.displayName).toBe('Phoenix');
    expect((await organization.scim.get('/Groups')).body.totalResults).toBe(2);
    expect((await api.post(`/teams/${id}/restore`, {})).body).toMatchObject({
      status: 409,
      code: 'team.not_archived',
    });
    expect(await actionsOf(server(), id)).toEqual([
      'team:create',
      'team:update',
      'team:add_member',
      'team:archive',
      'team:restore',
    ]);
  });

  it('a team archived over SCIM is restored the same way', async () => {
    const { organization, api } = await setUp();
    const id = await createTeam(organization);
    await organization.scim.delete(`/Groups/${id}`);
    expect((await api.post(`/teams/${id}/restore`, {})).status).toBe(200);
    expect((await organization.scim.get(`/Groups/${id}`)).status).toBe(200);
  });

  it('is for admins of the organization, and so is the list of archived teams', async () => {
    const { organization, api, create } = await setUp();
    const id = await create();
    const boss = await organization.api(await join(organization, id, 'admin'));
    expect((await boss.delete(`/teams/${id}`)).status).toBe(403);
    await api.delete(`/teams/${id}`);
    expect((await boss.get('/teams?archived=true')).status).toBe(403);
    expect((await boss.get(`/teams/${id}`)).status).toBe(404);
    expect((await boss.post(`/teams/${id}/restore`, {})).status).toBe(403);
  });
});

describe('members', () => {
  const add = (api: ApiClient, teamId: string, body: object) => api.post(`/teams/${teamId}/members`, body);

  it.each([
    ['id', (person: Person) => ({ userId: person.id })],
    ['userName in another case', (person: Person) => ({ userName: person.userName.toUpperCase() })],
    ['e-mail address in another case', (person: Person) => ({ email: person.email.toUpperCase() })],
  ])('are added by %s', async (_way, reference) => {
    const { organization, api, create } = await setUp();
    const team = await create();
    const person = await createNamed(organization);
    const reply = await add(api, team, reference(person));
    expect(reply.status).toBe(201);
    expect(reply.body).toEqual({
      userId: person.id,
      userName: person.userName,
      displayName: person.userName,
      accountType: 'USER',
      status: 'active',
      role: 'member',
      customRoleId: null,
      isRegistryAdmin: false,
      ssoConnectionId: null,
      since: expect.any(String),
    });
    expect((await api.get(`/teams/${team}/members/${person.id}`)).body).toEqual(reply.body);
    expect((await add(api, team, reference(person))).body).toMatchObject({
      status: 409,
      code: 'team.already_member',
    });
  });

  it.each([
    ['nobody', {}, 400, 'request.invalid', 'userId'],
    ['two names', { userName: 'a', email: 'a@x.example' }, 400, 'request.invalid', 'userId'],
    ['an unknown userName', { userName: 'nobody' }, 404, 'user.not_found', 'userName'],
    ['an unknown address', { email: 'nobody@x.example' }, 404, 'user.not_found', 'email'],
    ['an unknown role', { role: 'boss' }, 400, 'team.unknown_role', 'role'],
  ])('%s cannot be added', async (_case, body, status, code, field) => {
    const { organization, api, create } = await setUp();
    const team = await create();
    const person = 'role' in body ? { userId: await createPerson(organization) } : {};
    const reply = await add(api, team, { ...person, ...body });
    expect(reply.body).toMatchObject({ status, code, errors: [{ field }] });
  });

  it('an address of two accounts is 409', async () => {
    const { organization, api, create } = await setUp();
    const team = await create();
    const emails = [{ value: 'shared@example.com' }];
    await createPerson(organization, { emails });
    await createPerson(organization, { emails });
    expect((await add(api, team, { email: 'shared@example.com' })).body).toMatchObject({
      status: 409,
      code: 'user.ambiguous',
    });
  });

  it('get predefined and custom roles, and the registry-admin flag', async () => {
    const { organization, api, create } = await setUp();
    const team = await create();
    await organization.scim.post('/Roles', {
      name: 'Operator',
      inheritedFrom: 'member',
      permissions: [{ name: 'run:stop' }],
    });
    const userId = await createPerson(organization);
    await add(api, team, { userId, role: 'VIEWER', isRegistryAdmin: true });
    const member = `/teams/${team}/members/${userId}`;
    expect((await api.get(member)).body).toMatchObject({ role: 'viewer', isRegistryAdmin: true });
    const changed = await api.patch(member, { role: 'Operator', isRegistryAdmin: false });
    expect(changed.body).toMatchObject({
      role: 'Operator',
      customRoleId: expect.any(String),
      isRegistryAdmin: false,
    });
    expect((await api.patch(member, { role: 'operator' })).status).toBe(400);
    await api.patch(member, { role: 'Operator' });
    expect((await auditOf(server(), team)).slice(1)).toMatchObject([
      { action: 'team:add_member', after: { userId, role: 'viewer', isRegistryAdmin: true } },
      {
        action: 'team:update_member',
        before: { userId, role: 'viewer', isRegistryAdmin: true },
        after: { userId, role: 'custom', isRegistryAdmin: false },
      },
    ]);
  });

  it('raise the version of the team when they come and go, as SCIM shows it', async () => {
    const { organization, api, create } = await setUp();
    const team = await create();
    const etag = async () => (await organization.scim.get(`/Groups/${team}`)).headers.get('etag');
    const first = await etag();
    const userId = await createPerson(organization);
    await add(api, team, { userId });
    const second = await etag();
    expect(second).not.toBe(first);
    await api.patch(`/teams/${team}/members/${userId}`, { role: 'admin' });
    expect(await etag()).toBe(second);
    expect((await api.delete(`/teams/${team}/members/${userId}`)).status).toBe(204);
    expect(await etag()).not.toBe(second);
    expect((await api.delete(`/teams/${team}/members/${userId}`)).body).toMatchObject({
      status: 404,
      code: 'team.not_a_member',
    });
  });

  it('are listed, searched and filtered by role, deactivated ones included', async () => {
    const { organization, create, api } = await setUp();
    const team = await create();
    const off = await createPerson(organization, { userName: 'off@example.com', displayName: 'Zed' });
    await add(api, team, { userId: off, role: 'viewer' });
    await api.post(`/users/${off}/deactivate`, {});
    const gone = await createPerson(organization);
    await add(api, team, { userId: gone });
    await organization.scim.delete(`/Users/${gone}`);
    const list = async (query: string) => (await api.get(`/teams/${team}/members?${query}`)).body;
    expect(await list('')).toMatchObject({
      total: 2,
      items: [
        { userId: organization.adminId, role: 'admin' },
        { userId: off, status: 'deactivated' },
      ],
    });
    expect(await list('role=viewer')).toMatchObject({ total: 1, items: [{ userId: off }] });
    expect(await list('search=zed')).toMatchObject({ total: 1, items: [{ userId: off }] });
    expect(await list('sort=-displayName&limit=1')).toMatchObject({ total: 2, items: [{ userId: off }] });
  });

  it('are managed by team admins; members see them, outsiders do not', async () => {
    const { organization, create } = await setUp();
    const team = await create();
    const boss = await organization.api(await join(organization, team, 'admin'));
    const memberId = await join(organization, team);
    const member = await organization.api(memberId);
    const outsider = await organization.api(await createPerson(organization));
    const userId = await createPerson(organization);
    expect((await member.get(`/teams/${team}/members`)).status).toBe(200);
    expect((await outsider.get(`/teams/${team}/members`)).status).toBe(403);
    for (const api of [member, outsider]) {
      expect((await add(api, team, { userId })).status).toBe(403);
      expect((await api.patch(`/teams/${team}/members/${memberId}`, { role: 'admin' })).status).toBe(403);
      expect((await api.delete(`/teams/${team}/members/${organization.adminId}`)).status).toBe(403);
    }
    expect((await add(boss, team, { userId, role: 'admin' })).status).toBe(201);
    expect((await boss.patch(`/teams/${team}/members/${userId}`, { role: 'viewer' })).status).toBe(200);
    expect((await boss.delete(`/teams/${team}/members/${userId}`)).status).toBe(204);
    expect((await member.delete(`/teams/${team}/members/${memberId}`)).status).toBe(204);
    expect((await member.get(`/teams/${team}/members`)).status).toBe(403);
  });

  it('an admin of the organization who is not in the team does not change roles in it (decisions 7)', async () => {
    const { organization, api, create } = await setUp();
    const team = await create({ adminId: await createPerson(organization) });
    const userId = await join(organization, team);
    expect((await api.patch(`/teams/${team}/members/${userId}`, { role: 'admin' })).status).toBe(403);
    expect((await add(api, team, { userId: organization.adminId, role: 'admin' })).status).toBe(201);
    expect((await api.patch(`/teams/${team}/members/${userId}`, { role: 'admin' })).status).toBe(200);
  });

  it('invite others where the team lets them and the organization does not forbid it, as members or viewers', async () => {
    const { organization, api, create } = await setUp();
    const team = await create();
    const member = await organization.api(await join(organization, team));
    const viewer = await organization.api(await join(organization, team, 'viewer'));
    const invite = async (client: ApiClient, more: object = {}) =>
      (await add(client, team, { userId: await createPerson(organization), ...more })).status;
    expect(await invite(member)).toBe(403);
    await api.patch(`/teams/${team}`, { privacy: { membersMayInvite: true } });
    expect(await invite(member)).toBe(201);
    expect(await invite(member, { role: 'viewer' })).toBe(201);
    expect(await invite(member, { role: 'admin' })).toBe(403);
    expect(await invite(member, { isRegistryAdmin: true })).toBe(403);
    expect(await invite(viewer)).toBe(403);
    await api.patch('/organization', { enforcedPrivacy: { forbidMemberInvitations: true } });
    expect(await invite(member)).toBe(403);
  });

  it('service accounts have no role, and one of a team does not leave it', async () => {
    const { organization, api, create } = await setUp();
    const home = await create({ displayName: 'Home' });
    const other = await create();
    const robot = async (accountType: string) => {
      const reply = await organization.scim.post('/Users', {
        userName: accountType,
        accountType,
        defaultTeam: 'Home',
      });
      return String(reply.body.id);
    };
    const team = await robot('SERVICE');
    const global = await robot('ORG_SERVICE');
    const invalid = { status: 400, code: 'team.service_account' };
    expect((await add(api, other, { userId: team })).body).toMatchObject(invalid);
    expect((await add(api, other, { userId: global, role: 'admin' })).body).toMatchObject(invalid);
    expect((await add(api, other, { userId: global })).body).toMatchObject({ role: 'service' });
    expect((await api.patch(`/teams/${home}/members/${team}`, { role: 'admin' })).body).toMatchObject(
      invalid,
    );
    expect((await api.delete(`/teams/${home}/members/${team}`)).body).toMatchObject(invalid);
    expect((await api.delete(`/teams/${other}/members/${global}`)).status).toBe(204);
  });

  describe('with DISABLE_ADMIN_TEAM_ACCESS', () => {
    const closed = useServer({ env: { DISABLE_ADMIN_TEAM_ACCESS: 'true' } });

    it('admins of the organization create and fill teams, and do not join them', async () => {
      const organization = await closed().organization();
      const api = await organization.api();
      const bossId = await createPerson(organization);
      const made = await api.post('/teams', { displayName: 'Closed', adminId: bossId });
      const none = await api.post('/teams', { displayName: 'Empty' });
      expect(none.body.callerRole).toBeNull();
      expect((await add(api, made.body.id, { userId: organization.adminId })).body).toMatchObject({
        status: 403,
        code: 'team.admin_access_disabled',
      });
      expect((await add(api, made.body.id, { userId: await createPerson(organization) })).status).toBe(201);
      const boss = await organization.api(bossId);
      expect((await add(boss, made.body.id, { userId: organization.adminId })).status).toBe(201);
    });
  });
});

interface Person {
  readonly id: string;
  readonly userName: string;
  readonly email: string;
}

async function createNamed(organization: TestOrganization): Promise<Person> {
  const userName = `person-${randomUUID()}@example.com`;
  const email = `mail-${randomUUID()}@example.com`;
  return { id: await createPerson(organization, { userName, emails: [{ value: email }] }), userName, email };
}
