import fc from 'fast-check';
import { ENTERPRISE_USER_URN, ROLLCALL_USER_URN } from '../../../src/directory/schema/index.js';
import { isJsonObject, type JsonObject } from '../../../src/kernel/json.js';
import type { ScimClient } from '../../support/scim-client.js';
import type { TestOrganization, TestServer } from '../../support/server.js';
import { wildProfile, wildText } from './wild-profiles.js';

const PEOPLE = 36;
const TEAMS = 8;
const ROLES = 5;
const SEED = 7643;

/** Every live resource of an organization as SCIM shows it to its first connection. */
export interface Population {
  readonly users: readonly JsonObject[];
  readonly groups: readonly JsonObject[];
  readonly roles: readonly JsonObject[];
}

/**
 * Fills an organization with people of random profiles, service accounts, teams, custom roles and team roles, some of
 * them deactivated, removed or archived, and externalIds of two connections.
 */
export async function populate(server: TestServer, organization: TestOrganization): Promise<Population> {
  const { scim } = organization;
  const roleIds = await createRoles(scim);
  const userIds = await createPeople(scim);
  const teamIds = await createTeams(scim, userIds);
  await createServiceAccounts(scim);
  await giveTeamRoles(scim, userIds, teamIds);
  await nameManagers(scim, userIds);
  await nameOtherwise(organization, userIds);
  await recordActivity(server, userIds);
  await send(scim.delete(`/Users/${at(userIds, 0)}`));
  await send(scim.delete(`/Users/${at(userIds, 1)}`));
  await send(scim.delete(`/Groups/${at(teamIds, 0)}`));
  await send(scim.delete(`/Roles/${at(roleIds, 0)}`));
  return {
    users: await listAll(scim, '/Users'),
    groups: await listAll(scim, '/Groups'),
    roles: await listAll(scim, '/Roles'),
  };
}

const sample = <T>(arbitrary: fc.Arbitrary<T>, numRuns: number): readonly T[] =>
  fc.sample(arbitrary, { numRuns, seed: SEED });

async function createPeople(scim: ScimClient): Promise<readonly string[]> {
  const ids: string[] = [];
  const texts = sample(wildText, PEOPLE);
  for (const [index, profile] of sample(wildProfile, PEOPLE).entries()) {
    const body = {
      ...profile,
      userName: `${at(texts, index)}-${index}`,
      active: index % 5 !== 0,
      ...(index % 3 === 0 ? { externalId: at(texts, (index * 7) % PEOPLE) } : {}),
      [ROLLCALL_USER_URN]: {
        ...(index % 4 === 0 ? { organizationRole: 'viewer' } : {}),
        ...(index % 6 === 0 ? { seat: 'viewer' } : {}),
      },
    };
    ids.push(await idOf(scim.post('/Users', body)));
  }
  return ids;
}

async function createTeams(scim: ScimClient, userIds: readonly string[]): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const [index, text] of sample(wildText, TEAMS).entries()) {
    const members = userIds.filter((_, user) => index > 0 && index < TEAMS - 1 && (user * 5) % TEAMS < index);
    const body = {
      displayName: index === TEAMS - 1 ? 'zweite Mannschaft' : `${text}${index}`,
      ...(index % 2 === 0 ? { externalId: text } : {}),
      members: members.map((value) => ({ value })),
    };
    ids.push(await idOf(scim.post('/Groups', body)));
  }
  return ids;
}

async function createRoles(scim: ScimClient): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const [index, text] of sample(wildText, ROLES).entries())
    ids.push(
      await idOf(
        scim.post('/Roles', {
          name: `${text}${index}`,
          inheritedFrom: index % 2 === 0 ? 'member' : 'viewer',
          permissions: index < 2 ? [] : [{ name: 'project:delete' }, { name: 'project:update' }],
          ...(index % 2 === 0 ? { description: text, externalId: text } : {}),
        }),
      ),
    );
  return ids;
}

async function createServiceAccounts(scim: ScimClient): Promise<void> {
  for (const accountType of ['SERVICE', 'ORG_SERVICE'])
    await send(
      scim.post('/Users', {
        userName: `robot ${accountType}`,
        [ROLLCALL_USER_URN]: { accountType, defaultTeam: 'zweite Mannschaft' },
      }),
    );
}

async function giveTeamRoles(
  scim: ScimClient,
  userIds: readonly string[],
  teamIds: readonly string[],
): Promise<void> {
  const roles = await listAll(scim, '/Roles');
  const names = [...roles.map(({ name }) => name as string), 'admin', 'viewer'];
  for (const [index, id] of userIds.entries()) {
    if (index % 3 === 2) continue;
    const teamRoles = [
      { teamId: at(teamIds, 1 + (index % (TEAMS - 2))), roleName: at(names, index % names.length) },
    ];
    await send(
      scim.operations(`/Users/${id}`, {
        op: 'add',
        path: `${ROLLCALL_USER_URN}:teamRoles`,
        value: teamRoles,
      }),
    );
  }
}

/** People, removed people, unknown people, and what is no id at all. */
async function nameManagers(scim: ScimClient, userIds: readonly string[]): Promise<void> {
  const managers = [at(userIds, 5), at(userIds, 0), '00000000-0000-7000-8000-000000000000', 'a'];
  for (const [index, id] of userIds.entries())
    if (index % 3 === 1)
      await send(
        scim.operations(`/Users/${id}`, {
          op: 'add',
          path: `${ENTERPRISE_USER_URN}:manager.value`,
          value: at(managers, index % managers.length),
        }),
      );
}

/** What another connection calls people is nobody else's business. */
async function nameOtherwise(organization: TestOrganization, userIds: readonly string[]): Promise<void> {
  const { scim } = await organization.connection();
  for (const id of userIds.slice(3, 8))
    await send(scim.operations(`/Users/${id}`, { op: 'add', path: 'externalId', value: 'a' }));
}

/** Nothing on the SCIM surface writes when people used the product. */
async function recordActivity(server: TestServer, userIds: readonly string[]): Promise<void> {
  for (const [index, id] of userIds.entries())
    if (index % 2 === 0)
      await server.database.connection.db
        .updateTable('users')
        .set({ last_active_at: `2026-01-15T09:00:0${index % 4}.500Z`, days_active: index % 4 })
        .where('id', '=', id)
        .execute();
}

/** Every live resource behind an endpoint, whole. */
export async function listAll(scim: ScimClient, endpoint: string): Promise<readonly JsonObject[]> {
  const reply = await send(scim.get(`${endpoint}?count=1000`));
  const resources: unknown = reply.body.Resources;
  if (!Array.isArray(resources) || resources.length !== reply.body.totalResults)
    throw new Error('the list is not whole');
  return resources.filter(isJsonObject);
}

async function send(request: ReturnType<ScimClient['get']>): ReturnType<ScimClient['get']> {
  const reply = await request;
  if (reply.status >= 300) throw new Error(`${reply.status} ${reply.text}`);
  return reply;
}

const idOf = async (request: ReturnType<ScimClient['get']>): Promise<string> =>
  String((await send(request)).body.id);

function at<T>(values: readonly T[], index: number): T {
  const value = values[index];
  if (value === undefined) throw new Error(`there is no element ${index}`);
  return value;
}
