import { DomainError } from '../../kernel/errors.js';
import { LIMITS } from '../../kernel/limits.js';
import { findRoleChoice } from '../roles/find-role-choice.js';
import type { Stores } from '../unit-of-work.js';
import type { TeamRoleAssignment, TeamRoleChange, UserTeam } from './user.js';
import type { MembershipRole } from './user-store.js';

/**
 * Works out what changes of team roles mean, one after the other: each named team gets its role, the user becomes a
 * member where needed, unlisted teams stay as they are.
 * @throws DomainError user.unknown_team, user.unknown_role, user.invalid when teamId and teamName disagree
 */
export async function resolveTeamRoles(
  stores: Stores,
  organizationId: string,
  current: readonly UserTeam[],
  changes: readonly TeamRoleChange[],
): Promise<readonly MembershipRole[]> {
  assertCount(changes);
  const roles = new Map<string, MembershipRole>();
  const teams = new Map(current.map((team) => [team.id, team]));
  for (const change of changes) {
    if (change.kind === 'set') {
      for (const entry of change.entries) {
        const team = await resolveTeam(stores, organizationId, entry);
        if (entry.roleName === undefined && teams.has(team.id)) continue;
        const role = await resolveRole(stores, organizationId, entry.roleName);
        roles.set(team.id, { teamId: team.id, ...role });
        teams.set(team.id, { ...team, roleName: entry.roleName ?? 'member' });
      }
    } else {
      for (const team of teams.values()) {
        if (team.roleName === 'service' || !change.selects(team)) continue;
        roles.set(team.id, { teamId: team.id, role: 'member', customRoleId: undefined });
        teams.set(team.id, { ...team, roleName: 'member' });
      }
    }
  }
  return [...roles.values()];
}

function assertCount(changes: readonly TeamRoleChange[]): void {
  const count = changes.reduce((sum, change) => sum + (change.kind === 'set' ? change.entries.length : 1), 0);
  if (count > LIMITS.teamRolesPerRequest)
    throw new DomainError('user.invalid', {
      detail: `teamRoles: a request may name ${LIMITS.teamRolesPerRequest} teams.`,
      field: 'teamRoles',
    });
}

async function resolveTeam(
  stores: Stores,
  organizationId: string,
  entry: TeamRoleAssignment,
): Promise<NamedTeam> {
  const { teamId, teamName } = entry;
  const scope = { organizationId, connectionId: undefined, baseUrl: '' };
  if (teamId !== undefined) {
    const [team] = await stores.teams.findMany(scope, [teamId]);
    if (!team) throw unknownTeam(teamId);
    const named =
      teamName === undefined ? undefined : await stores.teams.findByName(organizationId, teamName);
    if (teamName !== undefined && named?.id !== team.id)
      throw new DomainError('user.invalid', {
        detail: 'teamRoles: teamId and teamName name different teams.',
        field: 'teamRoles',
      });
    return { id: team.id, name: team.displayName };
  }
  if (teamName === undefined)
    throw new DomainError('user.invalid', {
      detail: 'teamRoles: teamId or teamName is required.',
      field: 'teamRoles',
    });
  const team = await stores.teams.findByName(organizationId, teamName);
  if (!team) throw unknownTeam(teamName);
  return team;
}

type NamedTeam = Pick<UserTeam, 'id' | 'name'>;

const unknownTeam = (name: string): DomainError =>
  new DomainError('user.unknown_team', {
    detail: `teamRoles: there is no team "${name}".`,
    field: 'teamRoles',
  });

async function resolveRole(
  stores: Stores,
  organizationId: string,
  roleName = 'member',
): Promise<Pick<MembershipRole, 'role' | 'customRoleId'>> {
  const choice = await findRoleChoice(stores, organizationId, roleName);
  if (!choice)
    throw new DomainError('user.unknown_role', {
      detail: `teamRoles: there is no role "${roleName}".`,
      field: 'teamRoles',
    });
  return choice;
}
