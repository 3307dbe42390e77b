import { sql, type Kysely } from 'kysely';
import { toInstant, type Clock, type Instant } from '../../kernel/clock.js';
import { foldCase } from '../../kernel/fold.js';
import type { AuditAction } from '../../directory/audit/audit-event.js';
import type { Page } from '../../directory/query.js';
import type { RequestContext } from '../../directory/request-context.js';
import type { Candidate, MembershipStore, MemberWrite } from '../../directory/teams/membership-store.js';
import type {
  AccountReference,
  MemberQuery,
  MemberSortKey,
  TeamMembership,
} from '../../directory/teams/team-membership.js';
import type { AccountType } from '../../directory/users/user.js';
import type { AccountStatus } from '../../directory/users/user-account.js';
import { emailKey } from '../../directory/users/user-index.js';
import { appendAuditEvent } from '../audit-repository.js';
import type { Database } from '../database.js';
import type { SqlCondition, SqlExpression } from '../filters/column.js';
import { allOf, readKeysetPage } from '../keyset-page.js';
import { accountMatches, accountStatus } from '../users/account-conditions.js';

interface MemberRow {
  readonly id: string;
  readonly user_name: string;
  readonly display_name: string;
  readonly account_type: AccountType;
  readonly status: AccountStatus;
  readonly role_name: string;
  readonly custom_role_id: string | null;
  readonly is_registry_admin: boolean;
  readonly sso_connection_id: string | null;
  readonly created_at: string;
}

const FROM = sql`team_members m
  join users u on u.org_id = m.org_id and u.id = m.user_id and u.removed_at is null
  left join roles r on r.org_id = m.org_id and r.id = m.custom_role_id`;

const columns = (inactiveSince: Instant): SqlExpression => sql`
  u.id, u.user_name, u.display_name, u.account_type, ${accountStatus(inactiveSince)} as status,
  coalesce(r.name, m.role) as role_name, m.custom_role_id, m.is_registry_admin, m.sso_connection_id, m.created_at`;

const inTeam = (organizationId: string, teamId: string): SqlCondition =>
  sql<boolean>`m.org_id = ${organizationId}::uuid and m.team_id = ${teamId}::uuid`;

const SORT_KEYS: Readonly<Record<MemberSortKey, SqlExpression>> = {
  displayName: sql`u.display_name_key`,
  userName: sql`u.user_name_key`,
};

/** A person has few accounts with one address; two are as ambiguous as ten. */
const CANDIDATES = 2;

/** Memberships in SQL. */
export class MembershipRepository implements MembershipStore {
  readonly #db: Kysely<Database>;
  readonly #clock: Clock;

  constructor(db: Kysely<Database>, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  list(
    organizationId: string,
    teamId: string,
    query: MemberQuery,
    inactiveSince: Instant,
  ): Promise<Page<TeamMembership>> {
    const { search, roleName } = query;
    return readKeysetPage<MemberRow, TeamMembership>(
      this.#db,
      {
        columns: columns(inactiveSince),
        from: FROM,
        where: allOf(
          inTeam(organizationId, teamId),
          search === undefined ? undefined : accountMatches(search),
          roleName === undefined ? undefined : sql<boolean>`coalesce(r.name, m.role) = ${roleName}`,
        ),
        id: sql`u.id`,
        sortKey: SORT_KEYS[query.sort.key],
        toItem: toMembership,
      },
      { after: query.after, limit: query.limit, descending: query.sort.descending },
    );
  }

  async find(
    organizationId: string,
    teamId: string,
    userId: string,
    inactiveSince: Instant,
  ): Promise<TeamMembership | undefined> {
    const { rows } = await sql<MemberRow>`
      select ${columns(inactiveSince)} from ${FROM}
       where ${inTeam(organizationId, teamId)} and m.user_id = ${userId}::uuid`.execute(this.#db);
    return rows[0] && toMembership(rows[0]);
  }

  async findCandidates(
    organizationId: string,
    { userId, userName, email }: AccountReference,
  ): Promise<readonly Candidate[]> {
    const rows = await this.#db
      .selectFrom('users as u')
      .select(['u.id', 'u.account_type', 'u.default_team_id'])
      .where('u.org_id', '=', organizationId)
      .where('u.removed_at', 'is', null)
      .$if(userId !== undefined, (query) => query.where('u.id', '=', userId ?? ''))
      .$if(userName !== undefined, (query) => query.where('u.user_name_key', '=', foldCase(userName ?? '')))
      .$if(email !== undefined, (query) =>
        query.where(sql<boolean>`u.email_keys @> array[${emailKey(foldCase(email ?? ''))}]::text[]`),
      )
      .orderBy('u.id')
      .limit(CANDIDATES)
      .execute();
    return rows.map((row) => ({
      id: row.id,
      accountType: row.account_type,
      defaultTeamId: row.default_team_id ?? undefined,
    }));
  }

  async insert(context: RequestContext, member: MemberWrite): Promise<boolean> {
    const now = toInstant(this.#clock.now());
    const inserted = await this.#db
      .insertInto('team_members')
      .values({
        org_id: context.organizationId,
        team_id: member.teamId,
        user_id: member.userId,
        role: member.role.role,
        custom_role_id: member.role.customRoleId ?? null,
        is_registry_admin: member.isRegistryAdmin,
        created_at: now,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('user_id')
      .executeTakeFirst();
    if (!inserted) return false;
    await this.#touch(context.organizationId, member.teamId, now);
    await this.#audit(context, 'team:add_member', member.teamId, { after: describe(member) });
    return true;
  }

  async update(context: RequestContext, before: TeamMembership, member: MemberWrite): Promise<void> {
    const { role, customRoleId } = member.role;
    const changed = await this.#db
      .updateTable('team_members')
      .set({
        role,
        custom_role_id: customRoleId ?? null,
        is_registry_admin: member.isRegistryAdmin,
        is_role_mapped: false,
        mapping_rule_id: null,
      })
      .where('org_id', '=', context.organizationId)
      .where('team_id', '=', member.teamId)
      .where('user_id', '=', member.userId)
      .where(
        sql<boolean>`(role, custom_role_id, is_registry_admin)
          is distinct from (${role}, ${customRoleId ?? null}::uuid, ${member.isRegistryAdmin}::boolean)`,
      )
      .returning('user_id')
      .executeTakeFirst();
    if (!changed) return;
    const { userId, roleName, customRoleId: oldCustomRoleId, isRegistryAdmin } = before;
    await this.#audit(context, 'team:update_member', member.teamId, {
      before: {
        userId,
        role: oldCustomRoleId === undefined ? roleName : 'custom',
        customRoleId: oldCustomRoleId,
        isRegistryAdmin,
      },
      after: describe(member),
    });
  }

  async remove(
    context: RequestContext,
    teamId: string,
    userId: string,
  ): Promise<{ readonly pushedBy: string | undefined } | undefined> {
    const removed = await this.#db
      .deleteFrom('team_members')
      .where('org_id', '=', context.organizationId)
      .where('team_id', '=', teamId)
      .where('user_id', '=', userId)
      .returning(['role', 'custom_role_id', 'is_registry_admin', 'connection_id'])
      .executeTakeFirst();
    if (!removed) return undefined;
    await this.#touch(context.organizationId, teamId, toInstant(this.#clock.now()));
    await this.#audit(context, 'team:remove_member', teamId, {
      before: {
        userId,
        role: removed.role,
        customRoleId: removed.custom_role_id ?? undefined,
        isRegistryAdmin: removed.is_registry_admin,
      },
    });
    return { pushedBy: removed.connection_id ?? undefined };
  }

  /** A team's document shows its members, so its version rises with them. */
  async #touch(organizationId: string, teamId: string, now: string): Promise<void> {
    await this.#db
      .updateTable('teams')
      .set((expression) => ({ version: expression('version', '+', 1), updated_at: now }))
      .where('org_id', '=', organizationId)
      .where('id', '=', teamId)
      .execute();
  }

  async #audit(
    context: RequestContext,
    action: AuditAction,
    teamId: string,
    change: { readonly before?: object; readonly after?: object },
  ): Promise<void> {
    await appendAuditEvent(this.#db, this.#clock, context, {
      action,
      targetType: 'Team',
      targetId: teamId,
      ...(change.before ? { before: JSON.stringify(change.before) } : {}),
      ...(change.after ? { after: JSON.stringify(change.after) } : {}),
    });
  }
}

const describe = ({ userId, role, isRegistryAdmin }: MemberWrite): object => ({
  userId,
  ...role,
  isRegistryAdmin,
});

const toMembership = (row: MemberRow): TeamMembership => ({
  userId: row.id,
  userName: row.user_name,
  displayName: row.display_name,
  accountType: row.account_type,
  status: row.status,
  roleName: row.role_name,
  customRoleId: row.custom_role_id ?? undefined,
  isRegistryAdmin: row.is_registry_admin,
  ssoConnectionId: row.sso_connection_id ?? undefined,
  since: row.created_at,
});
