import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { listen, type RunningServer } from '../../../src/http/index.js';
import { createTeam } from '../api/support/people.js';
import { useSignInWorld } from '../sso/support/sign-in-world.js';
import { startAuthRequestProxy } from './support/auth-request-proxy.js';
import { stopChild } from './support/child.js';
import { hasNginx, startNginx } from './support/nginx.js';
import type { Proxy } from './support/proxy.js';

/** Where there is no nginx, its tests are reported as skipped under a name that says why. */
const describeWithNginx = (name: string, tests: () => void): void =>
  hasNginx ? describe(name, tests) : describe.skip(`${name} [needs nginx: NGINX_PATH]`, tests);

const world = useSignInWorld();
let application: RunningServer;
let proxy: Proxy | undefined;
let cookie: string;
let userId: string;

const startProxy = async (requirement = ''): Promise<void> => {
  const { baseUrl } = world().server;
  proxy = await startNginx({ baseUrl, applicationPort: application.port, requirement });
};
const stopProxy = async (): Promise<void> => proxy?.stop();

beforeAll(async () => {
  application = await listen(
    (request, response) => response.end(JSON.stringify({ url: request.url, headers: request.headers })),
    { host: '127.0.0.1', port: 0 },
  );
  const { id, email } = await world().admin();
  userId = id;
  cookie = `rollcall=${(await world().signedIn(email)).cookie('rollcall') ?? ''}`;
});
afterAll(async () => {
  await application.close();
});

const ask = (headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${proxy?.url}/app/page?a=1&b=2`, { headers, redirect: 'manual' });

describeWithNginx('an application behind nginx, configured as in docs/integrate/nginx.conf', () => {
  beforeAll(() => startProxy());
  afterAll(stopProxy);

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
    expect((await fetch(`${proxy?.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${proxy?.url}/_verify`)).status).toBe(404);
  });
});

describeWithNginx('an application behind nginx that needs a team', () => {
  beforeAll(async () => {
    await createTeam(world().organization, [userId], 'Quality Control');
  });

  it.each([
    ['Quality%20Control', 200],
    ['Research', 403],
  ])('%s answers %i', async (team, status) => {
    await startProxy(`team=${team}`);
    expect((await ask({ cookie })).status).toBe(status);
    await stopProxy();
  });
});

interface Example {
  readonly child: ChildProcess;
  readonly port: number;
}

/** Runs docs/integrate/express-app as its guide says, with the key of a service account. */
async function startExample(apiKey: string, env: Record<string, string> = {}): Promise<Example> {
  const main = join(import.meta.dirname, '../../../docs/integrate/express-app/main.ts');
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main], {
    env: { PORT: '0', ROLLCALL_URL: world().server.baseUrl, ROLLCALL_API_KEY: apiKey, ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])) as [Buffer | number];
  return { child, port: Number(/:(\d+)\//.exec(String(line))?.[1]) };
}

describe('the application in docs/integrate/express-app, behind a proxy', () => {
  let example: Example;
  let projectId: string;
  let teamId: string;

  beforeAll(async () => {
    const { organization, server } = world();
    const api = await organization.api(userId);
    teamId = await createTeam(organization, [userId], 'Speech');
    const project = await api.post('/projects', { name: 'Recogniser', teamId, visibility: 'team' });
    projectId = project.body.id;
    const account = await api.post('/service-accounts', { name: 'runs', kind: 'organization', teamId });
    const key = { name: 'runs', scopes: ['access'], userId: account.body.id };
    example = await startExample((await api.post('/api-keys', key)).body.secret);
    const options = { baseUrl: server.baseUrl, applicationPort: example.port };
    proxy = await (hasNginx ? startNginx(options) : startAuthRequestProxy(options));
  });
  afterAll(async () => {
    await stopProxy();
    await stopChild(example.child);
  });

  const visit = async (path: string, headers: Record<string, string> = { cookie }) => {
    const reply = await fetch(`${proxy?.url}/app/${path}`, { headers, redirect: 'manual' });
    return { status: reply.status, text: await reply.text(), location: reply.headers.get('location') };
  };
  const press = async (path: string, headers: Record<string, string> = {}) => {
    const reply = await fetch(`${proxy?.url}/app/${path}`, {
      method: 'POST',
      headers: { cookie, 'sec-fetch-site': 'same-origin', ...headers },
      redirect: 'manual',
    });
    return { status: reply.status, text: await reply.text() };
  };
  const setRole = async (role: string): Promise<void> => {
    const value = [{ teamId, roleName: role }];
    const reply = await world().organization.scim.patch(`/Users/${userId}`, {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [{ op: 'add', path: 'teamRoles', value }],
    });
    expect(reply.status).toBe(200);
  };

  it('shows who is signed in and the projects that Rollcall finds for them', async () => {
    const { status, text } = await visit('');
    expect(status).toBe(200);
    expect(text).toContain('Signed in as');
    expect(text).toContain('Speech');
    expect(text).toContain(`/app/projects/${projectId}`);
  });

  it('leads who is not signed in to the sign-in page, whatever they say of themselves', async () => {
    const reply = await visit('', { 'x-auth-user-id': userId });
    expect(reply.status).toBe(302);
    expect(reply.location).toContain('/login?returnTo=%2Fapp%2F');
  });

  it('starts a run for a member, stops it, and says why it would not for a viewer', async () => {
    expect((await press(`projects/${projectId}/runs`)).status).toBe(303);
    const asMember = await visit(`projects/${projectId}`);
    expect(asMember.text).toContain('gives run:stop for what the subject created');
    const [, run] = /runs\/([\w-]+)\/stop/.exec(asMember.text) ?? [];

    await setRole('viewer');
    const asViewer = await visit(`projects/${projectId}`);
    expect(asViewer.text).toContain('does not give run:create');
    expect(asViewer.text).not.toContain('<button');
    const refused = await press(`projects/${projectId}/runs/${run}/stop`);
    expect(refused.status).toBe(403);
    expect(refused.text).toContain('does not give run:stop');

    await setRole('member');
    expect((await press(`projects/${projectId}/runs/${run}/stop`)).status).toBe(303);
    expect((await visit(`projects/${projectId}`)).text).toContain('stopped');
  });

  it('refuses a form that another site sent', async () => {
    expect((await press(`projects/${projectId}/runs`, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  });

  it.each([
    ['believes nobody but its proxy', { TRUSTED_PROXIES: '203.0.113.7' }, 403],
    ['allows nothing when Rollcall does not answer', { ROLLCALL_URL: 'http://127.0.0.1:1' }, 503],
    ['allows nothing when Rollcall refuses its key', {}, 503],
  ])('%s', async (_behaviour, env, status) => {
    const other = await startExample('rk_not-a-key', env);
    const reply = await fetch(`http://127.0.0.1:${other.port}/app/`, {
      headers: { 'x-auth-user-id': userId },
    });
    expect(reply.status).toBe(status);
    await stopChild(other.child);
  });
});
