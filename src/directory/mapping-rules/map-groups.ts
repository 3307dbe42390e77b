import { foldCase } from '../../kernel/fold.js';
import type { OrganizationRole } from '../users/user.js';
import type { MappedTeam, MappingRule } from './mapping-rule.js';
import { matchesGroup } from './match-group.js';

/** A role in a team that the groups of a person give. */
export interface TeamGrant {
  readonly role: MappedTeam['role'];
  readonly customRoleId: string | undefined;
  /** The rule that gives it. */
  readonly ruleId: string;
}

/** An organization role that the groups of a person give. */
export interface OrganizationGrant {
  readonly role: OrganizationRole;
  /** The rule that gives it. */
  readonly ruleId: string;
}

/** What the groups of a person amount to under the rules of one connection. */
export interface MappedGroups {
  /** The highest that any group gives; undefined when none gives one. */
  readonly organizationGrant: OrganizationGrant | undefined;
  /** Roles in teams by team id. */
  readonly byTeamId: ReadonlyMap<string, TeamGrant>;
  /** Roles in the teams that have the names of groups, by folded name. */
  readonly byTeamName: ReadonlyMap<string, TeamGrant>;
  /** Names of the groups that a rule spoke of. */
  readonly mapped: readonly string[];
}

/** How custom roles stand among the others: those that inherit from `member` above it, from `viewer` between the two. */
export type RankCustomRole = (customRoleId: string) => { readonly inheritedFrom: 'member' | 'viewer' };

const ORGANIZATION_RANK: Readonly<Record<OrganizationRole, number>> = { viewer: 0, member: 1, admin: 2 };
const TEAM_RANK = { viewer: 0, member: 2, admin: 4 } as const;

/** The one with the higher role; of equal ones the first. */
export const higherGrant = (a: OrganizationGrant | undefined, b: OrganizationGrant): OrganizationGrant =>
  a !== undefined && ORGANIZATION_RANK[a.role] >= ORGANIZATION_RANK[b.role] ? a : b;

function rankOf(grant: TeamGrant, rankCustomRole: RankCustomRole): number {
  if (grant.role !== 'custom') return TEAM_RANK[grant.role];
  if (grant.customRoleId === undefined) return TEAM_RANK.viewer;
  return rankCustomRole(grant.customRoleId).inheritedFrom === 'member' ? 3 : 1;
}

/**
 * Works out what rules give to somebody in these groups: of everything that several groups give, the highest. Of two
 * custom roles of the same rank, the rule that was made first wins.
 * @param rules in the order of their ids
 */
export function mapGroups(
  rules: readonly MappingRule[],
  groups: readonly string[],
  rankCustomRole: RankCustomRole,
): MappedGroups {
  let organizationGrant: OrganizationGrant | undefined;
  const byTeamId = new Map<string, TeamGrant>();
  const byTeamName = new Map<string, TeamGrant>();
  const mapped = new Set<string>();
  for (const rule of rules)
    for (const group of groups) {
      if (!matchesGroup(rule, group)) continue;
      mapped.add(group);
      if (rule.organizationRole)
        organizationGrant = higherGrant(organizationGrant, {
          role: rule.organizationRole,
          ruleId: rule.id,
        });
      if (!rule.team) continue;
      const { teamId, role, customRoleId } = rule.team;
      const [grants, key] = teamId === undefined ? [byTeamName, foldCase(group)] : [byTeamId, teamId];
      raise(grants, key, { role, customRoleId, ruleId: rule.id }, rankCustomRole);
    }
  return { organizationGrant, byTeamId, byTeamName, mapped: [...mapped] };
}

/** Gives a team this role unless it has a higher one. */
export function raise(
  grants: Map<string, TeamGrant>,
  key: string,
  grant: TeamGrant,
  rankCustomRole: RankCustomRole,
): void {
  const current = grants.get(key);
  if (!current || rankOf(grant, rankCustomRole) > rankOf(current, rankCustomRole)) grants.set(key, grant);
}
