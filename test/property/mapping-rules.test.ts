import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decidePerson } from '../../src/directory/mapping-rules/decide-person.js';
import { GroupEffects } from '../../src/directory/mapping-rules/group-effects.js';
import type { GroupMembership, MappedPerson } from '../../src/directory/mapping-rules/group-mapping-store.js';
import type { MappingRule } from '../../src/directory/mapping-rules/mapping-rule.js';
import type { OrganizationRole } from '../../src/directory/users/user.js';

const GROUPS = ['alpha', 'beta', 'beta-2', 'gamma'] as const;
/** A team that is no group. */
const NAMED = 'named-team';
const RANK = { viewer: 0, member: 1, admin: 2 } as const;

const roles = fc.constantFrom<OrganizationRole>('admin', 'member', 'viewer');

const rule: fc.Arbitrary<MappingRule> = fc.record({
  id: fc.uuid(),
  organizationId: fc.constant('organization'),
  source: fc.constant({ kind: 'connection', id: 'connection' } as const),
  groupName: fc.constantFrom('ALPHA', 'beta', 'gamma', 'beta*', '*'),
  match: fc.constant('pattern' as const),
  organizationRole: fc.option(roles, { nil: undefined }),
  team: fc.option(
    fc.record({
      teamId: fc.constantFrom(NAMED, undefined),
      role: roles,
      customRoleId: fc.constant(undefined),
    }),
    { nil: undefined },
  ),
  version: fc.constant(1),
  createdAt: fc.constant('2026-01-01T00:00:00.000Z'),
  updatedAt: fc.constant('2026-01-01T00:00:00.000Z'),
});

const steps = fc.array(fc.record({ group: fc.constantFrom(...GROUPS), isIn: fc.boolean() }), {
  maxLength: 12,
});

const pushed = (group: string): GroupMembership => ({
  teamId: group,
  role: 'member',
  customRoleId: undefined,
  isRoleMapped: false,
  mappingRuleId: undefined,
  isMadeBySignOn: false,
  isPushed: true,
  isMadeByRule: false,
  groupKey: group,
});

/** What the store makes of a decision. */
function decide(person: MappedPerson, effects: GroupEffects): MappedPerson {
  const { organizationRole, roleRuleId, given, memberships } = decidePerson(person, effects, true);
  const changed = new Map(memberships.change.map((write) => [write.teamId, write]));
  return {
    ...person,
    organizationRole: organizationRole ?? person.organizationRole,
    roleRuleId,
    given,
    memberships: [
      ...person.memberships
        .filter(({ teamId }) => !memberships.removeTeamIds.includes(teamId))
        .map((membership) => ({ ...membership, ...changed.get(membership.teamId) })),
      ...memberships.add.map((write) => ({
        ...pushed(write.teamId),
        ...write,
        isPushed: false,
        isMadeByRule: true,
        groupKey: undefined,
      })),
    ],
  };
}

function push(person: MappedPerson, group: string, isIn: boolean): MappedPerson {
  const others = person.memberships.filter(({ teamId }) => teamId !== group);
  const own = person.memberships.find(({ teamId }) => teamId === group) ?? pushed(group);
  return { ...person, memberships: isIn ? [...others, own] : others };
}

const matches = ({ groupName }: MappingRule, group: string): boolean =>
  groupName === '*' ||
  (groupName.endsWith('*') ? group.startsWith(groupName.slice(0, -1)) : groupName.toLowerCase() === group);

const highest = (given: readonly OrganizationRole[]): OrganizationRole | undefined =>
  [...given].sort((a, b) => RANK[b] - RANK[a])[0];

describe('mapping rules for pushed groups', () => {
  const effectsOf = (rules: readonly MappingRule[]) =>
    new GroupEffects(rules, () => ({ inheritedFrom: 'member' }));

  it('after any pushes, roles are the highest that the groups that are left give (product decision)', () => {
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 6 }), roles, steps, (rules, base, pushes) => {
        const effects = effectsOf(rules);
        let person: MappedPerson = {
          id: 'person',
          organizationRole: base,
          roleRuleId: undefined,
          isActive: true,
          given: undefined,
          memberships: [],
        };
        const left = new Set<string>();
        for (const { group, isIn } of pushes) {
          person = decide(push(person, group, isIn), effects);
          if (isIn) left.add(group);
          else left.delete(group);
        }
        const speaking = rules.flatMap((each) =>
          [...left].filter((group) => matches(each, group)).map((group) => ({ each, group })),
        );
        const expected = highest(speaking.flatMap(({ each }) => each.organizationRole ?? []));
        expect(person.organizationRole).toBe(expected ?? base);
        const giving = speaking
          .filter(({ each }) => each.organizationRole === expected)
          .map(({ each }) => each.id);
        if (expected === undefined) expect(person.roleRuleId).toBeUndefined();
        else expect(giving).toContain(person.roleRuleId);
        const teams = new Map<string, OrganizationRole>([...left].map((group) => [group, 'member']));
        for (const teamId of [...left, NAMED]) {
          const grants = speaking.flatMap(({ each: { team }, group }) =>
            team && (team.teamId ?? group) === teamId ? [team.role as OrganizationRole] : [],
          );
          const role = highest(grants);
          if (role) teams.set(teamId, role);
        }
        expect(new Map(person.memberships.map(({ teamId, role }) => [teamId, role]))).toEqual(teams);
      }),
    );
  });

  it('deciding again changes nothing', () => {
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 6 }), roles, steps, (rules, organizationRole, pushes) => {
        const effects = effectsOf(rules);
        const start = {
          id: 'person',
          organizationRole,
          roleRuleId: undefined,
          isActive: true,
          given: undefined,
          memberships: [],
        };
        const once = pushes.reduce<MappedPerson>(
          (person, { group, isIn }) => decide(push(person, group, isIn), effects),
          start,
        );
        expect(decide(once, effects)).toEqual(once);
      }),
    );
  });
});
