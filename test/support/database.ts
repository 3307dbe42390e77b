import { readFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { connectPglite, connectPostgres, type DatabaseConnection } from '../../src/persistence/index.js';

/** Where the tests keep their data: PGlite by default, real Postgres with TEST_DATABASE=postgres. */
export const databaseKind = (): 'pglite' | 'postgres' =>
  process.env['TEST_DATABASE'] === 'postgres' ? 'postgres' : 'pglite';

/** Name of the migrated database that every test database is a copy of. */
export const TEMPLATE_DATABASE = 'rollcall_template';

/** Address of a database on the test server; TEST_DATABASE_URL names the server. */
export function databaseUrl(name: string): string {
  const url = process.env['TEST_DATABASE_URL'];
  if (url === undefined) throw new Error('TEST_DATABASE=postgres needs TEST_DATABASE_URL');
  const address = new URL(url);
  address.pathname = `/${name}`;
  return address.href;
}

/** Runs one statement on the server's maintenance database. */
export async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl('postgres') });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

export interface TestDatabase {
  readonly connection: DatabaseConnection;
  /** Address for further connections; undefined on PGlite, which has one. */
  readonly url: string | undefined;
  close(): Promise<void>;
}

/** A migrated, empty database of its own. */
export const createDatabase = (poolSize = 8): Promise<TestDatabase> =>
  databaseKind() === 'postgres' ? createPostgresDatabase(poolSize) : createPgliteDatabase();

/** Path of a tar with the data directory of a migrated, empty PGlite. */
export function migratedDump(): string {
  const dump = process.env['TEST_PGLITE_DUMP'];
  if (dump === undefined) throw new Error('the global set-up has not run on PGlite');
  return dump;
}

async function createPgliteDatabase(): Promise<TestDatabase> {
  const connection = await connectPglite({
    dataDir: undefined,
    loadDataDir: new Blob([await readFile(migratedDump())]),
  });
  return { connection, url: undefined, close: () => connection.close() };
}

async function createPostgresDatabase(poolSize: number): Promise<TestDatabase> {
  const name = `rollcall_${randomBytes(8).toString('hex')}`;
  await administer(`create database ${name} template ${TEMPLATE_DATABASE}`);
  const url = databaseUrl(name);
  const connection = connectPostgres({ url, poolSize, onIdleError: () => undefined });
  return {
    connection,
    url,
    close: async () => {
      await connection.close();
      await administer(`drop database if exists ${name} with (force)`);
    },
  };
}
