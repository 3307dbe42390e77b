import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql, type Kysely } from 'kysely';
import { setTimeout } from 'node:timers/promises';
import type { Database } from '../../src/persistence/index.js';
import { parseTimestamp } from '../../src/persistence/column-values.js';
import { connectPostgres } from '../../src/persistence/postgres/connect-postgres.js';
import { UNKNOWN_ID } from '../conformance/rfc/support/urns.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { describeOnPostgres } from '../support/real-postgres.js';
import { startServer } from '../support/server.js';

let database: TestDatabase;
let db: Kysely<Database>;

beforeAll(async () => {
  database = await createDatabase();
  ({ db } = database.connection);
});
afterAll(async () => {
  await database.close();
});

describe('what a column becomes', () => {
  it.each([
    ['2026-01-15 09:00:00+00', '2026-01-15T09:00:00.000Z'],
    ['2026-01-15 09:00:00.1+00', '2026-01-15T09:00:00.100Z'],
    ['2026-01-15 09:00:00.12+00', '2026-01-15T09:00:00.120Z'],
    ['2026-01-15 09:00:00.123+00', '2026-01-15T09:00:00.123Z'],
    ['2026-01-15 09:00:00.123999+00', '2026-01-15T09:00:00.123Z'],
    ['1969-12-31 23:59:59.5+00', '1969-12-31T23:59:59.500Z'],
  ])('timestamptz %s is %s (RFC 7643 2.3.5)', (text, expected) => {
    expect(parseTimestamp(text)).toBe(expected);
  });

  it('a moment comes back as the text that went in, whatever the time zone of the server (RFC 7643 2.3.5)', async () => {
    for (const moment of [
      '2026-01-15T09:00:00.000Z',
      '2026-07-15T23:59:59.999Z',
      '0001-01-01T00:00:00.000Z',
    ]) {
      const { rows } = await sql<{ at: string }>`select ${moment}::timestamptz as at`.execute(db);
      expect(rows[0]?.at).toBe(moment);
    }
  });

  it('a bigint, such as a count, is a number', async () => {
    const { rows } = await sql<{ n: number }>`select count(*) as n from organizations`.execute(db);
    expect(rows[0]?.n).toBe(0);
  });
});

describe('failures of statements', () => {
  it('inside a transaction undo all of it', async () => {
    const name = 'never seen';
    const work = db.transaction().execute(async (transaction) => {
      await transaction
        .insertInto('organizations')
        .values({
          id: '01890000-0000-7000-8000-000000000001',
          name,
          name_key: name,
          created_at: '2026-01-15T09:00:00Z',
        })
        .execute();
      await sql`select 1 / 0`.execute(transaction);
    });
    await expect(work).rejects.toMatchObject({ code: '22012' });
    const found = await db.selectFrom('organizations').select('id').where('name', '=', name).execute();
    expect(found).toEqual([]);
  });

  it('a ping of a closed database is database.unavailable', async () => {
    const closed = await createDatabase();
    await closed.connection.ping();
    await closed.close();
    await expect(closed.connection.ping()).rejects.toMatchObject({ code: 'database.unavailable' });
  });
});

describeOnPostgres('connections to a Postgres server', () => {
  const terminate = async (pid: number): Promise<void> => {
    await sql`select pg_terminate_backend(${pid}::int)`.execute(db);
  };
  const pidOf = async (on: Kysely<Database>): Promise<number> => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(on);
    return rows[0]?.pid ?? 0;
  };

  it('prepare the fixed statements once and use them again (PostgreSQL PREPARE)', async () => {
    const single = await createDatabase(1);
    const server = await startServer({ database: single });
    const { scim } = await server.organization();
    for (const userName of ['a', 'b', 'c']) await scim.post('/Users', { userName });
    const { rows } = await sql<{ name: string; uses: number }>`
      select name, (generic_plans + custom_plans)::int as uses from pg_prepared_statements`.execute(
      single.connection.db,
    );
    const uses = new Map(rows.map((row) => [row.name, row.uses]));
    expect(uses.get('user_insert')).toBeGreaterThanOrEqual(3);
    expect(uses.get('connection_find_live_token')).toBeGreaterThanOrEqual(1);
    await server.close();
    await single.close();
  });

  it('survive statements that the database refuses', async () => {
    const single = await createDatabase(1);
    const server = await startServer({ database: single });
    const { scim } = await server.organization();
    const pid = await pidOf(single.connection.db);
    for (const status of [201, 409, 409])
      expect((await scim.post('/Users', { userName: 'same' })).status).toBe(status);
    expect(
      (await scim.post('/Groups', { displayName: 'team', members: [{ value: UNKNOWN_ID }] })).status,
    ).toBe(400);
    expect(await pidOf(single.connection.db)).toBe(pid);
    await server.close();
    await single.close();
  });

  it('that die while idle are replaced, and told about', async () => {
    const errors: Error[] = [];
    const other = connectPostgres({
      url: database.url ?? '',
      poolSize: 1,
      onIdleError: (error) => errors.push(error),
    });
    const pid = await pidOf(other.db);
    await terminate(pid);
    await setTimeout(200);
    expect(errors).toHaveLength(1);
    expect(await pidOf(other.db)).not.toBe(pid);
    await other.close();
  });

  it('that die between two statements of a transaction fail it as database.unavailable, and nothing else', async () => {
    const other = connectPostgres({ url: database.url ?? '', poolSize: 1, onIdleError: () => undefined });
    const work = other.db.transaction().execute(async (transaction) => {
      await terminate(await pidOf(transaction));
      await setTimeout(200);
      await sql`select 1`.execute(transaction);
    });
    await expect(work).rejects.toMatchObject({ code: 'database.unavailable' });
    await other.ping();
    await other.close();
  });

  it('that die under a statement fail it as database.unavailable, and nothing else', async () => {
    const other = connectPostgres({ url: database.url ?? '', poolSize: 1, onIdleError: () => undefined });
    const pid = await pidOf(other.db);
    const work = sql`select pg_sleep(10)`.execute(other.db).catch((error: unknown) => error);
    await setTimeout(200);
    await terminate(pid);
    expect(await work).toMatchObject({ code: 'database.unavailable' });
    await other.ping();
    await other.close();
  });

  it('are not waited for without end: a pool that is used up is database.unavailable', async () => {
    const other = connectPostgres({ url: database.url ?? '', poolSize: 1, onIdleError: () => undefined });
    const holding = sql`select pg_sleep(6)`.execute(other.db);
    await expect(other.ping()).rejects.toMatchObject({ code: 'database.unavailable' });
    await holding;
    await other.close();
  });
});
