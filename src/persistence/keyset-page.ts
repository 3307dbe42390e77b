import { sql, type Kysely } from 'kysely';
import type { KeysetPosition, Page } from '../directory/query.js';
import type { SqlCondition, SqlExpression } from './filters/column.js';
import type { Database } from './database.js';

/** A list that is read page by page in the order of one text key and the id. */
export interface KeysetSource<Row, Item> {
  readonly columns: SqlExpression;
  /** `from` clause with joins that never multiply rows. */
  readonly from: SqlExpression;
  /** Tenancy and filters. */
  readonly where: SqlCondition;
  readonly id: SqlExpression;
  /** Text that is never null, compared as bytes; undefined: by id alone, which is the order of creation. */
  readonly sortKey: SqlExpression | undefined;
  readonly toItem: (row: Row) => Item;
}

export interface KeysetWindow {
  readonly after: KeysetPosition | undefined;
  readonly limit: number;
  readonly descending: boolean;
}

interface KeyedRow {
  readonly page_id: string;
  readonly page_key: string;
}

/** Reads one page, and how many items there are on all of them. A deep page costs what the first does. */
export async function readKeysetPage<Row, Item>(
  db: Kysely<Database>,
  source: KeysetSource<Row, Item>,
  { after, limit, descending }: KeysetWindow,
): Promise<Page<Item>> {
  const key = sql`${source.sortKey ?? sql`''`} collate "C"`;
  const direction = descending ? sql`desc` : sql`asc`;
  const order = source.sortKey
    ? sql`${key} ${direction}, ${source.id} ${direction}`
    : sql`${source.id} ${direction}`;
  const position = after ? behind(source, key, after, descending) : sql<boolean>`true`;
  const { rows } = await sql<Row & KeyedRow>`
    select ${source.columns}, ${source.id} as page_id, ${key} as page_key
      from ${source.from} where ${source.where} and ${position} order by ${order} limit ${limit + 1}`.execute(
    db,
  );
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const hasMore = rows.length > page.length;
  return {
    items: page.map((row) => source.toItem(row)),
    total: after || hasMore ? await count(db, source) : page.length,
    next: hasMore && last ? { id: last.page_id, sortKey: last.page_key } : undefined,
  };
}

function behind<Row, Item>(
  source: KeysetSource<Row, Item>,
  key: SqlExpression,
  { id, sortKey }: KeysetPosition,
  descending: boolean,
): SqlCondition {
  const comparison = descending ? sql`<` : sql`>`;
  return source.sortKey
    ? sql<boolean>`(${key}, ${source.id}) ${comparison} (${String(sortKey)}::text collate "C", ${id}::uuid)`
    : sql<boolean>`${source.id} ${comparison} ${id}::uuid`;
}

async function count<Row, Item>(db: Kysely<Database>, source: KeysetSource<Row, Item>): Promise<number> {
  const { rows } = await sql<{ total: number }>`
    select count(*)::int as total from ${source.from} where ${source.where}`.execute(db);
  return rows[0]?.total ?? 0;
}

/** `all` of the conditions that are there. */
export const allOf = (...conditions: readonly (SqlCondition | undefined)[]): SqlCondition =>
  sql<boolean>`(${sql.join(
    conditions.filter((condition) => condition !== undefined),
    sql` and `,
  )})`;
