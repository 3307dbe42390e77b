import { sql, type Kysely } from 'kysely';
import type { KeysetPosition, ListQuery, Page } from '../directory/query.js';
import type { FindColumn, SqlCondition, SqlExpression } from './filters/column.js';
import { filterToSql } from './filters/filter-to-sql.js';
import { sortKeyToSql } from './filters/sort-to-sql.js';
import type { Database } from './database.js';

/** The rows of one resource type that a list can show, and how to read them. */
export interface PageSource<Row, Item> {
  /** Alias of the resource's table in `from`. */
  readonly alias: 'u' | 't' | 'r';
  readonly columns: SqlExpression;
  /** `from` clause with joins that never multiply rows. */
  readonly from: SqlExpression;
  /** Joins that only the shown rows need, after `from`. */
  readonly joined?: SqlExpression;
  /** Tenancy and liveness. */
  readonly where: SqlCondition;
  readonly findColumn: FindColumn;
  /** The number of all live resources, where that is known without counting them. */
  readonly countAll?: () => Promise<number>;
  readonly toItem: (row: Row) => Item;
}

interface KeyedRow {
  readonly id: string;
  readonly sort_key: string | number | boolean | null;
}

/**
 * Reads one page of resources: filtered, sorted, by offset or by keyset, with the exact total. The total is counted
 * only where the page itself does not already tell it.
 */
export async function readPage<Row extends { readonly id: string }, Item>(
  db: Kysely<Database>,
  source: PageSource<Row, Item>,
  query: ListQuery,
): Promise<Page<Item>> {
  const { window, sort } = query;
  const id = sql.ref(`${source.alias}.id`);
  const selected = query.filter
    ? sql<boolean>`${source.where} and ${filterToSql(query.filter, source.findColumn)}`
    : source.where;
  const key = sort ? sortKeyToSql(sort.path, source.findColumn) : sql`null`;
  const direction = sort?.descending ? sql`desc nulls first` : sql`asc nulls last`;
  const order = sort ? sql`sort_key ${direction}, id` : sql`id`;
  const position =
    window.kind === 'after' && window.after
      ? afterPosition(window.after, sort?.descending)
      : sql<boolean>`true`;
  const offset = window.kind === 'offset' ? window.offset : 0;

  let found: readonly (Row & KeyedRow)[] = [];
  if (window.limit > 0) {
    const result = await sql<Row & KeyedRow>`
      with page as materialized (
        select id, sort_key from (
          select ${id} as id, ${key} as sort_key from ${source.from} where ${selected}
        ) candidates
        where ${position} order by ${order} offset ${offset} limit ${window.limit + 1}
      )
      select ${source.columns}, page.sort_key from page join ${source.from} on ${id} = page.id ${source.joined ?? sql``}
       where ${source.where} order by ${sort ? sql`page.sort_key ${direction}, page.id` : sql`page.id`}`.execute(
      db,
    );
    found = result.rows;
  }
  const rows = found.slice(0, window.limit);
  const hasMore = found.length > rows.length;
  return {
    items: rows.map((row) => source.toItem(row)),
    total: hasMore
      ? await countSelected(db, source, query, selected)
      : await totalOf(db, source, query, selected, rows.length),
    next: hasMore ? positionOf(query, rows.at(-1)) : undefined,
  };
}

/** Rows behind the position in the order `(sort_key, id)`, with absent keys last when ascending, first when descending. */
function afterPosition(after: KeysetPosition, descending: boolean | undefined): SqlCondition {
  const { id, sortKey } = after;
  if (sortKey === undefined) return sql<boolean>`id > ${id}::uuid`;
  if (sortKey === null)
    return descending
      ? sql<boolean>`(sort_key is not null or id > ${id}::uuid)`
      : sql<boolean>`(sort_key is null and id > ${id}::uuid)`;
  const value = sql`${sortKey}${castOf(sortKey)}`;
  return descending
    ? sql<boolean>`(sort_key < ${value} or (sort_key = ${value} and id > ${id}::uuid))`
    : sql<boolean>`(sort_key > ${value} or (sort_key = ${value} and id > ${id}::uuid) or sort_key is null)`;
}

/** Timestamps travel as text; Postgres casts the text to the type of the key it is compared with. */
const castOf = (value: string | number | boolean): SqlExpression => {
  if (typeof value === 'boolean') return sql`::boolean`;
  return typeof value === 'number' ? sql`::float8` : sql``;
};

/** The total when the page is the last one that has rows: what came before it, and what is on it. */
async function totalOf<Row, Item>(
  db: Kysely<Database>,
  source: PageSource<Row, Item>,
  query: ListQuery,
  selected: SqlCondition,
  rowCount: number,
): Promise<number> {
  const { window } = query;
  const before = window.kind === 'offset' ? window.offset : 0;
  const isWhole = window.kind === 'after' ? window.after === undefined : before === 0 || rowCount > 0;
  if (window.limit > 0 && isWhole) return before + rowCount;
  return countSelected(db, source, query, selected);
}

async function countSelected<Row, Item>(
  db: Kysely<Database>,
  source: PageSource<Row, Item>,
  query: ListQuery,
  selected: SqlCondition,
): Promise<number> {
  if (!query.filter && source.countAll) return source.countAll();
  const { rows } = await sql<{ total: number }>`
    select count(*)::int as total from ${source.from} where ${selected}`.execute(db);
  return rows[0]?.total ?? 0;
}

const positionOf = (query: ListQuery, last: KeyedRow | undefined): KeysetPosition | undefined => {
  if (query.window.kind !== 'after' || !last) return undefined;
  return query.sort ? { id: last.id, sortKey: last.sort_key } : { id: last.id };
};
