import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { stopChild } from './child.js';
import { freePort, untilListening, type Proxy, type ProxyOptions } from './proxy.js';

const TRAEFIK = process.env['TRAEFIK_PATH'] ?? '/usr/local/bin/traefik';
const CONFIGURATION = join(import.meta.dirname, '../../../../docs/integrate/traefik-dynamic.yaml');

/** The host of the configuration. */
const HOST = 'apps.example.com';

export const hasTraefik = existsSync(TRAEFIK);

/**
 * Starts Traefik with the configuration of the guide, whose addresses are replaced by those of the test. It speaks TLS
 * with a certificate of its own making.
 */
export async function startTraefik({
  baseUrl,
  applicationPort,
  requirement = '',
}: ProxyOptions): Promise<Proxy> {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-traefik-'));
  const port = await freePort();
  const file = join(directory, 'dynamic.yaml');
  writeFileSync(
    file,
    readFileSync(CONFIGURATION, 'utf8')
      .replaceAll('127.0.0.1:8080', new URL(baseUrl).host)
      .replaceAll('127.0.0.1:3000', `127.0.0.1:${applicationPort}`)
      .replace('?signIn=redirect', () => `?signIn=redirect${requirement === '' ? '' : `&${requirement}`}`),
  );
  const traefik = spawn(
    TRAEFIK,
    [
      `--providers.file.filename=${file}`,
      `--entryPoints.websecure.address=127.0.0.1:${port}`,
      '--global.checkNewVersion=false',
      '--global.sendAnonymousUsage=false',
      '--log.level=ERROR',
    ],
    { cwd: directory, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  await untilListening(traefik, port);
  const url = `https://127.0.0.1:${port}`;
  while (!(await isReady(url))) await pause(50);
  return {
    url,
    stop: async () => {
      await stopChild(traefik);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Traefik reads its routes and makes its certificate after the port is open. */
const isReady = (url: string): Promise<boolean> =>
  askTraefik(url, '/healthz').then(
    ({ status }) => status === 200,
    () => false,
  );

/** Asks for a path of the host that the configuration names. */
export async function askTraefik(
  url: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}> {
  const asked = request(`${url}${path}`, {
    agent: false,
    servername: HOST,
    rejectUnauthorized: false,
    headers: { host: HOST, ...headers },
  });
  asked.end();
  const [reply] = (await once(asked, 'response')) as [IncomingMessage];
  return { status: reply.statusCode, headers: reply.headers, body: await text(reply) };
}
