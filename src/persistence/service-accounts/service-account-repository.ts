import { sql, type Kysely, type Selectable } from 'kysely';
import { foldCase } from '../../kernel/fold.js';
import type { Page } from '../../directory/query.js';
import type {
  ServiceAccount,
  ServiceAccountQuery,
} from '../../directory/service-accounts/service-account.js';
import type { ServiceAccountStore } from '../../directory/service-accounts/service-account-store.js';
import type { Database } from '../database.js';
import type { UserTable } from '../tables/user-tables.js';
import type { SqlCondition } from '../filters/column.js';
import { allOf, readKeysetPage } from '../keyset-page.js';

type ServiceAccountRow = Pick<
  Selectable<UserTable>,
  'id' | 'user_name' | 'account_type' | 'is_active' | 'created_at' | 'version'
> & { readonly team_id: string; readonly team_name: string };

const COLUMNS = sql`u.id, u.user_name, u.account_type, u.is_active, u.created_at, u.version, t.id as team_id,
  t.display_name as team_name`;

/** A service account keeps its team also when that is archived. */
const SOURCE = sql`users u join teams t on t.org_id = u.org_id and t.id = u.default_team_id`;

const isLive = (organizationId: string): SqlCondition =>
  sql<boolean>`u.org_id = ${organizationId}::uuid and u.account_type <> 'USER' and u.removed_at is null`;

/** Service accounts in SQL. */
export class ServiceAccountRepository implements ServiceAccountStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async find(organizationId: string, id: string): Promise<ServiceAccount | undefined> {
    const { rows } = await sql<ServiceAccountRow>`
      select ${COLUMNS} from ${SOURCE} where ${isLive(organizationId)} and u.id = ${id}::uuid`.execute(
      this.#db,
    );
    return rows[0] && toServiceAccount(rows[0]);
  }

  list(organizationId: string, query: ServiceAccountQuery): Promise<Page<ServiceAccount>> {
    const { kind, teamId, search, sort, after, limit } = query;
    return readKeysetPage<ServiceAccountRow, ServiceAccount>(
      this.#db,
      {
        columns: COLUMNS,
        from: SOURCE,
        where: allOf(
          isLive(organizationId),
          kind === undefined
            ? undefined
            : sql<boolean>`u.account_type = ${kind === 'team' ? 'SERVICE' : 'ORG_SERVICE'}`,
          teamId === undefined ? undefined : sql<boolean>`t.id = ${teamId}::uuid`,
          search === undefined
            ? undefined
            : sql<boolean>`position(${foldCase(search)} in u.user_name_key) > 0`,
        ),
        id: sql`u.id`,
        sortKey: sort.key === 'name' ? sql`u.user_name_key` : undefined,
        toItem: toServiceAccount,
      },
      { after, limit, descending: sort.descending },
    );
  }
}

const toServiceAccount = (row: ServiceAccountRow): ServiceAccount => ({
  id: row.id,
  name: row.user_name,
  kind: row.account_type === 'SERVICE' ? 'team' : 'organization',
  teamId: row.team_id,
  teamName: row.team_name,
  isActive: row.is_active,
  createdAt: row.created_at,
  version: row.version,
});
