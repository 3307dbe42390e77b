import { beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { AUDIT_ACTIONS } from '../../src/directory/audit/audit-event.js';
import { ENTERPRISE_USER_URN, ROLLCALL_USER_URN } from '../../src/directory/schema/index.js';
import { expectStatus } from '../conformance/rfc/support/assertions.js';
import type { Reply, ScimClient } from '../support/scim-client.js';
import type { TestOrganization } from '../support/server.js';
import { AuditTrail, type Event } from './support/audit-trail.js';
import { useServer } from './support/use-server.js';

const server = useServer();
let organization: TestOrganization;
let scim: ScimClient;
let trail: AuditTrail;
let serial = 0;

beforeAll(async () => {
  organization = await server().organization();
  ({ scim } = organization);
  trail = await AuditTrail.start(server(), organization.id);
});

const name = (stem: string): string => `${stem}-${(serial += 1)}`;

/** Sends a request that must succeed. @returns the events it wrote */
async function eventsOf(request: Promise<Reply>): Promise<readonly Event[]> {
  const reply = await request;
  if (reply.status >= 300) throw new Error(`${reply.status} ${reply.text}`);
  return trail.news();
}

async function create(endpoint: string, body: object): Promise<string> {
  const reply = await scim.post(endpoint, body);
  expectStatus(reply, 201);
  await trail.news();
  return String(reply.body.id);
}

const person = (more: object = {}) => create('/Users', { userName: name('person'), ...more });
const team = (members: readonly string[] = []) =>
  create('/Groups', { displayName: name('team'), members: members.map((value) => ({ value })) });

describe('one audit event for each mutation, with before and after (product decision)', () => {
  it('user created', async () => {
    const userName = name('person');
    const body = {
      userName,
      externalId: 'x-1',
      active: false,
      title: 'T',
      [ENTERPRISE_USER_URN]: { department: 'D', manager: { value: 'boss' } },
    };
    const [event, ...others] = await eventsOf(scim.post('/Users', body));
    expect(others).toEqual([]);
    expect(event).toMatchObject({ action: 'user:create', targetType: 'User', before: undefined });
    expect(event?.after).toEqual({
      profile: { userName, title: 'T' },
      enterprise: { department: 'D' },
      manager: 'boss',
      externalId: 'x-1',
      active: false,
      organizationRole: 'member',
      seat: 'full',
      accountType: 'USER',
    });
  });

  it('user changed: only what differs', async () => {
    const id = await person({ title: 'old', externalId: 'x-1' });
    const [event, ...others] = await eventsOf(
      scim.operations(`/Users/${id}`, { op: 'replace', value: { title: 'new', externalId: 'x-2' } }),
    );
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      action: 'user:update',
      targetId: id,
      before: { profile: { title: 'old' }, externalId: 'x-1' },
      after: { profile: { title: 'new' }, externalId: 'x-2' },
    });
    expect(Object.keys(event?.after ?? {}).sort()).toEqual(['externalId', 'profile']);
  });

  it.each([
    ['organizationRole', 'member', 'viewer'],
    ['seat', 'full', 'viewer'],
  ])('user changed: %s from %s to %s', async (attribute, before, after) => {
    const id = await person();
    const path = `${ROLLCALL_USER_URN}:${attribute}`;
    const events = await eventsOf(scim.operations(`/Users/${id}`, { op: 'replace', path, value: after }));
    expect(events).toMatchObject([
      { action: 'user:update', targetId: id, before: { [attribute]: before }, after: { [attribute]: after } },
    ]);
  });

  it('user deactivated and reactivated', async () => {
    const id = await person();
    for (const [value, action] of [
      [false, 'user:deactivate'],
      [true, 'user:reactivate'],
    ] as const)
      expect(
        await eventsOf(scim.operations(`/Users/${id}`, { op: 'replace', path: 'active', value })),
      ).toMatchObject([{ action, targetId: id, before: { active: !value }, after: { active: value } }]);
  });

  it('user removed, and restored with its id', async () => {
    const userName = name('person');
    const id = await create('/Users', {
      userName,
      externalId: 'x-1',
      active: false,
      [ENTERPRISE_USER_URN]: { department: 'D', manager: { value: 'boss' } },
    });
    const account = { profile: { userName }, enterprise: { department: 'D' }, manager: 'boss' };
    const [removed, ...others] = await eventsOf(scim.delete(`/Users/${id}`));
    expect(others).toEqual([]);
    expect(removed).toMatchObject({ action: 'user:remove', targetId: id });
    expect(removed?.before).toEqual({
      ...account,
      externalIds: { [organization.connectionId]: 'x-1' },
      active: false,
      organizationRole: 'member',
      seat: 'full',
    });
    const [restored, ...more] = await eventsOf(
      scim.post('/Users', {
        userName,
        externalId: 'x-2',
        title: 'back',
        active: false,
        [ENTERPRISE_USER_URN]: { costCenter: 'C', manager: { value: 'new boss' } },
      }),
    );
    expect(more).toEqual([]);
    expect(restored).toMatchObject({ action: 'user:restore', targetId: id });
    const rest = { active: false, organizationRole: 'member', seat: 'full' };
    expect(restored?.before).toEqual({ ...account, ...rest });
    expect(restored?.after).toEqual({
      profile: { userName, title: 'back' },
      enterprise: { costCenter: 'C' },
      manager: 'new boss',
      externalId: 'x-2',
      ...rest,
    });
  });

  it('user removed: what each connection called it', async () => {
    const unique = await organization.connection({ hasUniqueExternalIds: true });
    const id = await person({ externalId: 'first name for it' });
    await eventsOf(
      unique.scim.operations(`/Users/${id}`, { op: 'add', path: 'externalId', value: 'second name for it' }),
    );
    const [removed] = await eventsOf(scim.delete(`/Users/${id}`));
    expect(removed?.before).toMatchObject({
      externalIds: { [organization.connectionId]: 'first name for it', [unique.id]: 'second name for it' },
    });
  });

  it('user restored with another role and seat, active again', async () => {
    const userName = name('person');
    const id = await create('/Users', { userName });
    await eventsOf(scim.delete(`/Users/${id}`));
    const events = await eventsOf(
      scim.post('/Users', {
        userName,
        [ROLLCALL_USER_URN]: { organizationRole: 'viewer', seat: 'viewer' },
      }),
    );
    expect(events).toMatchObject([
      {
        action: 'user:restore',
        targetId: id,
        before: { active: false, organizationRole: 'member', seat: 'full' },
        after: { active: true, organizationRole: 'viewer', seat: 'viewer' },
      },
    ]);
  });

  it('user removed for good', async () => {
    const removing = await organization.connection({ onUserDelete: 'remove' });
    const id = await person();
    const events = await eventsOf(removing.scim.delete(`/Users/${id}`));
    expect(events).toMatchObject([
      { action: 'user:remove', targetId: id, before: { active: true }, after: { erased: true } },
    ]);
  });

  it('team roles given, changed and given again', async () => {
    const [id, teamId, other] = [await person(), await team(), await team()];
    const path = `${ROLLCALL_USER_URN}:teamRoles`;
    const give = (...value: object[]) =>
      eventsOf(scim.operations(`/Users/${id}`, { op: 'add', path, value }));
    const event = { action: 'user:update_team_roles', targetId: id };
    expect(await give({ teamId, roleName: 'admin' })).toMatchObject([
      {
        ...event,
        before: { teamRoles: [{ teamId, role: null }] },
        after: { teamRoles: [{ teamId, role: 'admin' }] },
      },
    ]);
    const [changed, ...others] = await give({ teamId, roleName: 'viewer' }, { teamId: other });
    expect(others).toEqual([]);
    expect(changed?.before).toEqual({
      teamRoles: [
        { teamId, role: 'admin' },
        { teamId: other, role: null },
      ],
    });
    expect(await give({ teamId, roleName: 'viewer' })).toEqual([]);
  });

  it('team roles changed from and to a custom one', async () => {
    const roleName = name('role');
    const customRoleId = await create('/Roles', { name: roleName, inheritedFrom: 'member' });
    const [id, teamId] = [await person(), await team()];
    const path = `${ROLLCALL_USER_URN}:teamRoles`;
    const give = (role: string) =>
      eventsOf(scim.operations(`/Users/${id}`, { op: 'add', path, value: [{ teamId, roleName: role }] }));
    await give(roleName);
    const [event] = await give('member');
    expect(event?.before).toEqual({ teamRoles: [{ teamId, role: 'custom', customRoleId }] });
  });

  it('team created, renamed, archived', async () => {
    const [displayName, id] = [name('team'), await person()];
    const [created, ...others] = await eventsOf(
      scim.post('/Groups', { displayName, externalId: 'g-1', members: [{ value: id }] }),
    );
    expect(others).toEqual([]);
    expect(created?.after).toEqual({ displayName, externalId: 'g-1', members: [id] });
    const path = `/Groups/${created?.targetId ?? ''}`;
    expect(
      await eventsOf(scim.operations(path, { op: 'replace', path: 'displayName', value: `${displayName}!` })),
    ).toMatchObject([
      { action: 'team:update', before: { displayName }, after: { displayName: `${displayName}!` } },
    ]);
    expect(await eventsOf(scim.delete(path))).toMatchObject([
      { action: 'team:archive', before: { displayName: `${displayName}!`, members: [id] } },
    ]);
  });

  it('members added, removed and replaced: whom it really concerned', async () => {
    const [a, b, c] = [await person(), await person(), await person()];
    const teamId = await team([a]);
    const path = `/Groups/${teamId}`;
    const values = (...ids: string[]) => ids.map((value) => ({ value }));
    const changes = [
      [
        { op: 'add', path: 'members', value: values(a, b) },
        { added: [b], removed: [] },
      ],
      [
        { op: 'remove', path: `members[value eq "${a}"]` },
        { added: [], removed: [a] },
      ],
      [
        { op: 'replace', path: 'members', value: values(b, c) },
        { added: [c], removed: [] },
      ],
    ] as const;
    for (const [operation, after] of changes)
      expect(await eventsOf(scim.operations(path, operation))).toMatchObject([
        { action: 'team:update_members', targetId: teamId, after },
      ]);
  });

  it('role created, changed, deleted with its holders', async () => {
    const role = { name: name('role'), inheritedFrom: 'member', permissions: [{ name: 'project:delete' }] };
    const [created] = await eventsOf(scim.post('/Roles', { ...role, externalId: 'r-1' }));
    const snapshot = { name: role.name, inheritedFrom: 'member', permissions: ['project:delete'] };
    expect(created).toMatchObject({ action: 'role:create', after: { ...snapshot, externalId: 'r-1' } });
    const path = `/Roles/${created?.targetId ?? ''}`;
    expect(
      await eventsOf(scim.operations(path, { op: 'replace', path: 'description', value: 'D' })),
    ).toMatchObject([{ action: 'role:update', before: snapshot, after: { ...snapshot, description: 'D' } }]);
    const [holder, teamId] = [await person(), await team()];
    await eventsOf(
      scim.operations(`/Users/${holder}`, {
        op: 'add',
        path: `${ROLLCALL_USER_URN}:teamRoles`,
        value: [{ teamId, roleName: role.name }],
      }),
    );
    expect(await eventsOf(scim.delete(path))).toMatchObject([
      { action: 'role:delete', before: snapshot, after: { holdersMovedTo: 'member', holders: [holder] } },
    ]);
  });

  it('each operation of a Bulk request its own', async () => {
    const userName = name('person');
    const Operations = [
      { method: 'POST', path: '/Users', bulkId: 'u', data: { userName } },
      { method: 'POST', path: '/Users', bulkId: 'again', data: { userName } },
      { method: 'POST', path: '/Groups', bulkId: 'g', data: { displayName: name('team') } },
    ];
    const schemas = ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'];
    const events = await eventsOf(scim.post('/Bulk', { schemas, Operations }));
    expect(events.map(({ action }) => action).sort()).toEqual(['team:create', 'user:create']);
  });

  it('says who, from where and in which request', async () => {
    const body = { userName: name('person') };
    const [event] = await eventsOf(scim.post('/Users', body, { 'X-Request-Id': 'request-7644' }));
    expect(event).toMatchObject({
      actorKind: 'connection',
      actorId: organization.connectionId,
      requestId: 'request-7644',
      sourceAddress: expect.stringContaining('127.0.0.1'),
    });
  });
});

describe('no audit event (product decision)', () => {
  /** Sends a request. @returns what it wrote, which should be nothing */
  async function eventsAfter(status: number, request: Promise<Reply>): Promise<readonly Event[]> {
    expectStatus(await request, status);
    return trail.news();
  }

  it('when a user already is what is asked for', async () => {
    const userName = name('person');
    const id = await create('/Users', { userName, title: 'T' });
    const operation = { op: 'replace', value: { title: 'T', active: true } };
    expect(await eventsAfter(200, scim.operations(`/Users/${id}`, operation))).toEqual([]);
    expect(await eventsAfter(200, scim.put(`/Users/${id}`, { userName, title: 'T' }))).toEqual([]);
  });

  it('when a team already is what is asked for', async () => {
    const [a, b] = [await person(), await person()];
    const teamId = await team([a]);
    const path = `/Groups/${teamId}`;
    const add = { op: 'add', path: 'members', value: [{ value: a }] };
    expect(await eventsAfter(204, scim.operations(path, add))).toEqual([]);
    const remove = { op: 'remove', path: `members[value eq "${b}"]` };
    expect(await eventsAfter(204, scim.operations(path, remove))).toEqual([]);
    const { body } = await scim.get(path);
    expect(await eventsAfter(200, scim.put(path, body))).toEqual([]);
  });

  it('when a role already is what is asked for', async () => {
    const id = await create('/Roles', { name: name('role'), inheritedFrom: 'viewer' });
    const { body } = await scim.get(`/Roles/${id}`);
    expect(await eventsAfter(200, scim.put(`/Roles/${id}`, body))).toEqual([]);
  });

  it('when the request is refused', async () => {
    const userName = name('person');
    const id = await create('/Users', { userName });
    const stale = { 'If-Match': 'W/"999"' };
    expect(await eventsAfter(409, scim.post('/Users', { userName }))).toEqual([]);
    expect(await eventsAfter(400, scim.post('/Users', { title: 'nameless' }))).toEqual([]);
    expect(await eventsAfter(412, scim.put(`/Users/${id}`, { userName: 'other' }, stale))).toEqual([]);
    expect(await eventsAfter(412, scim.delete(`/Users/${id}`, stale))).toEqual([]);
    expect(await eventsAfter(403, scim.delete(`/Users/${organization.adminId}`))).toEqual([]);
    expect(await eventsAfter(404, scim.delete('/Groups/01890000-0000-7000-8000-00000000dead'))).toEqual([]);
    expect(
      await eventsAfter(
        400,
        scim.post('/Groups', { displayName: name('team'), members: [{ value: 'nobody' }] }),
      ),
    ).toEqual([]);
  });

  it('when one part of a PATCH is refused, for its other parts either (RFC 7644 3.5.2)', async () => {
    const id = await person();
    const operations = [
      { op: 'replace', path: 'title', value: 'new' },
      { op: 'add', path: `${ROLLCALL_USER_URN}:teamRoles`, value: [{ teamName: 'no such team' }] },
    ];
    expect(await eventsAfter(400, scim.operations(`/Users/${id}`, ...operations))).toEqual([]);
  });
});

describe('the audit table (product decision)', () => {
  it.each([
    ['update', sql`update audit_events set action = 'nothing'`],
    ['delete', sql`delete from audit_events`],
    ['truncate', sql`truncate audit_events`],
  ])('is append-only: %s is refused by the database', async (_, statement) => {
    await expect(statement.execute(server().database.connection.db)).rejects.toThrow('append-only');
  });

  it('holds only actions of the catalogue', async () => {
    const { rows } = await sql<{ action: string }>`select distinct action from audit_events`.execute(
      server().database.connection.db,
    );
    const known: readonly string[] = AUDIT_ACTIONS;
    expect(rows.map(({ action }) => action).filter((action) => !known.includes(action))).toEqual([]);
  });
});
