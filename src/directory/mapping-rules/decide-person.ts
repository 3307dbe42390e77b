import { decideOrganizationRole, isEmpty, toWrite } from './decide-roles.js';
import type { GroupEffects } from './group-effects.js';
import type { GroupMembership, MappedPerson, PersonChange } from './group-mapping-store.js';
import { higherGrant, raise, type OrganizationGrant, type TeamGrant } from './map-groups.js';
import type { MembershipChanges, MembershipWrite } from '../sign-on/sign-on-store.js';

/**
 * What the groups that a person is in give by the rules of the Connection that pushes them: of everything that several
 * give, the highest. A rule says so, whoever set the role before; when no rule gives one any more, the role is again the
 * one that somebody chose last, unless it is admin and the Connection may not grant that.
 */
export function decidePerson(
  person: MappedPerson,
  effects: GroupEffects,
  mayGrantAdmin: boolean,
): PersonChange {
  const groups = person.memberships.flatMap(({ teamId, groupKey }) =>
    groupKey === undefined ? [] : [{ teamId, effect: effects.of(groupKey) }],
  );
  let grant: OrganizationGrant | undefined;
  const grants = new Map<string, TeamGrant>();
  for (const { teamId, effect } of groups) {
    if (effect.organizationGrant) grant = higherGrant(grant, effect.organizationGrant);
    if (effect.own) raise(grants, teamId, effect.own, effects.rank);
    for (const [namedId, named] of effect.named) raise(grants, namedId, named, effects.rank);
  }
  const { organizationRole: current, given } = person;
  const isAsGiven = given?.role === current;
  const base = isAsGiven ? given.base : current;
  const { role } = decideOrganizationRole({
    current,
    mappedNow: grant?.role,
    mappedBefore: given?.role,
    defaultRole: base === 'admin' && !mayGrantAdmin ? 'member' : base,
  });
  const isOurs = grant !== undefined || given !== undefined || role !== undefined;
  return {
    person,
    organizationRole: role,
    roleRuleId: isOurs ? grant?.ruleId : person.roleRuleId,
    given: grant && { role: grant.role, base, isKept: false },
    memberships: decideTeams(person.memberships, grants),
  };
}

/** The person stays admin for now, and what was given is remembered, so that it is taken back as soon as it can be. */
export function keepAdmin(change: PersonChange): PersonChange {
  const { person, given } = change;
  const before = person.given ?? { role: 'admin', base: 'admin', isKept: false };
  return {
    ...change,
    organizationRole: undefined,
    roleRuleId: person.roleRuleId,
    given: { ...(given ?? before), isKept: true },
  };
}

/**
 * Memberships that the Connection pushed get their roles from its rules, and those that its rules made go with them. All
 * others are left alone.
 */
function decideTeams(
  memberships: readonly GroupMembership[],
  grants: ReadonlyMap<string, TeamGrant>,
): MembershipChanges {
  const known = new Set(memberships.map(({ teamId }) => teamId));
  const removeTeamIds: string[] = [];
  const change: MembershipWrite[] = [];
  for (const membership of memberships) {
    const { teamId, isPushed, isMadeByRule, isRoleMapped, isMadeBySignOn } = membership;
    if (!isPushed && !isMadeByRule) continue;
    const grant = grants.get(teamId);
    if (grant) {
      if (!isAlready(membership, grant)) change.push(toWrite(teamId, grant));
    } else if (!isPushed) removeTeamIds.push(teamId);
    else if (isRoleMapped && !isMadeBySignOn) change.push(toWrite(teamId, undefined));
  }
  const add = [...grants].filter(([teamId]) => !known.has(teamId));
  return { removeTeamIds, change, add: add.map(([teamId, grant]) => toWrite(teamId, grant)) };
}

const isAlready = (membership: GroupMembership, grant: TeamGrant): boolean =>
  membership.isRoleMapped &&
  membership.role === grant.role &&
  membership.customRoleId === grant.customRoleId &&
  membership.mappingRuleId === grant.ruleId;

/** Whether there is anything to write. */
export function isChanged({
  person,
  organizationRole,
  roleRuleId,
  given,
  memberships,
}: PersonChange): boolean {
  const before = person.given;
  const isSameGiven =
    before?.role === given?.role && before?.base === given?.base && before?.isKept === given?.isKept;
  const isSameRole = organizationRole === undefined && roleRuleId === person.roleRuleId;
  return !isSameRole || !isSameGiven || !isEmpty(memberships);
}
