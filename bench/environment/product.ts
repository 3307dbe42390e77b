import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { startServer, type Subject } from './child-server.ts';
import { findFreePort } from './free-port.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** Builds the server, so that what is measured is what is in the tree. */
export async function buildProduct(): Promise<void> {
  const build = spawn('npm', ['run', 'build'], {
    cwd: ROOT,
    stdio: ['ignore', process.stderr, process.stderr],
  });
  const [code] = (await once(build, 'exit')) as [number | null];
  if (code !== 0) throw new Error('npm run build failed');
}

/** What replicas have in common. */
export interface Deployment {
  readonly databaseUrl: string;
  readonly poolSize: number;
  readonly secretKey: string;
  /** Of the Connection that the first start makes. */
  readonly token: string;
}

export const newDeployment = (databaseUrl: string, poolSize: number): Deployment => ({
  databaseUrl,
  poolSize,
  secretKey: randomBytes(32).toString('base64'),
  token: randomBytes(32).toString('base64url'),
});

export const ADMIN_EMAIL = 'admin@bench.example';
const MAIN_MODULE = join(ROOT, 'dist/src/main.js');

/** The flags that `npm start` gives Node before what it runs. */
function readNodeFlags(): readonly string[] {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    readonly scripts: { readonly start: string };
  };
  const words = scripts.start.split(' ');
  return words.slice(1, words.indexOf('--import'));
}

/** Runs a command of the built product on the deployment's database. @returns what it prints */
export async function runProductCommand(deployment: Deployment, args: readonly string[]): Promise<string> {
  const { databaseUrl, secretKey } = deployment;
  const { stdout } = await promisify(execFile)(process.execPath, [MAIN_MODULE, ...args], {
    env: { PATH: process.env['PATH'] ?? '', DATABASE_URL: databaseUrl, SECRET_KEY: secretKey },
  });
  return stdout;
}

/**
 * Starts the built server as a deployment would, behind a proxy and on real Postgres, in one process; only the rate
 * limits are switched off.
 */
export async function startProduct({
  databaseUrl,
  poolSize,
  secretKey,
  token,
}: Deployment): Promise<Subject> {
  const port = await findFreePort();
  const dataDirectory = await mkdtemp(join(tmpdir(), 'rollcall-bench-data-'));
  const subject = await startServer({
    name: 'Rollcall',
    args: [...readNodeFlags(), MAIN_MODULE, 'serve'],
    port,
    token,
    databaseUrl,
    env: {
      DATABASE_POOL_SIZE: String(poolSize),
      DATA_DIR: dataDirectory,
      SECRET_KEY: secretKey,
      HOST: '127.0.0.1',
      PORT: String(port),
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      LOG_LEVEL: 'warn',
      TRUST_PROXY: 'loopback',
      SCIM_RATE_LIMIT: '0',
      API_RATE_LIMIT: '0',
      BOOTSTRAP_SCIM_TOKEN: token,
      BOOTSTRAP_ADMIN_EMAIL: ADMIN_EMAIL,
      BOOTSTRAP_ADMIN_PASSWORD: randomBytes(18).toString('base64url'),
    },
  });
  const stop = async (): Promise<void> => {
    await subject.stop();
    await rm(dataDirectory, { recursive: true, force: true });
  };
  return { ...subject, stop };
}
