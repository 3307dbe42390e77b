import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite, type Transaction } from '@electric-sql/pglite';
import { Kysely, PGliteDialect } from 'kysely';
import { parseTimestamp, TYPE_INT8, TYPE_TIMESTAMPTZ } from './column-values.js';
import type { Database } from './database.js';
import { ping, type DatabaseConnection } from './database-connection.js';
import { translateDatabaseError } from './database-errors.js';
import { parametersOf, useDirectQuery } from './statement.js';

export interface PgliteOptions {
  /** Directory of the instance; undefined keeps everything in memory. */
  readonly dataDir: string | undefined;
  /** A dump to start from, as `dumpDataDir` makes it. */
  readonly loadDataDir?: Blob;
}

/** Postgres inside this process, for trying out and small installations. One connection; the caller holds the lock. */
export async function connectPglite(
  options: PgliteOptions,
): Promise<DatabaseConnection & { readonly pglite: PGlite }> {
  if (options.dataDir !== undefined) await mkdir(join(options.dataDir, 'postgres'), { recursive: true });
  const pglite = await PGlite.create({
    ...(options.dataDir === undefined ? {} : { dataDir: join(options.dataDir, 'postgres') }),
    ...(options.loadDataDir === undefined ? {} : { loadDataDir: options.loadDataDir }),
    parsers: { [TYPE_INT8]: Number, [TYPE_TIMESTAMPTZ]: parseTimestamp },
  });
  await pglite.exec('set timezone = UTC');
  const translating = translatingPglite(pglite);
  const db = new Kysely<Database>({ dialect: new PGliteDialect({ pglite: translating }) });
  useDirectQuery(db, async (statement, values) => {
    const parameters = parametersOf(statement, [values]);
    return (await translating.query(statement.text, [...parameters])).rows;
  });
  return {
    db,
    kind: 'pglite',
    pool: undefined,
    pglite,
    ping: () => ping(db),
    close: async () => {
      await db.destroy();
      // Kysely leaves a driver alone that it never used.
      if (!pglite.closed) await pglite.close();
    },
  };
}

/** Turns driver errors into domain errors, inside transactions as well. */
function translatingPglite<T extends Pick<PGlite, 'query'>>(pglite: T): T {
  return new Proxy(pglite, {
    get(target, property): unknown {
      if (property === 'query')
        return async (...parameters: Parameters<PGlite['query']>) => {
          try {
            return await target.query(...parameters);
          } catch (error) {
            throw translateDatabaseError(error);
          }
        };
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== 'function') return value;
      const method = value.bind(target) as (...parameters: unknown[]) => unknown;
      if (property !== 'transaction') return method;
      return (work: (transaction: Transaction) => Promise<unknown>) =>
        method((transaction: Transaction) => work(translatingPglite(transaction)));
    },
  });
}
