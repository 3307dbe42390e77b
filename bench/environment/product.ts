import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
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

/** Starts the built server as a deployment would: one process, real Postgres, only the rate limit switched off. */
export async function startProduct(databaseUrl: string, poolSize: number): Promise<Subject> {
  const port = await findFreePort();
  const token = randomBytes(32).toString('base64url');
  const dataDirectory = await mkdtemp(join(tmpdir(), 'rollcall-bench-data-'));
  const subject = await startServer({
    name: 'Rollcall',
    args: [join(ROOT, 'dist/src/main.js'), 'serve'],
    port,
    token,
    env: {
      DATABASE_URL: databaseUrl,
      DATABASE_POOL_SIZE: String(poolSize),
      DATA_DIR: dataDirectory,
      SECRET_KEY: randomBytes(32).toString('base64'),
      HOST: '127.0.0.1',
      PORT: String(port),
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      WORKERS: '1',
      LOG_LEVEL: 'warn',
      SCIM_RATE_LIMIT: '0',
      BOOTSTRAP_SCIM_TOKEN: token,
      BOOTSTRAP_ADMIN_EMAIL: 'admin@bench.example',
      BOOTSTRAP_ADMIN_PASSWORD: randomBytes(18).toString('base64url'),
    },
  });
  const stop = async (): Promise<void> => {
    await subject.stop();
    await rm(dataDirectory, { recursive: true, force: true });
  };
  return { ...subject, stop };
}
