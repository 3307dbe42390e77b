import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient } from 'kysely';
import pg from 'pg';
import { isDomainError } from '../../kernel/errors.js';
import { typeParser } from '../column-values.js';
import type { Database } from '../database.js';
import { ping, type DatabaseConnection } from '../database-connection.js';
import { translateDatabaseError } from '../database-errors.js';
import { parametersOf, preparedStatement, useDirectQuery, type Statement } from '../statement.js';
import { acquireClient } from './acquire-client.js';
import { Lane } from './lane.js';
import { PreparedQuery } from './prepared-query.js';

/** Seconds a statement may run before the database cancels it. */
const STATEMENT_TIMEOUT_SECONDS = 30;
/** Milliseconds until an answer counts as lost: later than the database would have ended the statement. */
const ANSWER_TIMEOUT = STATEMENT_TIMEOUT_SECONDS * 1000 + 5_000;
/** Milliseconds to wait for a connection before the database counts as away. */
const CONNECTION_TIMEOUT = 5_000;
/** Milliseconds that a write waits for a locked row before it leaves the others of its batch alone. */
const LOCK_TIMEOUT = 500;
/** Milliseconds between looks for lost answers. */
const WATCH_INTERVAL = 1_000;
/** Of so many connections one is for reading, and of so many one is for short writes: each serves thousands a second. */
const CONNECTIONS_PER_READER = 4;
const MAX_READERS = 3;
const CONNECTIONS_PER_WRITER = 8;
const MAX_WRITERS = 2;

export interface PostgresOptions {
  readonly url: string;
  /** Connections in all. */
  readonly poolSize: number;
  /** Called with errors of idle connections, which are replaced on their next use. */
  readonly onIdleError: (error: Error) => void;
}

/** Connections to an ordinary Postgres server, made on first use. */
export function connectPostgres(options: PostgresOptions): DatabaseConnection {
  const readerCount = Math.min(Math.floor(options.poolSize / CONNECTIONS_PER_READER), MAX_READERS);
  const writerCount = Math.min(Math.floor(options.poolSize / CONNECTIONS_PER_WRITER), MAX_WRITERS);
  const settings: pg.ClientConfig = {
    connectionString: options.url,
    connectionTimeoutMillis: CONNECTION_TIMEOUT,
    keepAlive: true,
    application_name: 'rollcall',
    options: `-c timezone=UTC -c statement_timeout=${STATEMENT_TIMEOUT_SECONDS * 1000}`,
    types: { getTypeParser: typeParser as typeof pg.types.getTypeParser },
  };
  const pool = new pg.Pool({
    ...settings,
    max: options.poolSize - readerCount - writerCount,
    // The pool would set timers for each statement; it waits in acquireClient, and connections stay open.
    connectionTimeoutMillis: 0,
    idleTimeoutMillis: 0,
    Client: class extends pg.Client {
      constructor() {
        super(settings);
      }
    },
  });
  pool.on('error', options.onIdleError);
  // A connection that dies while it is in use fails its statement; without a listener it would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const translating = translatingPool(pool);
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool: translating }) });
  // Not pool.query: it throws the connection away with every statement that the database refuses.
  const runOnPool = async (statement: Statement, values: readonly unknown[]): Promise<unknown[]> => {
    const client = await translating.connect();
    try {
      return (await client.query<Record<string, unknown>>(statement.text, parametersOf(statement, [values])))
        .rows;
    } finally {
      client.release();
    }
  };
  const makeLanes = (count: number, client: pg.ClientConfig): readonly Lane[] =>
    Array.from(
      { length: count },
      () =>
        new Lane({
          answerTimeout: ANSWER_TIMEOUT,
          onError: options.onIdleError,
          makeClient: () => new pg.Client(client),
          runAlone: runOnPool,
        }),
    );
  const readers = makeLanes(readerCount, settings);
  const writers = makeLanes(writerCount, { ...settings, lock_timeout: LOCK_TIMEOUT });
  const connections = [...readers, ...writers].map(({ connection }) => connection);
  const watch = setInterval(() => {
    const now = performance.now();
    for (const connection of connections) void connection.breakOffIfStuck(now);
  }, WATCH_INTERVAL);
  watch.unref();
  useDirectQuery(db, (statement, values) => {
    const lane = statement.isRead
      ? leastBusy(readers)
      : statement.lockedBy === undefined
        ? undefined
        : leastBusy(writers);
    return lane ? lane.run(statement, values).catch(rethrow) : runOnPool(statement, values);
  });
  return {
    db,
    kind: 'postgres',
    pool: {
      size: pool.options.max,
      usage: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    },
    ping: () => ping(db),
    close: async () => {
      clearInterval(watch);
      await Promise.all(connections.map((connection) => connection.close()));
      await db.destroy();
    },
  };
}

function leastBusy(lanes: readonly Lane[]): Lane | undefined {
  let found = lanes[0];
  for (const lane of lanes) if (found && lane.connection.underWay < found.connection.underWay) found = lane;
  return found;
}

const rethrow = (error: unknown): never => {
  throw translateDatabaseError(error);
};

/** Runs fixed statements prepared and turns driver errors into domain errors. */
function translatingPool(pool: pg.Pool): PostgresPool {
  return {
    connect: async () => translatingClient(await acquireClient(pool, CONNECTION_TIMEOUT).catch(rethrow)),
    end: () => pool.end(),
    options: pool.options,
  };
}

const wrappedClients = new WeakMap<pg.PoolClient, PostgresPoolClient>();

function translatingClient(client: pg.PoolClient): PostgresPoolClient {
  const known = wrappedClients.get(client);
  if (known) return known;
  let isBroken = false;
  const wrapped = {
    async query(text: string, values: unknown[]): Promise<unknown> {
      try {
        const statement = preparedStatement(text);
        if (statement === undefined) {
          const built: pg.QueryConfig & { query_timeout: number } = {
            text,
            values,
            query_timeout: ANSWER_TIMEOUT,
          };
          return await client.query(built);
        }
        const query = new PreparedQuery(statement, values);
        client.query(query as unknown as pg.Submittable);
        return { rows: await query.answer };
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
