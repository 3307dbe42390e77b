import { sql, type Kysely } from 'kysely';
import { DomainError } from '../../kernel/errors.js';
import { toInstant, type Clock } from '../../kernel/clock.js';
import type { RequestContext } from '../../directory/request-context.js';
import type { UserTeam } from '../../directory/users/user.js';
import type { MembershipRole } from '../../directory/users/user-store.js';
import { appendAuditEvent } from '../audit-repository.js';
import type { Database } from '../database.js';
import { holdLiveTeams } from '../teams/hold-live-teams.js';

/** The live teams of a user with the name of the role in each, by team id. */
export async function teamsOf(
  db: Kysely<Database>,
  organizationId: string,
  userId: string,
): Promise<readonly UserTeam[]> {
  const rows = await db
    .selectFrom('team_members as m')
    .innerJoin('teams as t', (join) =>
      join.onRef('t.org_id', '=', 'm.org_id').onRef('t.id', '=', 'm.team_id'),
    )
    .leftJoin('roles as r', (join) =>
      join.onRef('r.org_id', '=', 'm.org_id').onRef('r.id', '=', 'm.custom_role_id'),
    )
    .select(['t.id', 't.display_name', 'm.role', 'r.name'])
    .where('m.org_id', '=', organizationId)
    .where('m.user_id', '=', userId)
    .where('t.archived_at', 'is', null)
    .orderBy('t.id')
    .execute();
  return rows.map((row) => ({ id: row.id, name: row.display_name, roleName: row.name ?? row.role }));
}

interface RoleBefore {
  readonly role: string;
  readonly custom_role_id: string | null;
}

/** Sets team roles of one user, adding missing memberships; a team's version rises when it gains the member. */
export async function setTeamRoles(
  db: Kysely<Database>,
  clock: Clock,
  context: RequestContext,
  userId: string,
  roles: readonly MembershipRole[],
): Promise<boolean> {
  const now = toInstant(clock.now());
  const organizationId = context.organizationId;
  const changed: { readonly before: RoleBefore | undefined; readonly after: MembershipRole }[] = [];
  const sorted = [...roles].sort((a, b) => (a.teamId < b.teamId ? -1 : 1));
  for (const role of sorted) {
    const team = await db
      .selectFrom('teams')
      .select('id')
      .where('org_id', '=', organizationId)
      .where('id', '=', role.teamId)
      .where('archived_at', 'is', null)
      .forNoKeyUpdate()
      .executeTakeFirst();
    if (!team) throw new DomainError('user.unknown_team', { field: 'teamRoles' });
    const before = await db
      .selectFrom('team_members')
      .select(['role', 'custom_role_id'])
      .where('org_id', '=', organizationId)
      .where('team_id', '=', role.teamId)
      .where('user_id', '=', userId)
      .forNoKeyUpdate()
      .executeTakeFirst();
    const row = await db
      .insertInto('team_members')
      .values({
        org_id: organizationId,
        team_id: role.teamId,
        user_id: userId,
        role: role.role,
        custom_role_id: role.customRoleId ?? null,
        is_registry_admin: false,
        created_at: now,
      })
      .onConflict((conflict) =>
        conflict
          .columns(['org_id', 'team_id', 'user_id'])
          .doUpdateSet({
            role: role.role,
            custom_role_id: role.customRoleId ?? null,
            // Somebody chose this role: it is no rule's to take back.
            is_role_mapped: false,
            mapping_rule_id: null,
          })
          .where((expression) =>
            expression.and([
              expression('team_members.role', '<>', 'service'),
              sql<boolean>`(team_members.role, team_members.custom_role_id)
                is distinct from (${role.role}, ${role.customRoleId ?? null}::uuid)`,
            ]),
          ),
      )
      .returning(sql<boolean>`created_at = ${now}::timestamptz`.as('is_new'))
      .executeTakeFirst();
    if (!row) continue;
    changed.push({ before, after: role });
    if (row.is_new)
      await db
        .updateTable('teams')
        .set((expression) => ({ version: expression('version', '+', 1), updated_at: now }))
        .where('org_id', '=', organizationId)
        .where('id', '=', role.teamId)
        .execute();
  }
  if (changed.length === 0) return false;
  await appendAuditEvent(db, clock, context, {
    action: 'user:update_team_roles',
    targetType: 'User',
    targetId: userId,
    before: JSON.stringify({
      teamRoles: changed.map(({ before, after: { teamId } }) => ({
        teamId,
        // Null: not a member yet.
        role: before?.role ?? null,
        ...(before?.custom_role_id ? { customRoleId: before.custom_role_id } : {}),
      })),
    }),
    after: JSON.stringify({
      teamRoles: changed.map(({ after: { teamId, role, customRoleId } }) => ({ teamId, role, customRoleId })),
    }),
  });
  return true;
}

/** Puts a service account into teams with the role `service`. @throws DomainError user.unknown_team */
export async function addServiceAccount(
  db: Kysely<Database>,
  clock: Clock,
  context: RequestContext,
  userId: string,
  teamIds: readonly string[],
): Promise<void> {
  if (teamIds.length === 0) return;
  const live = await holdLiveTeams(db, context.organizationId, teamIds);
  if (live.size < new Set(teamIds).size) throw new DomainError('user.unknown_team', { field: 'defaultTeam' });
  const now = toInstant(clock.now());
  await db
    .insertInto('team_members')
    .values(
      teamIds.map((teamId) => ({
        org_id: context.organizationId,
        team_id: teamId,
        user_id: userId,
        role: 'service' as const,
        custom_role_id: null,
        is_registry_admin: false,
        created_at: now,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
