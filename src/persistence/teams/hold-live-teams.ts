import type { Kysely } from 'kysely';
import type { Database } from '../database.js';

/**
 * Locks the live teams among these until the end of the transaction, so that none is archived meanwhile. In the order of
 * ids, as every statement that locks several teams does.
 * @returns their ids
 */
export async function holdLiveTeams(
  db: Kysely<Database>,
  organizationId: string,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await db
    .selectFrom('teams')
    .select('id')
    .where('org_id', '=', organizationId)
    .where('id', 'in', ids)
    .where('archived_at', 'is', null)
    .orderBy('id')
    .forNoKeyUpdate()
    .execute();
  return new Set(rows.map(({ id }) => id));
}
