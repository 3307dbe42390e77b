import type { OrganizationRole } from '../users/user.js';
import type { MappedMembership, MembershipChanges, MembershipWrite } from '../sign-on/sign-on-store.js';
import type { TeamGrant } from './map-groups.js';

/** What becomes of an organization role when the groups of a person are known. */
export interface OrganizationRoleChange {
  /** Undefined: it stays. */
  readonly role: OrganizationRole | undefined;
  /** What the rules give from now on; null when they give nothing. */
  readonly mapped: OrganizationRole | null;
}

/**
 * The role that the rules give, whoever set the one before: a rule says so. When no rule gives one any more, what rules
 * had given falls back to the default, and a role set elsewhere since then stays.
 */
export function decideOrganizationRole(facts: {
  readonly current: OrganizationRole;
  readonly mappedNow: OrganizationRole | undefined;
  readonly mappedBefore: OrganizationRole | undefined;
  readonly defaultRole: OrganizationRole;
}): OrganizationRoleChange {
  const { current, mappedNow, mappedBefore, defaultRole } = facts;
  const wanted = mappedNow ?? (mappedBefore === current ? defaultRole : current);
  return { role: wanted === current ? undefined : wanted, mapped: mappedNow ?? null };
}

/**
 * What has to change so that the memberships which an SsoConnection made are those that it says. Memberships made
 * elsewhere are left alone: as they are not its own, it neither removes them nor changes their roles.
 * @param wanted by team id; undefined as grant: a member, without a rule that says more
 */
export function decideMemberships(
  current: readonly MappedMembership[],
  wanted: ReadonlyMap<string, TeamGrant | undefined>,
  ssoConnectionId: string,
): MembershipChanges {
  const known = new Set(current.map(({ teamId }) => teamId));
  const own = current.filter((membership) => membership.ssoConnectionId === ssoConnectionId);
  return {
    removeTeamIds: own.filter(({ teamId }) => !wanted.has(teamId)).map(({ teamId }) => teamId),
    change: own.flatMap((membership) => {
      const { teamId, role, customRoleId, isRoleMapped } = membership;
      if (!wanted.has(teamId)) return [];
      const grant = wanted.get(teamId);
      if (!grant) return isRoleMapped ? [toWrite(teamId, undefined)] : [];
      const isSame = role === grant.role && customRoleId === grant.customRoleId && isRoleMapped;
      return isSame ? [] : [toWrite(teamId, grant)];
    }),
    add: [...wanted]
      .filter(([teamId]) => !known.has(teamId))
      .map(([teamId, grant]) => toWrite(teamId, grant)),
  };
}

/** A membership with the role that rules give, or as a member when they give none. */
export const toWrite = (teamId: string, grant: TeamGrant | undefined): MembershipWrite => ({
  teamId,
  role: grant?.role ?? 'member',
  customRoleId: grant?.customRoleId,
  isRoleMapped: grant !== undefined,
  mappingRuleId: grant?.ruleId,
});

export const isEmpty = ({ add, change, removeTeamIds }: MembershipChanges): boolean =>
  add.length + change.length + removeTeamIds.length === 0;
