import { foldCase } from '../../kernel/fold.js';
import { mapGroups, raise, type MappedGroups, type TeamGrant } from '../mapping-rules/map-groups.js';
import type { Stores } from '../unit-of-work.js';
import type { LiveTeam } from './sign-on-store.js';

/** What the groups that were asserted of a person mean here. */
export interface GroupPlan {
  readonly organizationGrant: MappedGroups['organizationGrant'];
  /** The teams that the person is to be in; a grant where a rule says the role. */
  readonly teams: ReadonlyMap<string, TeamGrant | undefined>;
  /** Those teams, for people to read. */
  readonly liveTeams: readonly LiveTeam[];
  /** Names that neither a team has nor a rule speaks of. */
  readonly ignored: readonly string[];
}

/**
 * Reads asserted groups: by the rules of the connection, and where group claims are taken for teams, by the teams of
 * the same names. Of several grants for one team the highest holds.
 */
export async function planGroups(
  stores: Stores,
  source: { readonly organizationId: string; readonly ssoConnectionId: string },
  groups: readonly string[],
  takesGroupClaims: boolean,
): Promise<GroupPlan> {
  const { organizationId, ssoConnectionId } = source;
  const rules = await stores.mappingRules.list(organizationId, {
    kind: 'sso_connection',
    id: ssoConnectionId,
  });
  const customRoleIds = rules.flatMap(({ team }) => team?.customRoleId ?? []);
  const bases = await stores.mappingRules.customRoleBases(organizationId, customRoleIds);
  const rank = (id: string) => ({ inheritedFrom: bases.get(id) ?? 'viewer' });
  const mapped = mapGroups(rules, groups, rank);
  const groupKeys = takesGroupClaims ? groups.map(foldCase) : [];
  const liveTeams = await stores.signOn.findTeams(organizationId, {
    ids: [...mapped.byTeamId.keys()],
    nameKeys: [...new Set([...groupKeys, ...mapped.byTeamName.keys()])],
  });
  const claimed = new Set(groupKeys);
  const grants = new Map(mapped.byTeamId);
  for (const { id, nameKey } of liveTeams) {
    const grant = mapped.byTeamName.get(nameKey);
    if (grant) raise(grants, id, grant, rank);
  }
  const wanted = liveTeams.filter(({ id, nameKey }) => grants.has(id) || claimed.has(nameKey));
  const understood = new Set([...mapped.mapped.map(foldCase), ...liveTeams.map(({ nameKey }) => nameKey)]);
  return {
    organizationGrant: mapped.organizationGrant,
    teams: new Map(wanted.map(({ id }) => [id, grants.get(id)])),
    liveTeams: wanted,
    ignored: groups.filter((group) => !understood.has(foldCase(group))),
  };
}
