import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import {
  connectPglite,
  connectPostgres,
  listMigrations,
  migrateDown,
  migrateToLatest,
  type DatabaseConnection,
} from '../../src/persistence/index.js';
import { administer, createDatabase, databaseUrl } from '../support/database.js';
import { isRealPostgres } from '../support/real-postgres.js';
import { startServer } from '../support/server.js';
import { dumpSchema } from './schema-dump.js';

/** An empty database, not even migrated. */
async function createEmptyDatabase(): Promise<{ connection: DatabaseConnection; drop: () => Promise<void> }> {
  if (!isRealPostgres) {
    const connection = await connectPglite({ dataDir: undefined });
    return { connection, drop: () => connection.close() };
  }
  const name = `rollcall_${randomBytes(8).toString('hex')}`;
  await administer(`create database ${name}`);
  const connection = connectPostgres({ url: databaseUrl(name), poolSize: 2, onIdleError: () => undefined });
  return {
    connection,
    drop: async () => {
      await connection.close();
      await administer(`drop database if exists ${name} with (force)`);
    },
  };
}

describe('migrations (product decision)', () => {
  let connection: DatabaseConnection;
  let drop: () => Promise<void>;
  let names: readonly string[];
  /** The schema after each migration; the first is that of the empty database. */
  const schemas: (readonly string[])[] = [];

  beforeAll(async () => {
    ({ connection, drop } = await createEmptyDatabase());
    names = (await listMigrations(connection.db)).map(({ name }) => name);
    schemas.push(await dumpSchema(connection.db));
  });
  afterAll(async () => {
    await drop();
  });

  it('lead from an empty database to the newest schema, in order', async () => {
    expect(schemas[0]).toEqual([]);
    expect(await migrateToLatest(connection.db)).toEqual(names);
    expect((await dumpSchema(connection.db)).length).toBeGreaterThan(100);
  });

  it('do nothing the second time', async () => {
    expect(await migrateToLatest(connection.db)).toEqual([]);
  });

  it('go down one by one to nothing, and up again to the same schema', async () => {
    const newest = await dumpSchema(connection.db);
    const down: (readonly string[])[] = [newest];
    for (const name of [...names].reverse()) {
      expect(await migrateDown(connection.db)).toBe(name);
      down.push(await dumpSchema(connection.db));
    }
    expect(down.at(-1)).toEqual([]);
    for (let step = 1; step < down.length; step += 1)
      expect(down[step]?.length).toBeLessThan(down[step - 1]?.length ?? 0);
    expect(await migrateDown(connection.db)).toBeUndefined();
    expect(await migrateToLatest(connection.db)).toEqual(names);
    expect(await dumpSchema(connection.db)).toEqual(newest);
  });

  it('can be taken back some at a time and done again, as a failed deployment does', async () => {
    const newest = await dumpSchema(connection.db);
    for (let taken = 1; taken <= names.length; taken *= 2) {
      for (let step = 0; step < taken; step += 1) await migrateDown(connection.db);
      await migrateToLatest(connection.db);
      expect(await dumpSchema(connection.db)).toEqual(newest);
    }
  });

  it('make the schema that every other test runs on', async () => {
    const other = await createDatabase();
    expect(await dumpSchema(other.connection.db)).toEqual(await dumpSchema(connection.db));
    await other.close();
  });

  it('comment every table (style guide)', async () => {
    const tables = (await dumpSchema(connection.db)).filter((line) => line.startsWith('table '));
    const withOptions = /^table \w+ (\{[^}]*\} )?\S/;
    expect(tables.filter((line) => !withOptions.test(line))).toEqual([]);
  });

  it('leave what people made in place when they run again', async () => {
    const server = await startServer();
    const { scim } = await server.organization();
    const { body } = await scim.post('/Users', { userName: 'still here' });
    expect(await migrateToLatest(server.database.connection.db)).toEqual([]);
    expect((await scim.get(`/Users/${body.id}`)).status).toBe(200);
    await server.close();
  });
});
