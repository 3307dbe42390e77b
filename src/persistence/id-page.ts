import { sql, type SelectQueryBuilder } from 'kysely';
import type { IdWindow, Page } from '../directory/query.js';
import type { Database } from './database.js';

/** One page of a selection in the order of its ids, and how many there are on all pages. */
export async function readIdPage<Table extends keyof Database, Row extends { readonly id: string }, Item>(
  selected: SelectQueryBuilder<Database, Table, Row>,
  { after, limit, descending }: IdWindow,
  toItem: (row: Row) => Item,
): Promise<Page<Item>> {
  const { total } = await selected
    .clearSelect()
    .select((expression) => expression.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  const position = after && (descending ? sql<boolean>`id < ${after.id}` : sql<boolean>`id > ${after.id}`);
  const rows = await (position ? selected.where(position) : selected)
    .orderBy(sql`id`, descending ? 'desc' : 'asc')
    .limit(limit + 1)
    .execute();
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(toItem),
    total,
    next: rows.length > page.length && last ? { id: last.id } : undefined,
  };
}
