import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite, type Transaction } from '@electric-sql/pglite';
import { Kysely, PGliteDialect, PostgresDialect, type PostgresPool, type PostgresPoolClient } from 'kysely';
import pg from 'pg';
import { DomainError, isDomainError } from '../kernel/errors.js';
import type { Database } from './database.js';
import { translateDatabaseError } from './database-errors.js';
import { preparedName, useDirectQuery } from './statement.js';

const TYPE_INT8 = 20;
const TYPE_TIMESTAMPTZ = 1184;

/** Seconds a statement may run before the database cancels it. */
const STATEMENT_TIMEOUT_SECONDS = 30;
/** Milliseconds until an answer counts as lost: later than the database would have ended the statement. */
const ANSWER_TIMEOUT = STATEMENT_TIMEOUT_SECONDS * 1000 + 5_000;
/** Milliseconds to wait for a connection before the database counts as away. */
const CONNECTION_TIMEOUT = 5_000;

/**
 * `2026-01-15 09:00:00.12+00`, which Postgres prints in UTC, as `2026-01-15T09:00:00.120Z`. Cheaper than a Date, and
 * what every surface shows.
 */
export function parseTimestamp(text: string): string {
  const fraction = text.slice(19, text.indexOf('+', 19));
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction.slice(1, 4).padEnd(3, '0')}Z`;
}

export interface DatabaseConnection {
  readonly db: Kysely<Database>;
  readonly kind: 'postgres' | 'pglite';
  /** Its pool; the embedded database has none. */
  readonly pool: ConnectionPool | undefined;
  /** Rejects with `database.unavailable` when the database does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Connections to a Postgres server. */
export interface ConnectionPool {
  /** Connections there may be. */
  readonly size: number;
  /** Connections there are, those of them that do nothing, and statements that wait for one. */
  usage(): { readonly total: number; readonly idle: number; readonly waiting: number };
}

export interface PostgresOptions {
  readonly url: string;
  readonly poolSize: number;
  /** Called with errors of idle connections, which the pool replaces by itself. */
  readonly onIdleError: (error: Error) => void;
}

/** A pool on an ordinary Postgres server. Connects on first use. */
export function connectPostgres(options: PostgresOptions): DatabaseConnection {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolSize,
    connectionTimeoutMillis: CONNECTION_TIMEOUT,
    idleTimeoutMillis: 60_000,
    query_timeout: ANSWER_TIMEOUT,
    keepAlive: true,
    application_name: 'rollcall',
    options: `-c timezone=UTC -c statement_timeout=${STATEMENT_TIMEOUT_SECONDS * 1000}`,
    types: { getTypeParser: typeParser as typeof pg.types.getTypeParser },
  });
  pool.on('error', options.onIdleError);
  // A connection that dies while it is in use fails its statement; without a listener it would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const preparing = preparingPool(pool);
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool: preparing }) });
  // Not pool.query: it throws the connection away with every statement that the database refuses.
  useDirectQuery(db, async ({ text }, values) => {
    const client = await preparing.connect();
    try {
      return (await client.query<Record<string, unknown>>(text, values)).rows;
    } finally {
      client.release();
    }
  });
  return {
    db,
    kind: 'postgres',
    pool: {
      size: options.poolSize,
      usage: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    },
    ping: () => ping(db),
    close: () => db.destroy(),
  };
}

/** The driver's own parsers; its types know only some of the numbers that Postgres has. */
const standardParser = pg.types.getTypeParser as (oid: number, format?: string) => (text: string) => unknown;

function typeParser(oid: number, format?: 'text' | 'binary'): (text: string) => unknown {
  if (oid === TYPE_INT8) return Number;
  if (oid === TYPE_TIMESTAMPTZ) return parseTimestamp;
  return standardParser(oid, format);
}

/** Gives fixed statements their prepared names and turns driver errors into domain errors. */
function preparingPool(pool: pg.Pool): PostgresPool {
  return {
    async connect(): Promise<PostgresPoolClient> {
      const client = await pool.connect().catch((error: unknown) => {
        throw translateDatabaseError(error);
      });
      return preparingClient(client);
    },
    end: () => pool.end(),
    options: pool.options,
  };
}

const wrappedClients = new WeakMap<pg.PoolClient, PostgresPoolClient>();

function preparingClient(client: pg.PoolClient): PostgresPoolClient {
  const known = wrappedClients.get(client);
  if (known) return known;
  let isBroken = false;
  const wrapped = {
    async query(text: string, values: unknown[]): Promise<unknown> {
      try {
        const name = preparedName(text);
        return await client.query(name === undefined ? { text, values } : { name, text, values });
      } catch (error) {
        const translated = translateDatabaseError(error);
        isBroken ||= isDomainError(translated, 'database.unavailable');
        throw translated;
      }
    },
    release: (error?: boolean | Error) => {
      client.release(isBroken || error);
    },
  } as unknown as PostgresPoolClient;
  wrappedClients.set(client, wrapped);
  return wrapped;
}

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
  useDirectQuery(db, async ({ text }, values) => (await translating.query(text, values as unknown[])).rows);
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

async function ping(db: Kysely<Database>): Promise<void> {
  try {
    await db.selectNoFrom((expression) => expression.lit(1).as('one')).execute();
  } catch (error) {
    throw new DomainError('database.unavailable', { cause: error });
  }
}
