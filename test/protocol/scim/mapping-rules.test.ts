import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { FRESH_FOR } from '../../../src/directory/connections/token-verifier.js';
import { expectStatus } from '../../conformance/rfc/support/assertions.js';
import {
  createGroup,
  createUser,
  memberIds,
  read,
  uniqueName,
} from '../../conformance/rfc/support/resources.js';
import { GROUP, ROLLCALL } from '../../conformance/rfc/support/urns.js';
import { useServer } from '../api/support/use-server.js';
import { ApiClient } from '../../support/api-client.js';
import type { ScimClient } from '../../support/scim-client.js';
import type { TestOrganization } from '../../support/server.js';

const server = useServer();

interface World extends TestOrganization {
  readonly rest: ApiClient;
}

async function world(settings = {}): Promise<World> {
  const organization = await server().organization(settings);
  return { ...organization, rest: await organization.api() };
}

/** Makes a rule for the groups of the organization's first connection, and waits until its tokens know. @returns its id */
async function rule({ rest, connectionId }: World, more: object): Promise<string> {
  const reply = await rest.post('/mapping-rules', { connectionId, ...more });
  expectStatus(reply, 201);
  await pause(FRESH_FOR + 10);
  return String(reply.body.id);
}

const inTeam = (role: string, id: string | null = null) => ({ team: { id, role, customRoleId: null } });

const organizationRole = async (scim: ScimClient, userId: string): Promise<unknown> =>
  (await read(scim, `/Users/${userId}`))[ROLLCALL].organizationRole;

/** Role names by team. */
async function teamRole(scim: ScimClient, userId: string, teamId: string): Promise<unknown> {
  const { teamRoles = [] } = (await read(scim, `/Users/${userId}`))[ROLLCALL];
  return teamRoles.find((entry: { teamId: string }) => entry.teamId === teamId)?.roleName;
}

const group = async (
  scim: ScimClient,
  displayName: string,
  members: readonly string[] = [],
): Promise<string> =>
  (await createGroup(scim, { displayName, members: members.map((value) => ({ value })) })).id;

const person = async (scim: ScimClient, more = {}): Promise<string> => (await createUser(scim, more)).id;

const add = (scim: ScimClient, groupId: string, ...ids: readonly string[]) =>
  scim.operations(`/Groups/${groupId}`, {
    op: 'add',
    path: 'members',
    value: ids.map((value) => ({ value })),
  });

const remove = (scim: ScimClient, groupId: string, id: string) =>
  scim.operations(`/Groups/${groupId}`, { op: 'remove', path: `members[value eq "${id}"]` });

const put = (scim: ScimClient, groupId: string, displayName: string, ids: readonly string[]) =>
  scim.put(`/Groups/${groupId}`, {
    schemas: [GROUP],
    displayName,
    members: ids.map((value) => ({ value })),
  });

/** Whether somebody may do what an admin of the team may. */
async function evaluate(at: World, userId: string, teamId: string) {
  const reply = await new ApiClient(server().baseUrl, at.rest.token).post('/access/v1/evaluation', {
    subject: { type: 'user', id: userId },
    action: { name: 'team:update_settings' },
    resource: { type: 'team', id: teamId },
  });
  expectStatus(reply, 200);
  return reply;
}

/** What is said about creating teams, which the organization role alone decides. */
async function createTeams(at: World, userId: string) {
  const reply = await new ApiClient(server().baseUrl, at.rest.token).post('/access/v1/evaluation', {
    subject: { type: 'user', id: userId },
    action: { name: 'team:create' },
    resource: { type: 'organization', id: at.id },
  });
  expectStatus(reply, 200);
  return reply.body.context;
}

describe('mapping rules for groups that SCIM pushes (product decision)', () => {
  it('members of a group that is created get its roles: in its own team, and in the organization', async () => {
    const at = await world();
    await rule(at, { groupName: 'LEADS', organizationRole: 'viewer', ...inTeam('admin') });
    const ada = await person(at.scim);
    const leads = await group(at.scim, 'Leads', [ada]);
    expect(await teamRole(at.scim, ada, leads)).toBe('admin');
    expect(await organizationRole(at.scim, ada)).toBe('viewer');
  });

  it('PATCH gives them to who is added and takes them back from who is removed', async () => {
    const at = await world();
    await rule(at, { groupName: 'adm-*', match: 'pattern', organizationRole: 'admin', ...inTeam('viewer') });
    const [ada, eve] = [await person(at.scim), await person(at.scim)];
    const admins = await group(at.scim, 'adm-1');
    expectStatus(await add(at.scim, admins, ada, eve), 204);
    expect(await organizationRole(at.scim, ada)).toBe('admin');
    expect(await teamRole(at.scim, eve, admins)).toBe('viewer');
    expectStatus(await remove(at.scim, admins, ada), 204);
    expect(await organizationRole(at.scim, ada)).toBe('member');
    expect(await organizationRole(at.scim, eve)).toBe('admin');
  });

  it('PUT does the same', async () => {
    const at = await world();
    await rule(at, { groupName: 'admins', organizationRole: 'admin' });
    const [ada, eve] = [await person(at.scim), await person(at.scim)];
    const admins = await group(at.scim, 'admins', [ada]);
    expectStatus(await put(at.scim, admins, 'admins', [eve]), 200);
    expect(await organizationRole(at.scim, ada)).toBe('member');
    expect(await organizationRole(at.scim, eve)).toBe('admin');
  });

  it('of several groups the highest role holds, and the next highest when that one is left', async () => {
    const at = await world();
    await rule(at, { groupName: 'a', organizationRole: 'admin' });
    await rule(at, { groupName: 'b', organizationRole: 'viewer' });
    const ada = await person(at.scim);
    const [a, b] = [await group(at.scim, 'a', [ada]), await group(at.scim, 'b', [ada])];
    expect(await organizationRole(at.scim, ada)).toBe('admin');
    await remove(at.scim, a, ada);
    expect(await organizationRole(at.scim, ada)).toBe('viewer');
    await remove(at.scim, b, ada);
    expect(await organizationRole(at.scim, ada)).toBe('member');
  });

  it('a rule that names a team puts members of the group there, and takes them out again', async () => {
    const at = await world();
    const team = await group(at.scim, 'Platform');
    await rule(at, { groupName: 'oncall', ...inTeam('admin', team) });
    const ada = await person(at.scim);
    const oncall = await group(at.scim, 'oncall', [ada]);
    expect(await teamRole(at.scim, ada, team)).toBe('admin');
    expect(await memberIds(at.scim, team)).toEqual([ada]);
    await remove(at.scim, oncall, ada);
    expect(await memberIds(at.scim, team)).toEqual([]);
  });

  it('what a rule puts into a team does not count as being in that group', async () => {
    const at = await world();
    const team = await group(at.scim, 'inner');
    await rule(at, { groupName: 'inner', organizationRole: 'admin' });
    await rule(at, { groupName: 'outer-*', match: 'pattern', ...inTeam('member', team) });
    const ada = await person(at.scim);
    await group(at.scim, 'outer-1', [ada]);
    expect(await memberIds(at.scim, team)).toEqual([ada]);
    await group(at.scim, 'outer-2', [ada]);
    expect(await organizationRole(at.scim, ada)).toBe('member');
  });

  it('when no rule gives a role any more, it is the one that was chosen last', async () => {
    const at = await world();
    await rule(at, { groupName: 'readers', organizationRole: 'viewer' });
    const ada = await person(at.scim, { organizationRole: 'admin' });
    const readers = await group(at.scim, 'readers', [ada]);
    expect(await organizationRole(at.scim, ada)).toBe('viewer');
    await remove(at.scim, readers, ada);
    expect(await organizationRole(at.scim, ada)).toBe('admin');
  });

  it('a membership that somebody made in the dashboard gives nothing: only the identity provider says who is in its group', async () => {
    const at = await world();
    await rule(at, { groupName: 'admins', organizationRole: 'admin', ...inTeam('admin') });
    const ada = await person(at.scim);
    const admins = await group(at.scim, 'admins');
    expectStatus(await at.rest.post(`/teams/${admins}/members`, { userId: ada, role: 'viewer' }), 201);
    await rule(at, { groupName: 'readers', organizationRole: 'viewer' });
    await group(at.scim, 'readers', [ada]);
    expect(await organizationRole(at.scim, ada)).toBe('viewer');
    expect(await teamRole(at.scim, ada, admins)).toBe('viewer');
    await add(at.scim, admins, ada);
    expect(await organizationRole(at.scim, ada)).toBe('admin');
    expect(await teamRole(at.scim, ada, admins)).toBe('admin');
  });

  it('who renames a team in the dashboard gives nobody the roles of another group', async () => {
    const at = await world();
    await rule(at, { groupName: 'admins', organizationRole: 'admin' });
    const [ada, eve] = [await person(at.scim), await person(at.scim)];
    const team = await group(at.scim, 'harmless', [ada]);
    expectStatus(await at.rest.patch(`/teams/${team}`, { displayName: 'admins' }), 200);
    await add(at.scim, team, eve);
    expect([await organizationRole(at.scim, ada), await organizationRole(at.scim, eve)]).toEqual([
      'member',
      'member',
    ]);
  });

  it('who is taken out of the team in the dashboard loses what the group gave', async () => {
    const at = await world();
    await rule(at, { groupName: 'admins', organizationRole: 'admin' });
    const ada = await person(at.scim);
    const admins = await group(at.scim, 'admins', [ada]);
    expectStatus(await at.rest.delete(`/teams/${admins}/members/${ada}`), 204);
    expect(await organizationRole(at.scim, ada)).toBe('member');
  });

  it('groups of another connection are not spoken of', async () => {
    const at = await world();
    await rule(at, { groupName: 'admins', organizationRole: 'admin' });
    const other = await at.connection();
    const ada = await person(other.scim);
    await group(other.scim, 'admins', [ada]);
    expect(await organizationRole(at.scim, ada)).toBe('member');
  });
});

describe('changes of mapping rules and groups (product decision)', () => {
  it('a rule applies at once to those who are in the group already, and so do its change and its end', async () => {
    const at = await world();
    const ada = await person(at.scim);
    const leads = await group(at.scim, 'leads', [ada]);
    const id = await rule(at, { groupName: 'leads', organizationRole: 'admin', ...inTeam('admin') });
    expect(await organizationRole(at.scim, ada)).toBe('admin');
    expect(await teamRole(at.scim, ada, leads)).toBe('admin');
    expectStatus(
      await at.rest.patch(`/mapping-rules/${id}`, { organizationRole: 'viewer', ...inTeam('viewer') }),
      200,
    );
    expect(await organizationRole(at.scim, ada)).toBe('viewer');
    expect(await teamRole(at.scim, ada, leads)).toBe('viewer');
    expectStatus(await at.rest.delete(`/mapping-rules/${id}`), 204);
    expect(await organizationRole(at.scim, ada)).toBe('member');
    expect(await teamRole(at.scim, ada, leads)).toBe('member');
  });

  it('a group that is renamed keeps its exact rule, which follows it', async () => {
    const at = await world();
    const id = await rule(at, { groupName: 'Admins', organizationRole: 'admin' });
    const ada = await person(at.scim);
    const admins = await group(at.scim, 'admins', [ada]);
    const rename = { op: 'replace', path: 'displayName', value: 'Administrators' };
    expectStatus(await at.scim.operations(`/Groups/${admins}`, rename), 204);
    expect((await at.rest.get(`/mapping-rules/${id}`)).body.groupName).toBe('Administrators');
    expect(await organizationRole(at.scim, ada)).toBe('admin');
  });

  it('a group that is renamed into and out of a pattern gets and loses its roles', async () => {
    const at = await world();
    await rule(at, { groupName: 'adm-*', match: 'pattern', organizationRole: 'admin' });
    const ada = await person(at.scim);
    const id = await group(at.scim, 'people', [ada]);
    expectStatus(await put(at.scim, id, 'adm-people', [ada]), 200);
    expect(await organizationRole(at.scim, ada)).toBe('admin');
    expectStatus(await put(at.scim, id, 'people', [ada]), 200);
    expect(await organizationRole(at.scim, ada)).toBe('member');
  });

  it('a group that is deleted takes its roles with it', async () => {
    const at = await world();
    await rule(at, { groupName: 'admins', organizationRole: 'admin' });
    const ada = await person(at.scim);
    const admins = await group(at.scim, 'admins', [ada]);
    expectStatus(await at.scim.delete(`/Groups/${admins}`), 204);
    expect(await organizationRole(at.scim, ada)).toBe('member');
  });

  it('somebody who left the group while removed comes back without its role', async () => {
    const at = await world();
    await rule(at, { groupName: 'admins', organizationRole: 'admin' });
    const userName = `${uniqueName('back')}@example.com`;
    const ada = await person(at.scim, { userName });
    const admins = await group(at.scim, 'admins', [ada]);
    expectStatus(await at.scim.delete(`/Users/${ada}`), 204);
    expectStatus(await remove(at.scim, admins, ada), 204);
    expect(await person(at.scim, { userName })).toBe(ada);
    expect(await organizationRole(at.scim, ada)).toBe('member');
  });
});

describe('what mapping rules may not do (product decision)', () => {
  it('a connection that may not grant admin has no rule that does', async () => {
    const at = await world({ mayGrantAdmin: false });
    const body = { connectionId: at.connectionId, groupName: 'admins', organizationRole: 'admin' };
    const reply = await at.rest.post('/mapping-rules', body);
    expect([reply.status, reply.body.errors?.[0]?.field]).toEqual([400, 'organizationRole']);
  });

  it('when a connection may not grant admin any more, its rules take back what they granted', async () => {
    const at = await world();
    await rule(at, { groupName: 'admins', organizationRole: 'admin' });
    const [ada, eve] = [await person(at.scim), await person(at.scim)];
    const admins = await group(at.scim, 'admins', [ada]);
    expectStatus(
      await at.rest.patch(`/connections/${at.connectionId}`, { settings: { mayGrantAdmin: false } }),
      200,
    );
    await pause(FRESH_FOR + 10);
    await add(at.scim, admins, eve);
    expect([await organizationRole(at.scim, ada), await organizationRole(at.scim, eve)]).toEqual([
      'member',
      'member',
    ]);
  });

  it('the last active admin stays one, the push succeeds, and it is taken back when there is another', async () => {
    const at = await world();
    const id = await rule(at, { groupName: 'readers', organizationRole: 'viewer' });
    const readers = await group(at.scim, 'readers');
    expectStatus(await add(at.scim, readers, at.adminId), 204);
    expect(await organizationRole(at.scim, at.adminId)).toBe('admin');
    const events = (await at.rest.get(`/audit-events?targetId=${at.adminId}`)).body.items;
    expect(events.find((event: { action: string }) => event.action === 'user:apply_groups').after).toEqual({
      organizationRole: 'admin',
      keptAs: 'last_admin',
    });
    await person(at.scim, { organizationRole: 'admin' });
    expectStatus(await at.rest.patch(`/mapping-rules/${id}`, inTeam('viewer')), 200);
    expect(await organizationRole(at.scim, at.adminId)).toBe('viewer');
  });

  it('accounts that are protected from SCIM, and service accounts, stay as they are', async () => {
    const at = await world();
    await rule(at, { groupName: 'admins', organizationRole: 'viewer', ...inTeam('admin') });
    const admins = await group(at.scim, 'admins');
    const { id: service } = await createUser(at.scim, { accountType: 'SERVICE', defaultTeam: 'admins' });
    const { db } = server().database.connection;
    await sql`update users set is_protected = true where id = ${at.adminId}::uuid`.execute(db);
    await person(at.scim, { organizationRole: 'admin' });
    expectStatus(await add(at.scim, admins, at.adminId, service), 204);
    expect(await organizationRole(at.scim, at.adminId)).toBe('admin');
    expect(await teamRole(at.scim, at.adminId, admins)).toBe('member');
    expect((await at.rest.get(`/teams/${admins}/members/${service}`)).body.role).toBe('service');
  });

  it('a viewer seat caps the role of a rule as any other', async () => {
    const at = await world();
    await rule(at, { groupName: 'leads', ...inTeam('admin') });
    const ada = await person(at.scim, { seat: 'viewer' });
    const leads = await group(at.scim, 'leads', [ada]);
    const { body } = await evaluate(at, ada, leads);
    expect(body).toMatchObject({ decision: false, context: { code: 'view_only' } });
  });

  it("a connection's rule names exactly one source, of the own organization", async () => {
    const [at, other] = [await world(), await world()];
    const body = { groupName: 'g', organizationRole: 'member' };
    const refused = async (source: object): Promise<unknown> => {
      const reply = await at.rest.post('/mapping-rules', { ...body, ...source });
      expectStatus(reply, 400);
      return reply.body.errors[0].field;
    };
    const { connectionId } = at;
    expect(await refused({})).toBe('ssoConnectionId');
    expect(await refused({ connectionId: other.connectionId })).toBe('connectionId');
    expect(await refused({ connectionId, ssoConnectionId: connectionId })).toBe('connectionId');
    const id = await rule(at, body);
    expect((await at.rest.get(`/mapping-rules/${id}`)).body).toMatchObject({
      connectionId: at.connectionId,
      ssoConnectionId: null,
    });
    expect((await at.rest.get(`/mapping-rules?connectionId=${at.connectionId}`)).body.total).toBe(1);
  });

  it('a decision about access names the rule that gave the role', async () => {
    const at = await world();
    const mappingRule = await rule(at, { groupName: 'leads', ...inTeam('admin') });
    const ada = await person(at.scim);
    const leads = await group(at.scim, 'leads', [ada]);
    const { body } = await evaluate(at, ada, leads);
    expect(body).toMatchObject({
      decision: true,
      context: { role: 'admin', isRoleMapped: true, mappingRule },
    });
  });

  it('a decision by an organization role names the rule that gave it, until it gives it no more', async () => {
    const at = await world();
    const first = await rule(at, { groupName: 'leads', organizationRole: 'admin' });
    const ada = await person(at.scim);
    const leads = await group(at.scim, 'leads', [ada]);
    const mayCreate = () => createTeams(at, ada);
    expect(await mayCreate()).toMatchObject({ role: 'admin', isRoleMapped: true, mappingRule: first });
    const second = await rule(at, { groupName: 'heads', organizationRole: 'admin' });
    const heads = await group(at.scim, 'heads', [ada]);
    expectStatus(await remove(at.scim, leads, ada), 204);
    expect(await mayCreate()).toMatchObject({ role: 'admin', mappingRule: second });
    expectStatus(await remove(at.scim, heads, ada), 204);
    const without = await mayCreate();
    expect(without.role).toBe('member');
    expect(without).not.toHaveProperty('mappingRule');
    expectStatus(await add(at.scim, leads, ada), 204);
    const again = await mayCreate();
    expect(again).toMatchObject({ role: 'admin', mappingRule: first });
    const { updatedAt } = (await at.rest.get(`/users/${ada}`)).body;
    expect(again.since).toBe(updatedAt);
  });

  it('an organization role that somebody chose since is not the one a rule gave', async () => {
    const at = await world();
    await rule(at, { groupName: 'leads', organizationRole: 'viewer' });
    const ada = await person(at.scim);
    await group(at.scim, 'leads', [ada]);
    expectStatus(await at.rest.patch(`/users/${ada}`, { organizationRole: 'admin' }), 200);
    const chosen = await createTeams(at, ada);
    expect(chosen).toMatchObject({ role: 'admin' });
    expect(chosen).not.toHaveProperty('mappingRule');
  });

  it('everybody is gone through a second time, after requests that were under way', async () => {
    const at = await world();
    await rule(at, { groupName: 'admins', organizationRole: 'admin' });
    const ada = await person(at.scim);
    const admins = await group(at.scim, 'admins');
    const { db } = server().database.connection;
    // As a push leaves it that was let in when there were no rules.
    await sql`insert into team_members (org_id, team_id, user_id, role, is_registry_admin, created_at, connection_id)
      values (${at.id}, ${admins}, ${ada}, 'member', false, now(), ${at.connectionId})`.execute(db);
    await sql`update mapping_runs set due_at = now() - interval '1 second' where org_id = ${at.id}::uuid`.execute(
      db,
    );
    await server().services.mappingRuns.goOn(() => false);
    expect(await organizationRole(at.scim, ada)).toBe('admin');
    const { rows } = await sql`select 1 from mapping_runs where org_id = ${at.id}::uuid`.execute(db);
    expect(rows).toEqual([]);
  });

  it('each person whose roles change has one event that tells before and after', async () => {
    const at = await world();
    await rule(at, { groupName: 'admins', organizationRole: 'admin' });
    const ada = await person(at.scim);
    const admins = await group(at.scim, 'admins', [ada]);
    await remove(at.scim, admins, ada);
    const { items } = (await at.rest.get(`/audit-events?targetId=${ada}&sort=id`)).body;
    const applied = items.filter((event: { action: string }) => event.action === 'user:apply_groups');
    expect(applied).toMatchObject([
      {
        actorKind: 'connection',
        before: { organizationRole: 'member' },
        after: { organizationRole: 'admin' },
      },
      { before: { organizationRole: 'admin' }, after: { organizationRole: 'member' } },
    ]);
  });
});
