import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectPglite, connectPostgres, migrateToLatest } from '../../src/persistence/index.js';
import { administer, databaseKind, databaseUrl, TEMPLATE_DATABASE } from './database.js';

/** Migrates once; every test file then starts from a copy. */
export async function prepareDatabases(): Promise<void> {
  await (databaseKind() === 'postgres' ? preparePostgres() : preparePglite());
}

async function preparePglite(): Promise<void> {
  if (process.env['TEST_PGLITE_DUMP'] !== undefined) return;
  const connection = await connectPglite({ dataDir: undefined });
  await migrateToLatest(connection.db);
  const dump = await connection.pglite.dumpDataDir('none');
  await connection.close();
  const file = join(await mkdtemp(join(tmpdir(), 'rollcall-test-')), 'migrated.tar');
  await writeFile(file, Buffer.from(await dump.arrayBuffer()));
  process.env['TEST_PGLITE_DUMP'] = file;
}

async function preparePostgres(): Promise<void> {
  await administer(`drop database if exists ${TEMPLATE_DATABASE} with (force)`);
  await administer(`create database ${TEMPLATE_DATABASE}`);
  const connection = connectPostgres({
    url: databaseUrl(TEMPLATE_DATABASE),
    poolSize: 1,
    onIdleError: () => undefined,
  });
  await migrateToLatest(connection.db);
  await connection.close();
}
