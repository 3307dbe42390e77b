import { sql, type Kysely } from 'kysely';
import { toInstant, type Clock, type Instant } from '../../kernel/clock.js';
import type { RequestContext } from '../../directory/request-context.js';
import type { UserRestoration } from '../../directory/users/user-store.js';
import { indexUserProfile } from '../../directory/users/user-index.js';
import { externalIdScope } from '../../directory/connections/external-id-scope.js';
import { appendAuditEvent } from '../audit-repository.js';
import { countOneMore } from '../counters.js';
import type { Database } from '../database.js';
import { toMembers } from './user-rows.js';

/** Brings a removed account back as the restoring connection's. Teams show one member more. */
export async function restoreUser(
  db: Kysely<Database>,
  clock: Clock,
  context: RequestContext,
  id: string,
  { profile, isActive, organizationRole, seat }: UserRestoration,
): Promise<void> {
  const scope = externalIdScope(context);
  const now = toInstant(clock.now());
  const index = indexUserProfile(profile);
  const core = toMembers(profile.core);
  const enterprise = profile.enterprise ? toMembers(profile.enterprise) : null;
  const before = await db
    .selectFrom('users')
    .select(['profile', 'enterprise', 'manager_value', 'organization_role', 'seat'])
    .where('org_id', '=', context.organizationId)
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  await db
    .updateTable('users')
    .set((expression) => ({
      removed_at: null,
      is_active: isActive,
      organization_role: organizationRole,
      seat,
      user_name: profile.userName,
      user_name_key: index.userNameKey,
      removed_user_name_key: null,
      display_name: index.displayName,
      display_name_key: index.displayNameKey,
      profile: core,
      enterprise,
      manager_value: profile.managerId ?? null,
      manager_id: index.managerUserId ?? null,
      search: JSON.stringify(index.search),
      email_keys: [...index.emailKeys],
      ...(scope ? { connection_id: scope.connectionId } : {}),
      external_id: scope && !scope.isUnique ? (profile.externalId ?? null) : null,
      version: expression('version', '+', 1),
      updated_at: now,
    }))
    .where('org_id', '=', context.organizationId)
    .where('id', '=', id)
    .execute();
  if (scope?.isUnique && profile.externalId !== undefined)
    await db
      .insertInto('external_ids')
      .values({
        org_id: context.organizationId,
        connection_id: scope.connectionId,
        resource_type: 'User',
        resource_id: id,
        external_id: profile.externalId,
        is_unique: scope.isUnique,
      })
      .execute();
  await touchTeams(db, context.organizationId, id, now);
  await countOneMore(db, context.organizationId, 'users');
  await appendAuditEvent(db, clock, context, {
    action: 'user:restore',
    targetType: 'User',
    targetId: id,
    before: accountText(before, {
      active: false,
      organizationRole: before.organization_role,
      seat: before.seat,
    }),
    after: accountText(
      { profile: core, enterprise, manager_value: profile.managerId ?? null },
      {
        externalId: scope ? (profile.externalId ?? null) : null,
        active: isActive,
        organizationRole,
        seat,
      },
    ),
  });
}

/** What an audit event says of an account, as JSON text. */
function accountText(
  row: {
    readonly profile: string;
    readonly enterprise: string | null;
    readonly manager_value: string | null;
  },
  more: Readonly<Record<string, string | boolean | null>>,
): string {
  const enterprise = row.enterprise === null ? 'null' : `{${row.enterprise}}`;
  const rest = JSON.stringify({ manager: row.manager_value, ...more }).slice(1);
  return `{"profile":{${row.profile}},"enterprise":${enterprise},${rest}`;
}

async function touchTeams(
  db: Kysely<Database>,
  organizationId: string,
  userId: string,
  now: string,
): Promise<void> {
  await db
    .updateTable('teams')
    .set((expression) => ({ version: expression('version', '+', 1), updated_at: now }))
    .where('org_id', '=', organizationId)
    .where('id', 'in', (expression) =>
      expression
        .selectFrom('team_members')
        .select('team_id')
        .where('org_id', '=', organizationId)
        .where('user_id', '=', userId)
        .where('role', '<>', 'service'),
    )
    .execute();
}

/** Takes the personal data of an account that was removed before. */
export async function eraseUser(
  db: Kysely<Database>,
  clock: Clock,
  context: RequestContext,
  id: string,
): Promise<void> {
  await takePersonalData(db, context.organizationId, id, toInstant(clock.now()));
  await appendAuditEvent(db, clock, context, { action: 'user:erase', targetType: 'User', targetId: id });
}

/** Leaves an id and a display name; memberships and every other personal datum go. The account must be removed. */
export async function takePersonalData(
  db: Kysely<Database>,
  organizationId: string,
  id: string,
  now: Instant,
): Promise<void> {
  await db
    .deleteFrom('team_members')
    .where('org_id', '=', organizationId)
    .where('user_id', '=', id)
    .execute();
  await db
    .deleteFrom('local_credentials')
    .where('org_id', '=', organizationId)
    .where('user_id', '=', id)
    .execute();
  await db
    .updateTable('users')
    .set({
      erased_at: now,
      user_name: id,
      removed_user_name_key: null,
      display_name: sql<string>`case when display_name = user_name then 'Removed user' else display_name end`,
      display_name_key: '',
      profile: `"userName":"${id}"`,
      enterprise: null,
      manager_value: null,
      manager_id: null,
      search: '{}',
      email_keys: [],
      last_active_at: null,
      days_active: 0,
      updated_at: now,
    })
    .where('org_id', '=', organizationId)
    .where('id', '=', id)
    .where('removed_at', 'is not', null)
    .execute();
}
