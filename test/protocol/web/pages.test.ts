import express from 'express';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServices, type Services } from '../../../src/app.js';
import {
  AttemptLimiter,
  createClientAddress,
  HTTP_PROBLEMS,
  listen,
  type RunningServer,
} from '../../../src/http/index.js';
import { ERROR_CODES } from '../../../src/kernel/error-codes.js';
import { systemClock } from '../../../src/kernel/clock.js';
import { createLogger, createMetrics } from '../../../src/observability/index.js';
import { findInstallation } from '../../../src/cli/installation.js';
import { Html } from '../../../src/pages/index.js';
import { GUIDES, showGuide, type GuideName } from '../../../src/web/pages/guide-page.js';
import { createWebRouter } from '../../../src/web/index.js';
import { createDatabase, type TestDatabase } from '../../support/database.js';
import { readConfig } from '../../support/server.js';

const PUBLIC_URL = 'https://rollcall.example.com/identity';
const GUIDE_PATHS = Object.keys(GUIDES).map((name) => `/guides/${name}`);
const PASSWORD = 'correct horse battery staple';

let database: TestDatabase;
let services: Services;
let server: RunningServer;
let directory: string;

beforeAll(async () => {
  database = await createDatabase();
  services = createServices(database.connection, systemClock, readConfig());
  directory = mkdtempSync(join(tmpdir(), 'rollcall-web-'));
  writeFileSync(join(directory, 'openapi.yaml'), 'openapi: 3.1.0\n');
  const application = express().use(
    createWebRouter({
      setup: services.setup,
      sessions: services.sessions,
      attempts: new AttemptLimiter(systemClock),
      clientAddress: createClientAddress(false),
      clock: systemClock,
      publicUrl: PUBLIC_URL,
      databaseKind: 'pglite',
      installation: { version: '1.2.3', directory },
      metrics: createMetrics(),
      logger: createLogger('silent'),
    }),
  );
  server = await listen(application, { host: '127.0.0.1', port: 0 });
});

afterAll(async () => {
  await server.close(0);
  await database.close();
  rmSync(directory, { recursive: true, force: true });
});

const get = (path: string): Promise<Response> =>
  fetch(`http://127.0.0.1:${server.port}${path}`, { redirect: 'manual' });

const postForm = (
  fields: Record<string, string>,
  contentType = 'application/x-www-form-urlencoded',
): Promise<Response> =>
  fetch(`http://127.0.0.1:${server.port}/setup`, {
    method: 'POST',
    headers: { 'Content-Type': contentType },
    body: new URLSearchParams(fields).toString(),
  });

const issueLink = async (): Promise<string> => {
  const link = await services.setup.issueSetupLink();
  if (link === undefined) throw new Error('somebody administers the instance already');
  return link;
};

describe('every page', () => {
  it.each(['/', '/docs/', '/setup?token=x', '/problems', '/problems/user.last_admin'])(
    'allows only our own files: %s',
    async (path) => {
      const response = await get(path);
      const policy = response.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toContain('unsafe');
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(response.headers.get('referrer-policy')).toBe('no-referrer');
      expect(response.headers.get('x-request-id')).toMatch(/\S/);
      const body = await response.text();
      expect(body).not.toMatch(/<style|\sstyle=|\son\w+=|<script>/);
      expect(body).not.toMatch(/(?:src|href)="(?:https?:)?\/\/(?!rollcall\.example\.com)/);
    },
  );
});

describe('the start page', () => {
  it('says what the instance serves, with links below PUBLIC_URL', async () => {
    const response = await get('/');
    expect(response.status).toBe(200);
    const body = await response.text();
    expect(body).toContain(`${PUBLIC_URL}/scim/v2`);
    expect(body).toContain('1.2.3');
    expect(body).toContain('embedded Postgres');
    for (const path of [...GUIDE_PATHS, '/problems', '/docs/', '/openapi.yaml', '/healthz', '/readyz'])
      expect(body).toContain(`href="/identity${path}"`);
  });

  it('has its stylesheet', async () => {
    const response = await get('/assets/rollcall.css');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/css; charset=utf-8');
    expect(response.headers.get('cache-control')).toContain('max-age');
  });
});

describe('the API documentation', () => {
  it('is served from this machine alone', async () => {
    const page = await (await get('/docs/')).text();
    expect(page).toContain('src="/identity/docs/swagger-ui-bundle.js"');
    expect((await get('/docs')).headers.get('location')).toBe('/identity/docs/');
    for (const file of ['swagger-ui.css', 'swagger-ui-bundle.js', 'start.js', 'page.css'])
      expect((await get(`/docs/${file}`)).status).toBe(200);
  });

  it('does not serve the sample page of Swagger UI', async () => {
    for (const file of ['index.html', 'swagger-initializer.js', 'package.json', 'oauth2-redirect.html'])
      expect((await get(`/docs/${file}`)).status).toBe(404);
  });

  it('has the document behind it', async () => {
    const response = await get('/openapi.yaml');
    expect(response.headers.get('content-type')).toBe('application/yaml');
    expect(await response.text()).toBe('openapi: 3.1.0\n');
  });
});

describe('the pages of errors', () => {
  const codes = [...Object.keys(ERROR_CODES), ...Object.keys(HTTP_PROBLEMS)];

  it('are listed, every code of both catalogues', async () => {
    const body = await (await get('/problems')).text();
    for (const code of codes) expect(body).toContain(`href="/identity/problems/${code}"`);
  });

  it('say what the error means and what to do about it', async () => {
    for (const code of codes) {
      const response = await get(`/problems/${code}`);
      expect(response.status).toBe(200);
      const body = await response.text();
      expect(body).toContain(`<h1><code>${code}</code></h1>`);
      expect(body).toMatch(/<p class="lead">[^<]+<\/p>/);
      expect(body).toMatch(/<dt>What to do<\/dt>\s*<dd>[^`]{20,}<\/dd>/);
    }
    const body = await (await get('/problems/user.seat_limit_reached')).text();
    expect(body).toContain('<code>GET /api/v1/seats</code>');
  });

  it.each(['nothing', '__proto__', 'user.not_found/', '%3Cscript%3E'])(
    'are 404 for what is no code: %s',
    async (code) => {
      const response = await get(`/problems/${code}`);
      expect(response.status).toBe(404);
      expect(await response.text()).not.toContain('<script>');
    },
  );
});

describe('guides', () => {
  it('are 404 where the installation has none', async () => {
    for (const path of GUIDE_PATHS) expect((await get(path)).status).toBe(404);
    expect((await get('/guides/__proto__')).status).toBe(404);
  });

  it.each(Object.keys(GUIDES))(
    '%s is a page with its heading, and no Markdown is left in it',
    async (name) => {
      const parts = { directory: findInstallation().directory, basePath: '/identity' };
      const { status, body } = await showGuide(parts, name as GuideName, 'id');
      const html = body instanceof Html ? body.text : String(body);
      expect(status).toBe(200);
      expect(html).toMatch(/<h1>[^<]+<\/h1>/);
      const text = html.replaceAll(/<pre>.*?<\/pre>|<code>.*?<\/code>/gs, '');
      expect(text).not.toMatch(/\*\*|```|^\s*\|/m);
      expect(text).not.toMatch(/\]\(/);
    },
  );
});

describe('the set-up page', () => {
  const fields = {
    email: 'ada@example.com',
    password: PASSWORD,
    passwordAgain: PASSWORD,
    connectionName: 'okta',
  };

  it('shows nothing without the link, and the same for every wrong one', async () => {
    for (const path of ['/setup', '/setup?token=', '/setup?token=wrong', '/setup?token=%00%22%3Cscript%3E']) {
      const response = await get(path);
      expect(response.status).toBe(403);
      const body = await response.text();
      expect(body).toContain('This link cannot be used');
      expect(body).toContain(`request ${response.headers.get('x-request-id')}`);
      expect(body).not.toContain('<form');
    }
  });

  it('is a form for who has the link', async () => {
    const link = await issueLink();
    const response = await get(`/setup?token=${link}`);
    expect(response.status).toBe(200);
    const body = await response.text();
    expect(body).toContain('action="/identity/setup"');
    expect(body).toContain(`name="token" value="${link}"`);
  });

  it.each([
    ['passwords that differ', { passwordAgain: 'another one altogether' }, 'The two passwords differ.'],
    ['a short password', { password: 'short', passwordAgain: 'short' }, 'Choose 12 characters or more.'],
    ['what is no e-mail address', { email: 'ada' }, 'This is not an e-mail address.'],
    ['a name that is too long', { connectionName: 'x'.repeat(101) }, 'At most 100 characters.'],
  ])('comes back with a message for %s, and the link stays good', async (_case, change, message) => {
    const token = await issueLink();
    const response = await postForm({ ...fields, ...change, token });
    expect(response.status).toBe(422);
    const body = await response.text();
    expect(body).toContain(message);
    expect(body).not.toContain(PASSWORD);
    expect(await services.setup.isSetupLink(token)).toBe(true);
  });

  it('shows what was typed as text', async () => {
    const token = await issueLink();
    const body = await (await postForm({ ...fields, email: '"><script>x</script>', token })).text();
    expect(body).not.toContain('<script>');
    expect(body).toContain('value="&quot;&gt;&lt;script&gt;');
  });

  it('takes forms only, up to 16 KiB', async () => {
    const token = await issueLink();
    expect((await postForm({ ...fields, token }, 'application/json')).status).toBe(415);
    expect((await postForm({ ...fields, token, more: 'x'.repeat(20_000) })).status).toBe(413);
  });

  it('refuses to complete without the link', async () => {
    expect((await postForm({ ...fields, token: 'wrong' })).status).toBe(403);
  });

  it('makes admin, connection and token, shows the token, signs the admin in, and works once even when sent twice at a time', async () => {
    const token = await issueLink();
    const responses = await Promise.all([postForm({ ...fields, token }), postForm({ ...fields, token })]);
    expect(responses.map(({ status }) => status).sort()).toEqual([200, 403]);
    const done = responses.find(({ status }) => status === 200);
    const body = (await done?.text()) ?? '';
    expect(body).toContain(`${PUBLIC_URL}/scim/v2`);
    const secret = /rcs_[A-Za-z0-9_-]{43}/.exec(body)?.[0];
    expect(await services.verifier.verify(secret ?? '')).toMatchObject({ connection: { name: 'okta' } });

    const [cookie = ''] = done?.headers.getSetCookie() ?? [];
    const session =
      /^__Host-rollcall=(rs_[\w-]{43}); Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Lax$/.exec(
        cookie,
      )?.[1];
    expect(await services.sessions.verify(session ?? '')).toMatchObject({ organizationRole: 'admin' });

    expect((await get(`/setup?token=${token}`)).status).toBe(403);
    expect((await postForm({ ...fields, token })).status).toBe(403);
    expect(await services.setup.issueSetupLink()).toBeUndefined();
  });
});
