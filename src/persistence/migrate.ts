import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { sql, type Kysely } from 'kysely';
import { FileMigrationProvider, Migrator, type MigrationInfo } from 'kysely/migration';
import type { Database } from './database.js';

const migratorOf = (db: Kysely<Database>): Migrator =>
  new Migrator({
    db,
    provider: new FileMigrationProvider({
      fs,
      path: { join },
      migrationFolder: join(import.meta.dirname, '../../migrations'),
    }),
  });

/**
 * Brings the schema to the newest version. Replicas that start together take turns under the migrator's lock.
 * @returns the names of the migrations that ran
 * @throws what the failing migration threw; the migrations before it stay
 */
export async function migrateToLatest(db: Kysely<Database>): Promise<readonly string[]> {
  const { error, results = [] } = await db.connection().execute(async (connection) => {
    // A replica may wait for another's migration, or build an index, for longer than a request may take.
    await sql`set statement_timeout = 0`.execute(connection);
    try {
      return await migratorOf(connection).migrateToLatest();
    } finally {
      await sql`reset statement_timeout`.execute(connection);
    }
  });
  if (error !== undefined)
    throw error instanceof Error ? error : new Error('migration failed', { cause: error });
  return results.map((result) => result.migrationName);
}

/** Takes the newest migration back. @returns its name, or undefined when there was none */
export async function migrateDown(db: Kysely<Database>): Promise<string | undefined> {
  const { error, results = [] } = await migratorOf(db).migrateDown();
  if (error !== undefined)
    throw error instanceof Error ? error : new Error('migration failed', { cause: error });
  return results[0]?.migrationName;
}

/** Every migration of this release and whether the database has it. */
export const listMigrations = (db: Kysely<Database>): Promise<readonly MigrationInfo[]> =>
  migratorOf(db).getMigrations();
