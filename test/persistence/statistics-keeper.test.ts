import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql, type Kysely } from 'kysely';
import { setTimeout } from 'node:timers/promises';
import { StatisticsKeeper, type Database } from '../../src/persistence/index.js';
import { createDatabase, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
let db: Kysely<Database>;
let keeper: StatisticsKeeper;

beforeAll(async () => {
  database = await createDatabase();
  ({ db } = database.connection);
  await sql`alter table organizations set (autovacuum_enabled = false)`.execute(db);
  keeper = new StatisticsKeeper(db, {
    isEmbedded: database.connection.kind === 'pglite',
    onError: (error) => {
      throw error;
    },
  });
});
afterAll(async () => {
  await database.close();
});

const addOrganizations = (from: number, to: number) =>
  sql`
    insert into organizations (id, name, name_key, created_at)
    select gen_random_uuid(), n::text, n::text, now() from generate_series(${from}::int, ${to}::int) n`.execute(
    db,
  );

/** Rows that Postgres knows of in the table: it reports them a moment after the transaction. */
async function reported(column: 'n_live_tup' | 'n_mod_since_analyze', atLeast: number): Promise<void> {
  for (;;) {
    const { rows } = await sql<{ found: number }>`
      select ${sql.ref(column)}::int as found from pg_stat_user_tables where relname = 'organizations'`.execute(
      db,
    );
    if ((rows[0]?.found ?? 0) >= atLeast) return;
    await setTimeout(50);
  }
}

describe('statistics of tables (ADR 16)', () => {
  it('are gathered while a table fills, and again when it has grown, not for every few rows', async () => {
    await addOrganizations(1, 1_000);
    await reported('n_live_tup', 1_000);
    expect(await keeper.refresh()).toContain('organizations');
    expect(await keeper.refresh()).not.toContain('organizations');

    await addOrganizations(1_001, 1_100);
    await reported('n_mod_since_analyze', 100);
    expect(await keeper.refresh()).not.toContain('organizations');

    await addOrganizations(1_101, 2_300);
    await reported('n_live_tup', 2_300);
    expect(await keeper.refresh()).toContain('organizations');
  });

  it('are not gathered on a server because rows changed, which it sees to itself; the embedded database does not', async () => {
    await sql`update organizations set display_name = name`.execute(db);
    await reported('n_mod_since_analyze', 2_300);
    const analyzed = await keeper.refresh();
    expect(analyzed.includes('organizations')).toBe(database.connection.kind === 'pglite');
  });
});
