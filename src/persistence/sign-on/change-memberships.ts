import { sql, type Kysely } from 'kysely';
import { toInstant, type Clock } from '../../kernel/clock.js';
import type { RequestContext } from '../../directory/request-context.js';
import type { MembershipChanges, MembershipWrite } from '../../directory/sign-on/sign-on-store.js';
import { appendAuditEvent } from '../audit-repository.js';
import type { Database } from '../database.js';
import { holdLiveTeams } from '../teams/hold-live-teams.js';

/** Writes what group claims and mapping rules say of one person's teams; teams that gain or lose it get a new version. */
export async function changeMemberships(
  db: Kysely<Database>,
  clock: Clock,
  context: RequestContext,
  target: {
    readonly userId: string;
    readonly ssoConnectionId: string;
    readonly changes: MembershipChanges;
  },
): Promise<void> {
  const { userId, ssoConnectionId, changes } = target;
  const { organizationId } = context;
  const now = toInstant(clock.now());
  const named = [...changes.add.map(({ teamId }) => teamId), ...changes.removeTeamIds];
  // One that was archived since the changes were decided has no members.
  const live = await holdLiveTeams(db, organizationId, named);
  const added = changes.add.filter(({ teamId }) => live.has(teamId));
  if (live.size > 0)
    await db
      .updateTable('teams')
      .set((expression) => ({ version: expression('version', '+', 1), updated_at: now }))
      .where('org_id', '=', organizationId)
      .where('id', 'in', [...live])
      .execute();
  if (changes.removeTeamIds.length > 0)
    await db
      .deleteFrom('team_members')
      .where('org_id', '=', organizationId)
      .where('user_id', '=', userId)
      .where('sso_connection_id', '=', ssoConnectionId)
      .where('team_id', 'in', changes.removeTeamIds)
      .execute();
  if (added.length > 0)
    await db
      .insertInto('team_members')
      .values(
        added.map((membership) => ({
          org_id: organizationId,
          team_id: membership.teamId,
          user_id: userId,
          role: membership.role,
          custom_role_id: membership.customRoleId ?? null,
          is_registry_admin: false,
          created_at: now,
          sso_connection_id: ssoConnectionId,
          is_role_mapped: membership.isRoleMapped,
          mapping_rule_id: membership.mappingRuleId ?? null,
        })),
      )
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  for (const membership of changes.change)
    await db
      .updateTable('team_members')
      .set({
        role: membership.role,
        custom_role_id: membership.customRoleId ?? null,
        is_role_mapped: membership.isRoleMapped,
        mapping_rule_id: membership.mappingRuleId ?? null,
      })
      .where('org_id', '=', organizationId)
      .where('team_id', '=', membership.teamId)
      .where('user_id', '=', userId)
      .where(sql<boolean>`role <> 'service'`)
      .execute();
  await appendAuditEvent(db, clock, context, {
    action: 'user:apply_groups',
    targetType: 'User',
    targetId: userId,
    after: JSON.stringify({
      added: added.map(describe),
      changed: changes.change.map(describe),
      removed: changes.removeTeamIds,
    }),
  });
}

const describe = ({ teamId, role, customRoleId }: MembershipWrite) => ({ teamId, role, customRoleId });
