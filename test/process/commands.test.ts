import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ScimClient } from '../support/scim-client.js';
import { Installation, runProgram, type Ended, type RunningServer } from './program.js';

/** Every server of a test makes a database of its own, which takes seconds on a busy machine. */
jest.setTimeout(180_000);

let installation: Installation;
let server: RunningServer;

beforeAll(async () => {
  installation = new Installation({ isMigrated: true });
  server = await installation.serve({ OIDC_ISSUER: 'https://idp.example.com', OIDC_CLIENT_ID: 'client' });
});

afterAll(() => {
  installation.remove();
});

const rollcall = (args: readonly string[], input?: string): Promise<Ended> =>
  runProgram(args, server.env, input);
const valueOf = (name: string, { out }: Ended): string | undefined =>
  new RegExp(`${name} +(\\S+)`).exec(out)?.[1];

describe('commands of a second process while the server has the embedded database', () => {
  it('make a connection and a token that the server takes, and revoke it with effect on the next request', async () => {
    expect((await rollcall(['connection', 'create', '--name', 'okta'])).exitCode).toBe(0);
    const created = await rollcall(['token', 'create', '--connection', 'OKTA', '--expires-in-days', '30']);
    expect(created.exitCode).toBe(0);
    const baseUrl = valueOf('SCIM base URL', created) ?? '';
    expect(baseUrl).toBe(`${server.url}/scim/v2`);
    const token = valueOf('Token', created) ?? '';
    const client = new ScimClient(baseUrl, token);
    expect((await client.get('/Users')).status).toBe(200);

    const listed = await rollcall(['token', 'list']);
    expect(listed.out).toContain('live');
    expect(listed.out).not.toContain(token);

    expect((await rollcall(['token', 'revoke', valueOf('Id', created) ?? ''])).exitCode).toBe(0);
    expect((await client.get('/Users')).status).toBe(401);
    expect((await rollcall(['token', 'list', '--connection', 'okta'])).out).toContain('revoked');
  });

  it('make an API key of an account, good at once, and of nobody else', async () => {
    const password = 'a long enough password\n';
    await rollcall(['admin', 'create', '--email', 'keys@example.com'], password);
    const made = await rollcall([
      'api-key',
      'create',
      '--user',
      'KEYS@example.com',
      '--scopes',
      'admin,scim',
    ]);
    expect(made).toMatchObject({ exitCode: 0 });
    const api = new ScimClient(valueOf('API', made) ?? '', valueOf('Key', made));
    expect((await api.get('/me')).body).toMatchObject({ credential: { scopes: ['admin', 'scim'] } });
    expect((await rollcall(['api-key', 'create', '--user', 'nobody'])).exitCode).toBe(1);
    expect(
      (await rollcall(['api-key', 'create', '--user', 'keys@example.com', '--scopes', 'root'])).exitCode,
    ).toBe(1);
  });

  it('make a link to a new password, of nobody who has none', async () => {
    await rollcall(['admin', 'create', '--email', 'forgetful@example.com'], 'a long enough password\n');
    const made = await rollcall(['password', 'reset', 'Forgetful@example.com']);
    expect(made).toMatchObject({ exitCode: 0 });
    expect((await fetch(valueOf('Link', made) ?? '')).status).toBe(200);
    expect((await rollcall(['password', 'reset', 'nobody@example.com'])).exitCode).toBe(1);
  });

  it('disable a connection with effect on the next request, and enable it again', async () => {
    await rollcall(['connection', 'create', '--name', 'jumpcloud']);
    const created = await rollcall(['token', 'create', '--connection', 'jumpcloud']);
    const client = new ScimClient(`${server.url}/scim/v2`, valueOf('Token', created) ?? '');
    for (const [verb, status] of [
      ['disable', 401],
      ['enable', 200],
    ] as const) {
      expect((await rollcall(['connection', verb, 'JumpCloud'])).exitCode).toBe(0);
      expect((await client.get('/Users')).status).toBe(status);
    }
    expect((await rollcall(['connection', 'disable', 'nope'])).exitCode).toBe(1);
  });

  it('list the identity providers at which people sign in', async () => {
    const { exitCode, out } = await rollcall(['sso', 'list']);
    expect(exitCode).toBe(0);
    expect(out).toContain('IDENTITY PROVIDER');
    expect(out).toMatch(/OpenID Connect .* https:\/\/idp\.example\.com .* yes .* environment .* enabled/);
  });

  it('make a client secret that the token endpoint exchanges (RFC 6749 section 4.4)', async () => {
    await rollcall(['connection', 'create', '--name', 'entra', '--mode', 'strict', '--no-admin-grant']);
    const created = await rollcall(['token', 'create', '--connection', 'entra', '--kind', 'client-secret']);
    const response = await fetch(valueOf('Token endpoint', created) ?? '', {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: valueOf('Client id', created) ?? '',
        client_secret: valueOf('Client secret', created) ?? '',
      }),
    });
    expect(response.status).toBe(200);
    const { access_token: accessToken } = (await response.json()) as { access_token: string };
    expect((await new ScimClient(`${server.url}/scim/v2`, accessToken).get('/Users')).status).toBe(200);
    expect((await rollcall(['connection', 'list'])).out).toMatch(/entra .* strict .* forbidden/);
  });

  it('make an admin with the password from stdin or a file, and say why not', async () => {
    const piped = await rollcall(
      ['admin', 'create', '--email', 'ada@example.com', '--protected'],
      'correct horse battery\n',
    );
    expect(piped).toMatchObject({ exitCode: 0, err: '' });
    const file = join(installation.dataDir, 'password');
    writeFileSync(file, 'another long password\n');
    const fromFile = ['admin', 'create', '--email', 'bob@example.com', '--password-file', file];
    expect((await rollcall(fromFile)).exitCode).toBe(0);
    expect(await rollcall(fromFile)).toMatchObject({ exitCode: 1, err: expect.stringContaining('userName') });
    const short = await rollcall(['admin', 'create', '--email', 'eve@example.com'], 'short');
    expect(short).toMatchObject({ exitCode: 1, out: '' });
  });

  it('answer with the exit codes and messages they have without a server', async () => {
    expect(await rollcall(['token', 'create', '--connection', 'nope'])).toMatchObject({
      exitCode: 1,
      err: 'There is no connection "nope".\n',
    });
    expect((await rollcall(['token', 'revoke', 'not-an-id'])).exitCode).toBe(64);
    expect(await rollcall(['connection', 'list', '--organization', 'elsewhere'])).toMatchObject({
      exitCode: 1,
    });
  });

  it('tell migrations, and do not take the schema from under the server', async () => {
    const status = await rollcall(['migrate', '--status']);
    expect(status.exitCode).toBe(0);
    expect(status.out).not.toContain('pending');
    expect(await rollcall(['migrate'])).toMatchObject({ exitCode: 0, out: 'The schema is current.\n' });
    expect(await rollcall(['migrate', '--down'])).toMatchObject({ exitCode: 1 });
  });

  it('find the database through the server in doctor', async () => {
    const { exitCode, out } = await rollcall(['doctor']);
    expect(exitCode).toBe(0);
    expect(out).toContain(`asked through the server at ${server.url}`);
  });

  it('let the demo provision, and provision again', async () => {
    for (const created of ['201 x 200', '201 x 4']) {
      const { exitCode, out, err } = await rollcall(['demo']);
      expect(out).toContain('Every request was answered as its client expects.');
      expect(exitCode).toBe(0);
      expect(out).toMatch(new RegExp(`create user .* ${created}\n`));
      expect(err).toContain('people provisioned: 200');
    }
    const { exitCode, err } = await rollcall(['demo', '--token', 'wrong']);
    expect(exitCode).toBe(1);
    expect(err).toContain('401');
  });
});

describe('commands without a server', () => {
  it('open the embedded database themselves', async () => {
    const own = new Installation({ isMigrated: false });
    try {
      const env = { DATA_DIR: own.dataDir };
      expect((await runProgram(['connection', 'create', '--name', 'okta'], env)).exitCode).toBe(0);
      const listed = await runProgram(['connection', 'list'], env);
      expect(listed.out).toContain('okta');
      expect(existsSync(join(own.dataDir, 'admin.sock'))).toBe(false);
    } finally {
      own.remove();
    }
  });

  it('say how to start one when the demo finds none', async () => {
    const { exitCode, err } = await runProgram(['demo', '--url', 'http://127.0.0.1:1', '--token', 'x'], {});
    expect(exitCode).toBe(1);
    expect(err).toContain('npm start');
  });
});
