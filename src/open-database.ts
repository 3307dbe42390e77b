import { mkdirSync } from 'node:fs';
import type { Config } from './config/index.js';
import { err, ok, type Result } from './kernel/result.js';
import type { Logger } from './observability/index.js';
import {
  acquireDataDirLock,
  connectPglite,
  connectPostgres,
  StatisticsKeeper,
  type DatabaseConnection,
  type DataDirInUse,
} from './persistence/index.js';

/** A connection and, with the embedded database, the lock on DATA_DIR. */
export interface OpenDatabase {
  readonly connection: DatabaseConnection;
  /** Closes the connection, then gives DATA_DIR free. */
  release(): Promise<void>;
}

/**
 * The database that the configuration names. The embedded one is opened only under the lock on its directory: two
 * processes on one directory lose writes without a word.
 * @returns the holder when another process has DATA_DIR
 */
export async function openDatabase(
  config: Config,
  logger: Logger,
): Promise<Result<OpenDatabase, DataDirInUse>> {
  const { database, dataDir } = config;
  if (database.kind === 'postgres') {
    const onIdleError = (error: Error): void => {
      logger.warn({ err: error }, 'an idle database connection was lost');
    };
    const connection = connectPostgres({ url: database.url, poolSize: database.poolSize, onIdleError });
    return ok(maintained(connection, logger, () => undefined));
  }
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const lock = acquireDataDirLock(dataDir);
  if (!lock.ok) return err(lock.error);
  try {
    const connection = await connectPglite({ dataDir });
    return ok(
      maintained(connection, logger, () => {
        lock.value.release();
      }),
    );
  } catch (error) {
    lock.value.release();
    throw error;
  }
}

/** A connection whose statistics are kept current until it is released. */
function maintained(connection: DatabaseConnection, logger: Logger, afterClose: () => void): OpenDatabase {
  const keeper = new StatisticsKeeper(connection.db, {
    isEmbedded: connection.kind === 'pglite',
    onError: (error) => {
      logger.warn({ err: error }, 'table statistics were not refreshed');
    },
  });
  keeper.start();
  return {
    connection,
    release: async () => {
      await keeper.stop();
      await connection.close();
      afterClose();
    },
  };
}
