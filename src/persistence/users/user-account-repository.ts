import { sql, type Kysely, type Selectable } from 'kysely';
import type { Instant } from '../../kernel/clock.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.js';
import type { Page } from '../../directory/query.js';
import type {
  AccountEmail,
  AccountFilter,
  AccountQuery,
  AccountSortKey,
  AccountTeam,
  ListedStatus,
  UserAccount,
} from '../../directory/users/user-account.js';
import type { StatusMoments, UserAccountStore } from '../../directory/users/user-account-store.js';
import type { Database } from '../database.js';
import type { UserTable } from '../tables/user-tables.js';
import type { SqlExpression } from '../filters/column.js';
import { allOf, readKeysetPage } from '../keyset-page.js';
import { accountStatus } from './account-conditions.js';
import { selectAccounts } from './account-sources.js';

type UserRow = Selectable<UserTable>;
type AccountRow = Pick<
  UserRow,
  | 'id'
  | 'user_name'
  | 'display_name'
  | 'profile'
  | 'organization_role'
  | 'seat'
  | 'account_type'
  | 'default_team_id'
  | 'is_protected'
  | 'connection_id'
  | 'last_active_at'
  | 'days_active'
  | 'created_at'
  | 'updated_at'
  | 'removed_at'
  | 'version'
> & { readonly status: ListedStatus };

const COLUMNS = sql`u.id, u.user_name, u.display_name, u.profile, u.organization_role, u.seat, u.account_type,
  u.default_team_id, u.is_protected, u.connection_id, u.last_active_at, u.days_active, u.created_at, u.updated_at,
  u.removed_at, u.version`;

/** Who has never been active comes before everybody else. */
const SORT_KEYS: Readonly<Record<AccountSortKey, SqlExpression | undefined>> = {
  userName: sql`coalesce(u.user_name_key, u.removed_user_name_key, '')`,
  displayName: sql`u.display_name_key`,
  createdAt: undefined,
  lastActiveAt: sql`coalesce(utc_instant(u.last_active_at), '')`,
};

/** Accounts as admins see them, in SQL. */
export class UserAccountRepository implements UserAccountStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  find(organizationId: string, id: string, inactiveSince: Instant): Promise<UserAccount | undefined> {
    return this.#read(organizationId, id, inactiveSince, sql``);
  }

  lock(organizationId: string, id: string, inactiveSince: Instant): Promise<UserAccount | undefined> {
    return this.#read(organizationId, id, inactiveSince, sql`for no key update of u`);
  }

  async #read(
    organizationId: string,
    id: string,
    inactiveSince: Instant,
    lock: SqlExpression,
  ): Promise<UserAccount | undefined> {
    const { rows } = await sql<AccountRow>`
      select ${COLUMNS}, ${accountStatus(inactiveSince)} as status from users u
       where u.org_id = ${organizationId}::uuid and u.id = ${id}::uuid ${lock}`.execute(this.#db);
    return rows[0] && toAccount(rows[0]);
  }

  list(organizationId: string, query: AccountQuery, moments: StatusMoments): Promise<Page<UserAccount>> {
    const { from, where, status } = selectAccounts(organizationId, query, moments);
    return readKeysetPage<AccountRow, UserAccount>(
      this.#db,
      {
        columns: sql`${COLUMNS}, ${status} as status`,
        from,
        where,
        id: sql`u.id`,
        sortKey: SORT_KEYS[query.sort.key],
        toItem: toAccount,
      },
      { after: query.after, limit: query.limit, descending: query.sort.descending },
    );
  }

  async next(
    organizationId: string,
    filter: AccountFilter,
    moments: StatusMoments,
    { after, limit }: { readonly after: string | undefined; readonly limit: number },
  ): Promise<readonly UserAccount[]> {
    const { from, where, status } = selectAccounts(organizationId, filter, moments);
    const position = after === undefined ? undefined : sql<boolean>`u.id > ${after}::uuid`;
    const { rows } = await sql<AccountRow>`
      select ${COLUMNS}, ${status} as status from ${from} where ${allOf(where, position)}
       order by u.id limit ${limit}`.execute(this.#db);
    return rows.map(toAccount);
  }

  async teams(organizationId: string, id: string): Promise<readonly AccountTeam[]> {
    const rows = await this.#db
      .selectFrom('team_members as m')
      .innerJoin('teams as t', (join) =>
        join.onRef('t.org_id', '=', 'm.org_id').onRef('t.id', '=', 'm.team_id'),
      )
      .leftJoin('roles as r', (join) =>
        join.onRef('r.org_id', '=', 'm.org_id').onRef('r.id', '=', 'm.custom_role_id'),
      )
      .select(['t.id', 't.display_name', 'm.role', 'r.name', 'm.is_registry_admin'])
      .where('m.org_id', '=', organizationId)
      .where('m.user_id', '=', id)
      .where('t.archived_at', 'is', null)
      .orderBy('t.display_name_key')
      .execute();
    return rows.map((row) => ({
      teamId: row.id,
      teamName: row.display_name,
      roleName: row.name ?? row.role,
      isRegistryAdmin: row.is_registry_admin,
    }));
  }
}

function toAccount(row: AccountRow): UserAccount {
  const core = JSON.parse(`{${row.profile}}`) as JsonObject;
  const name = isJsonObject(core['name']) ? core['name'] : {};
  return {
    id: row.id,
    userName: row.user_name,
    displayName: row.display_name,
    name: { givenName: textOf(name['givenName']), familyName: textOf(name['familyName']) },
    emails: emailsOf(core['emails']),
    title: textOf(core['title']),
    status: row.status,
    organizationRole: row.organization_role,
    seat: row.seat,
    accountType: row.account_type,
    defaultTeamId: row.default_team_id ?? undefined,
    isProtected: row.is_protected,
    connectionId: row.connection_id ?? undefined,
    lastActiveAt: row.last_active_at ?? undefined,
    daysActive: row.days_active,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    removedAt: row.removed_at ?? undefined,
    version: row.version,
  };
}

const textOf = (value: JsonValue | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;

const emailsOf = (value: JsonValue | undefined): readonly AccountEmail[] =>
  (Array.isArray(value) ? value : []).flatMap((email) => {
    if (!isJsonObject(email)) return [];
    const address = textOf(email['value']);
    if (address === undefined) return [];
    return [{ value: address, type: textOf(email['type']), isPrimary: email['primary'] === true }];
  });
