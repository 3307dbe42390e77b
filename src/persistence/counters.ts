import { sql, type Kysely } from 'kysely';
import type { Database } from './database.js';

/** The counter rows that every organization has; the function `counter_slot` names one of them for each connection. */
export const COUNTER_SLOTS: readonly number[] = Array.from({ length: 16 }, (_, slot) => slot);

/** Counts a user or team that has come, for statements that do not do so themselves. */
export async function countOneMore(
  db: Kysely<Database>,
  organizationId: string,
  kind: 'users' | 'teams',
): Promise<void> {
  await db
    .updateTable('organization_counters')
    .set((expression) => ({ [kind]: expression(kind, '+', 1) }))
    .where('org_id', '=', organizationId)
    .where('slot', '=', sql<number>`counter_slot()`)
    .execute();
}
