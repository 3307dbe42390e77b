import { sql, type Kysely } from 'kysely';
import { foldCase } from '../../kernel/fold.js';
import { LIMITS } from '../../kernel/limits.js';
import type { ListQuery, Page } from '../../directory/query.js';
import { matchedUserName } from '../../directory/users/matched-user-name.js';
import type { ListedUser } from '../../directory/users/user.js';
import type { UserReadScope } from '../../directory/users/user-store.js';
import type { Database } from '../database.js';
import type { SqlExpression } from '../filters/column.js';
import { userColumns } from '../filters/user-columns.js';
import { readPage } from '../page-query.js';
import { run } from '../statement.js';
import { toDocumentText, userWire } from './user-document.js';
import { COUNT_USERS, READ_PLAIN, READ_WITH_TEAMS } from './user-statements.js';

interface UserListRow {
  readonly id: string;
  readonly wire: string;
}

const toListed = ({ id, wire }: UserListRow, { baseUrl }: UserReadScope): ListedUser => ({
  id,
  json: toDocumentText(id, wire, baseUrl),
});

const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** One page of live users. What IdPs ask all day (match by userName, walk the whole list) runs as fixed statements. */
export async function listUsers(
  db: Kysely<Database>,
  scope: UserReadScope,
  query: ListQuery,
): Promise<Page<ListedUser>> {
  const userName = matchedUserName(query);
  if (userName !== undefined) return matchUserName(db, scope, userName);
  if (!query.filter && !query.sort && query.window.limit > 0) return walkUsers(db, scope, query);
  return readPage<UserListRow, ListedUser>(
    db,
    {
      alias: 'u',
      columns: selectedColumns(scope),
      from: sql`users u`,
      where: sql<boolean>`(u.org_id = ${scope.organizationId}::uuid and u.removed_at is null)`,
      findColumn: userColumns(scope),
      countAll: () => countUsers(db, scope.organizationId),
      toItem: (row) => toListed(row, scope),
    },
    query,
  );
}

const selectedColumns = (scope: UserReadScope): SqlExpression => {
  const { withTeams } = scope;
  const wire = userWire({ user: 'u', connection: CONNECTION, baseUrl: BASE_URL, withTeams });
  return sql`u.id, ${ownSql(wire, scope)} as wire`;
};

/** Stand for parameters in our own SQL text. */
const BASE_URL = '$baseUrl';
const CONNECTION = '$connection';

/** Fixed SQL text of this folder, never a client's, with parameters where their names stand. */
function ownSql(text: string, scope: UserReadScope): SqlExpression {
  const parts = text.split(/(\$baseUrl|\$connection)/).map((part) => {
    if (part === BASE_URL) return sql`${scope.baseUrl}::text`;
    // eslint-disable-next-line no-restricted-syntax -- fixed text of this folder, never a client's
    return part === CONNECTION ? sql`${scope.connectionId ?? null}::uuid` : sql.raw(part);
  });
  return sql.join(parts, sql``);
}

async function matchUserName(
  db: Kysely<Database>,
  scope: UserReadScope,
  userName: string,
): Promise<Page<ListedUser>> {
  const statement = (scope.withTeams ? READ_WITH_TEAMS : READ_PLAIN).matchUserName;
  const rows = await run<UserListRow>(db, statement, [
    scope.organizationId,
    scope.connectionId ?? null,
    scope.baseUrl,
    foldCase(userName),
  ]);
  return {
    items: rows.map((row) => toListed(row, scope)),
    total: rows.length,
    next: undefined,
  };
}

async function walkUsers(
  db: Kysely<Database>,
  scope: UserReadScope,
  query: ListQuery,
): Promise<Page<ListedUser>> {
  const { window } = query;
  const rows = await readWalk(db, scope, query);
  const page = rows.slice(0, window.limit);
  const last = page.at(-1);
  return {
    items: page.map((row) => toListed(row, scope)),
    total: last?.total ?? (await countUsers(db, scope.organizationId)),
    next: window.kind === 'after' && last && rows.length > window.limit ? { id: last.id } : undefined,
  };
}

/** The rows of a page and one more, which tells whether there is another page. */
function readWalk(
  db: Kysely<Database>,
  scope: UserReadScope,
  { window }: ListQuery,
): Promise<(UserListRow & { total: number })[]> {
  const statements = scope.withTeams ? READ_WITH_TEAMS : READ_PLAIN;
  const leading = [scope.organizationId, scope.connectionId ?? null, scope.baseUrl];
  const limit = window.limit + 1;
  if (window.kind === 'offset' && window.offset > 0)
    return run(db, statements.pageAt, [...leading, window.offset, limit]);
  const after = (window.kind === 'after' ? window.after?.id : undefined) ?? FIRST_ID;
  return window.limit === LIMITS.defaultPageSize
    ? run(db, statements.defaultPageAfter, [...leading, after])
    : run(db, statements.pageAfter, [...leading, after, limit]);
}

async function countUsers(db: Kysely<Database>, organizationId: string): Promise<number> {
  const [row] = await run<{ total: number }>(db, COUNT_USERS, [organizationId]);
  return row?.total ?? 0;
}
