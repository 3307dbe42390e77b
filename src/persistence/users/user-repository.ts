import type { Kysely } from 'kysely';
import type { Clock } from '../../kernel/clock.js';
import { foldCase } from '../../kernel/fold.js';
import type { ListQuery, Page } from '../../directory/query.js';
import type { RequestContext } from '../../directory/request-context.js';
import type { UserProfile, UserRecord, UserTeam, Seat } from '../../directory/users/user.js';
import { indexUserProfile } from '../../directory/users/user-index.js';
import type {
  ExternalIdScope,
  InsertedUser,
  MembershipRole,
  UserDraft,
  UserReadScope,
  UserRemovalVerdict,
  UserStore,
  UserWrite,
  UserWriteOutcome,
  UserWriteVerdict,
} from '../../directory/users/user-store.js';
import { auditParameters } from '../audit-parameters.js';
import { nextCounterSlot } from '../counters.js';
import type { Database } from '../database.js';
import { run } from '../statement.js';
import { listUsers } from './list-users.js';
import { eraseUser, restoreUser } from './removed-users.js';
import { addServiceAccount, setTeamRoles, teamsOf } from './user-memberships.js';
import { toUser, type UserRow } from './user-rows.js';
import { INSERT_USER, READ_PLAIN, READ_WITH_TEAMS, REMOVE_USER, WRITE_USER } from './user-statements.js';

/** Users in SQL. Works on the database itself and inside a transaction alike. */
export class UserRepository implements UserStore {
  readonly #db: Kysely<Database>;
  readonly #clock: Clock;

  constructor(db: Kysely<Database>, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  async find(scope: UserReadScope, id: string): Promise<UserRecord | undefined> {
    const statement = (scope.withTeams ? READ_WITH_TEAMS : READ_PLAIN).find;
    const [row] = await run<UserRow>(this.#db, statement, [scope.organizationId, scope.connectionId ?? null, id]);
    return row && toUser(row);
  }

  async findMany(scope: UserReadScope, ids: readonly string[]): Promise<readonly UserRecord[]> {
    if (ids.length === 0) return [];
    const statement = (scope.withTeams ? READ_WITH_TEAMS : READ_PLAIN).findMany;
    const rows = await run<UserRow>(this.#db, statement, [scope.organizationId, scope.connectionId ?? null, ids]);
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.flatMap((id) => {
      const row = byId.get(id);
      return row ? [toUser(row)] : [];
    });
  }

  list(scope: UserReadScope, query: ListQuery): Promise<Page<UserRecord>> {
    return listUsers(this.#db, scope, query);
  }

  async insert(
    context: RequestContext,
    scope: ExternalIdScope | undefined,
    draft: UserDraft,
  ): Promise<InsertedUser | 'removed_account'> {
    const audit = auditParameters(this.#clock, context);
    const { profile } = draft;
    const index = indexUserProfile(profile);
    const [row] = await run<{ manager_name: string | null }>(this.#db, INSERT_USER, [
      context.organizationId,
      draft.id,
      profile.userName,
      index.userNameKey,
      index.displayName,
      index.displayNameKey,
      JSON.stringify(profile.core),
      profile.enterprise ? JSON.stringify(profile.enterprise) : null,
      index.managerUserId ?? null,
      JSON.stringify(index.search),
      index.emailKeys,
      draft.isActive,
      draft.organizationRole,
      draft.seat,
      draft.accountType,
      draft.defaultTeamId ?? null,
      draft.isProtected,
      audit.now,
      scope?.connectionId ?? null,
      profile.externalId ?? null,
      scope?.isUnique ?? false,
      nextCounterSlot(),
      ...audit.columns,
      profile.managerId ?? null,
    ]);
    return row ? { managerName: row.manager_name ?? undefined, createdAt: audit.now } : 'removed_account';
  }

  async write(
    context: RequestContext,
    scope: ExternalIdScope | undefined,
    id: string,
    write: UserWrite,
  ): Promise<UserWriteOutcome | undefined> {
    const audit = auditParameters(this.#clock, context);
    const { profile } = write;
    const index = profile && indexUserProfile(profile);
    const [row] = await run<UserRow & { verdict: UserWriteVerdict }>(this.#db, WRITE_USER, [
      context.organizationId,
      id,
      scope?.connectionId ?? null,
      write.expectedVersion ?? null,
      profile !== undefined,
      profile?.userName ?? null,
      index?.userNameKey ?? null,
      index?.displayName ?? null,
      index?.displayNameKey ?? null,
      profile ? JSON.stringify(profile.core) : null,
      profile?.enterprise ? JSON.stringify(profile.enterprise) : null,
      index?.managerUserId ?? null,
      index ? JSON.stringify(index.search) : null,
      index?.emailKeys ?? null,
      profile?.externalId ?? null,
      scope?.isUnique ?? false,
      write.isActive ?? null,
      write.organizationRole ?? null,
      write.seat ?? null,
      write.accountType ?? null,
      write.isGuarded,
      write.limitsSeats ?? false,
      audit.now,
      ...audit.columns,
      context.actor.kind === 'connection',
      write.touch ?? false,
      profile?.managerId ?? null,
    ]);
    return row && { verdict: row.verdict, user: toUser(row) };
  }

  async remove(
    context: RequestContext,
    id: string,
    options: { readonly expectedVersion: number | undefined; readonly isGuarded: boolean },
  ): Promise<UserRemovalVerdict | undefined> {
    const audit = auditParameters(this.#clock, context);
    const [row] = await run<{ verdict: UserRemovalVerdict }>(this.#db, REMOVE_USER, [
      context.organizationId,
      id,
      options.expectedVersion ?? null,
      options.isGuarded,
      context.actor.kind === 'connection',
      audit.now,
      nextCounterSlot(),
      ...audit.columns,
    ]);
    return row?.verdict;
  }

  erase(context: RequestContext, id: string): Promise<void> {
    return eraseUser(this.#db, this.#clock, context, id);
  }

  async findRemoved(organizationId: string, userName: string): Promise<string | undefined> {
    const row = await this.#db
      .selectFrom('users')
      .select('id')
      .where('org_id', '=', organizationId)
      .where('removed_user_name_key', '=', foldCase(userName))
      .where('removed_at', 'is not', null)
      .orderBy('removed_at', 'desc')
      .limit(1)
      .forUpdate()
      .executeTakeFirst();
    return row?.id;
  }

  restore(
    context: RequestContext,
    scope: ExternalIdScope | undefined,
    id: string,
    profile: UserProfile,
  ): Promise<void> {
    return restoreUser(this.#db, this.#clock, context, scope, id, profile);
  }

  async countActiveAdmins(organizationId: string, exceptUserId: string): Promise<number> {
    const row = await this.#db
      .selectFrom('users')
      .select((expression) => expression.fn.countAll<number>().as('count'))
      .where('org_id', '=', organizationId)
      .where('organization_role', '=', 'admin')
      .where('account_type', '=', 'USER')
      .where('is_active', '=', true)
      .where('removed_at', 'is', null)
      .where('id', '<>', exceptUserId)
      .executeTakeFirstOrThrow();
    return row.count;
  }

  async countSeats(organizationId: string, seat: Seat, exceptUserId: string): Promise<number> {
    const row = await this.#db
      .selectFrom('users')
      .select((expression) => expression.fn.countAll<number>().as('count'))
      .where('org_id', '=', organizationId)
      .where('account_type', '=', 'USER')
      .where('is_active', '=', true)
      .where('removed_at', 'is', null)
      .where('seat', '=', seat)
      .where('id', '<>', exceptUserId)
      .executeTakeFirstOrThrow();
    return row.count;
  }

  teamsOf(organizationId: string, userId: string): Promise<readonly UserTeam[]> {
    return teamsOf(this.#db, organizationId, userId);
  }

  setTeamRoles(context: RequestContext, userId: string, roles: readonly MembershipRole[]): Promise<boolean> {
    return setTeamRoles(this.#db, this.#clock, context, userId, roles);
  }

  addServiceAccount(context: RequestContext, userId: string, teamIds: readonly string[]): Promise<void> {
    return addServiceAccount(this.#db, this.#clock, context, userId, teamIds);
  }
}
