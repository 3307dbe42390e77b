import type { Stores } from '../unit-of-work.js';
import { mapGroups, type MappedGroups, type RankCustomRole, type TeamGrant } from './map-groups.js';
import type { MappingRule } from './mapping-rule.js';
import { matchesGroup } from './match-group.js';

/** What membership of one pushed group gives. */
export interface GroupEffect {
  readonly organizationGrant: MappedGroups['organizationGrant'];
  /** In the team that the group is. */
  readonly own: TeamGrant | undefined;
  /** In teams that rules name, by their ids. */
  readonly named: ReadonlyMap<string, TeamGrant>;
}

/** The mapping rules of one Connection as they are now, ready to be asked about its groups. */
export class GroupEffects {
  readonly rules: readonly MappingRule[];
  readonly rank: RankCustomRole;
  readonly #effects = new Map<string, GroupEffect>();

  constructor(rules: readonly MappingRule[], rank: RankCustomRole) {
    this.rules = rules;
    this.rank = rank;
  }

  /** Ids of the teams that rules name. */
  get namedTeamIds(): readonly string[] {
    return [...new Set(this.rules.flatMap(({ team }) => team?.teamId ?? []))];
  }

  /** @param groupKey - the folded name of a group */
  of(groupKey: string): GroupEffect {
    const known = this.#effects.get(groupKey);
    if (known) return known;
    const { organizationGrant, byTeamId, byTeamName } = mapGroups(this.rules, [groupKey], this.rank);
    const effect = { organizationGrant, own: byTeamName.get(groupKey), named: byTeamId };
    this.#effects.set(groupKey, effect);
    return effect;
  }

  /** Ids of the rules that speak of a group. */
  idsFor(groupKey: string): readonly string[] {
    return this.rules.filter((rule) => matchesGroup(rule, groupKey)).map(({ id }) => id);
  }
}

/**
 * Reads the rules of a Connection. One that may not grant admin has none that do: what its settings said when a rule was
 * made does not count. Of a rule whose team has been archived, only the organization role is left.
 */
export async function readGroupEffects(
  stores: Stores,
  organizationId: string,
  source: { readonly connectionId: string; readonly mayGrantAdmin: boolean },
): Promise<GroupEffects> {
  const all = await stores.mappingRules.list(organizationId, { kind: 'connection', id: source.connectionId });
  const bases = await stores.mappingRules.customRoleBases(
    organizationId,
    all.flatMap(({ team }) => team?.customRoleId ?? []),
  );
  const ids = all.flatMap(({ team }) => team?.teamId ?? []);
  const live = new Set(
    (await stores.signOn.findTeams(organizationId, { ids, nameKeys: [] })).map(({ id }) => id),
  );
  const rules = all.map((rule): MappingRule => {
    const { organizationRole, team } = rule;
    return {
      ...rule,
      organizationRole: organizationRole === 'admin' && !source.mayGrantAdmin ? undefined : organizationRole,
      team: team?.teamId === undefined || live.has(team.teamId) ? team : undefined,
    };
  });
  return new GroupEffects(rules, (id) => ({ inheritedFrom: bases.get(id) ?? 'viewer' }));
}
