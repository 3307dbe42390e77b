import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listen, type RunningServer } from '../../../src/http/index.js';
import { createTeam } from '../api/support/people.js';
import { useSignInWorld } from '../sso/support/sign-in-world.js';

const NGINX = process.env['NGINX_PATH'] ?? '/usr/sbin/nginx';
const CONFIGURATION = join(import.meta.dirname, '../../../docs/integrate/nginx.conf');
const describeWithNginx = existsSync(NGINX) ? describe : describe.skip;

const world = useSignInWorld();
let directory: string;
let application: RunningServer;
let nginx: ChildProcess | undefined;
let proxyUrl: string;
let cookie: string;
let userId: string;

async function freePort(): Promise<number> {
  const server = await listen((_request, response) => response.end(), { host: '127.0.0.1', port: 0 });
  await server.close();
  return server.port;
}

/** Whether something listens there. */
const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(socket.destroy() !== undefined));
    socket.once('error', () => resolve(false));
  });

/** Starts nginx with the configuration of the guide, whose addresses are replaced by those of this test. */
async function startNginx(requirement: string): Promise<string> {
  const port = await freePort();
  const text = readFileSync(CONFIGURATION, 'utf8')
    .replace('127.0.0.1:8080', new URL(world().server.baseUrl).host)
    .replace('127.0.0.1:3000', `127.0.0.1:${application.port}`)
    .replace('127.0.0.1:8081', `127.0.0.1:${port}`)
    .replace('set $requirement "";', () => `set $requirement "${requirement}";`);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${join(directory, name)};`)
    .join('\n');
  const file = join(directory, 'nginx.conf');
  writeFileSync(
    file,
    `daemon off; master_process off; pid ${join(directory, 'pid')}; error_log stderr crit;
events {} http { access_log off; ${temporary}\n${text}\n}`,
  );
  nginx = spawn(NGINX, ['-p', directory, '-c', file], { stdio: ['ignore', 'inherit', 'inherit'] });
  while (!(await accepts(port))) if (nginx.exitCode !== null) throw new Error('nginx has not started');
  return `http://127.0.0.1:${port}`;
}

async function stopNginx(): Promise<void> {
  if (nginx?.exitCode !== null) return;
  const ended = once(nginx, 'exit');
  nginx.kill('SIGTERM');
  await ended;
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'rollcall-nginx-'));
  application = await listen(
    (request, response) => response.end(JSON.stringify({ url: request.url, headers: request.headers })),
    { host: '127.0.0.1', port: 0 },
  );
  const { id, email } = await world().admin();
  userId = id;
  cookie = `rollcall=${(await world().signedIn(email)).cookie('rollcall') ?? ''}`;
});
afterAll(async () => {
  await stopNginx();
  await application.close();
  rmSync(directory, { recursive: true, force: true });
});

const ask = (headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${proxyUrl}/app/page?a=1&b=2`, { headers, redirect: 'manual' });

describeWithNginx('an application behind nginx, configured as in docs/integrate/nginx.conf', () => {
  beforeAll(async () => {
    proxyUrl = await startNginx('');
  });
  afterAll(stopNginx);

  it('is told who asks, whatever the client says of itself, and no secret', async () => {
    const reply = await ask({
      cookie: `theme=dark; ${cookie}; lang=en`,
      'x-auth-user-id': 'somebody else',
      'x-auth-team-count': '99',
    });
    expect(reply.status).toBe(200);
    const { url, headers } = (await reply.json()) as { url: string; headers: Record<string, string> };
    expect(url).toBe('/app/page?a=1&b=2');
    expect(headers).toMatchObject({ 'x-auth-user-id': userId, 'x-auth-organization-role': 'admin' });
    expect(headers['x-auth-team-count']).toBeUndefined();
    expect(headers['cookie']).toBe('theme=dark; lang=en');
  });

  it('is not reached without signing in, which leads back to the page', async () => {
    const reply = await ask({ 'x-auth-user-id': userId });
    expect(reply.status).toBe(302);
    expect(reply.headers.get('location')).toBe(
      `${world().server.baseUrl}/login?returnTo=%2Fapp%2Fpage%3Fa%3D1%26b%3D2`,
    );
  });

  it('shares its host with Rollcall, whose own check is not for clients', async () => {
    expect((await fetch(`${proxyUrl}/healthz`)).status).toBe(200);
    expect((await fetch(`${proxyUrl}/_verify`)).status).toBe(404);
  });
});

describeWithNginx('an application behind nginx that needs a team', () => {
  beforeAll(async () => {
    await createTeam(world().organization, [userId], 'Quality Control');
  });
  afterAll(stopNginx);

  it.each([
    ['Quality%20Control', 200],
    ['Research', 403],
  ])('%s answers %i', async (team, status) => {
    await stopNginx();
    proxyUrl = await startNginx(`team=${team}`);
    expect((await ask({ cookie })).status).toBe(status);
  });
});
