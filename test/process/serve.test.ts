import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ScimClient } from '../support/scim-client.js';
import { findFreePort, Installation, runProgram, type RunningServer } from './program.js';

const TOKEN = 'a-bootstrap-token-of-32-characters-or-more';
const PASSWORD = 'correct horse battery staple';

/** Every server of a test makes a database of its own, which takes seconds on a busy machine. */
jest.setTimeout(180_000);

let installation: Installation;
let empty: Installation;

beforeEach(() => {
  installation = new Installation({ isMigrated: true });
  empty = new Installation({ isMigrated: false });
});

afterEach(() => {
  installation.remove();
  empty.remove();
});

const clientOf = (server: RunningServer): ScimClient => new ScimClient(`${server.url}/scim/v2`, TOKEN);
const newUser = (userName: string) => ({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName });

describe('serve', () => {
  it('prints a set-up link on the first start that works once and yields a working token', async () => {
    const server = await empty.serve();
    expect(server.out()).toContain(`SCIM base URL  ${server.url}/scim/v2`);
    const link = /http:\S+\/setup\?token=(\S+)/.exec(server.out());
    const [address = '', secret = ''] = link ?? [];
    expect((await fetch(address)).status).toBe(200);
    const form = { token: secret, email: 'ada@example.com', connectionName: 'okta' };
    const submit = () =>
      fetch(`${server.url}/setup`, {
        method: 'POST',
        body: new URLSearchParams({ ...form, password: PASSWORD, passwordAgain: PASSWORD }),
      });
    const done = await submit();
    expect(done.status).toBe(200);
    const token = /rcs_[A-Za-z0-9_-]{43}/.exec(await done.text())?.[0];
    expect((await new ScimClient(`${server.url}/scim/v2`, token).get('/Users')).status).toBe(200);
    expect((await submit()).status).toBe(403);
    expect((await fetch(address)).status).toBe(403);

    await server.end('SIGTERM');
    const again = await empty.serve();
    expect(again.out()).not.toContain('/setup');
  });

  it('says where it is before it logs anything', async () => {
    const server = await empty.serve({ LOG_LEVEL: 'info' });
    const { out } = await server.end('SIGTERM');
    expect(out.trimStart()).toMatch(/^Rollcall .* is running\./);
    expect(out).toContain('"msg":"migrated"');
  });

  it('takes a free port for PORT=0 and names it in every address', async () => {
    const server = await installation.serve({ PORT: '0', BOOTSTRAP_SCIM_TOKEN: TOKEN });
    const url = /SCIM base URL +(\S+)/.exec(server.out())?.[1] ?? '';
    const created = await new ScimClient(url, TOKEN).post('/Users', newUser('ada@example.com'));
    expect(created.body.meta.location).toBe(`${url}/Users/${created.body.id}`);
  });

  it('refuses a second server on the same DATA_DIR, says who has it, and leaves the first alone', async () => {
    const server = await installation.serve({ BOOTSTRAP_SCIM_TOKEN: TOKEN });
    const second = await runProgram(['serve'], { ...server.env, PORT: String(await findFreePort()) });
    expect(second.exitCode).toBe(1);
    expect(second.err).toContain(
      `The embedded database in ${installation.dataDir} is in use by process ${server.child.pid}`,
    );
    expect(second.err).toContain('DATABASE_URL');
    expect((await clientOf(server).get('/Users')).status).toBe(200);
  });

  it('says which address is in use, and gives DATA_DIR free again', async () => {
    const server = await installation.serve();
    for (const _attempt of ['first', 'second']) {
      const refused = await runProgram(['serve'], { ...server.env, DATA_DIR: empty.dataDir });
      expect(refused.exitCode).toBe(1);
      expect(refused.err).toContain(`Cannot listen on 127.0.0.1:${server.env['PORT']}: it is in use`);
      expect(refused.err).not.toContain('    at ');
    }
  });

  it('finishes a request in flight on SIGTERM, gives DATA_DIR free and ends with 0', async () => {
    const server = await installation.serve({ BOOTSTRAP_SCIM_TOKEN: TOKEN });
    const body = JSON.stringify(newUser('in.flight@example.com'));
    const half = Math.floor(body.length / 2);
    const socket = connect(Number(server.env['PORT']), '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write(
      `POST /scim/v2/Users HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${TOKEN}\r\n` +
        `Content-Type: application/scim+json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, half)}`,
    );
    await setTimeout(200);
    const ended = server.end('SIGTERM');
    await setTimeout(300);
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow('fetch failed');
    socket.write(body.slice(half));
    await closed;
    expect(answer).toMatch(/^HTTP\/1\.1 201 /);
    expect(await ended).toMatchObject({ exitCode: 0, signal: null });

    const next = await installation.serve({ BOOTSTRAP_SCIM_TOKEN: TOKEN });
    const found = await clientOf(next).get('/Users?filter=userName%20eq%20%22in.flight@example.com%22');
    expect(found.body.totalResults).toBe(1);
  });

  it('has every write it answered after kill -9', async () => {
    const server = await installation.serve({ BOOTSTRAP_SCIM_TOKEN: TOKEN });
    const client = clientOf(server);
    const answered: string[] = [];
    let next = 0;
    const write = async (): Promise<void> => {
      for (;;) {
        const userName = `user-${(next += 1)}@example.com`;
        const reply = await client.post('/Users', newUser(userName)).catch(() => undefined);
        if (reply?.status !== 201) return;
        answered.push(userName);
      }
    };
    const writers = Promise.all([write(), write(), write(), write()]);
    while (answered.length < 50) await setTimeout(20);
    await server.end('SIGKILL');
    await writers;

    const restarted = clientOf(await installation.serve({ BOOTSTRAP_SCIM_TOKEN: TOKEN }));
    const stored = new Set<string>();
    for (let startIndex = 1; ; startIndex += 1_000) {
      const page = await restarted.get(`/Users?startIndex=${startIndex}&count=1000&attributes=userName`);
      for (const { userName } of page.body.Resources) stored.add(userName);
      if (page.body.Resources.length < 1_000) break;
    }
    expect(answered.filter((userName) => !stored.has(userName))).toEqual([]);
  });

  it('reports every problem of the configuration before it listens and ends with 78 (EX_CONFIG)', async () => {
    const refused = await runProgram(['serve'], {
      PORT: 'x',
      DATABASE_URL: 'mysql://h',
      SCIM_RATE_LIMIT: '-1',
    });
    expect(refused.exitCode).toBe(78);
    for (const variable of ['PORT', 'DATABASE_URL', 'SCIM_RATE_LIMIT'])
      expect(refused.err).toContain(`  ${variable} `);
    expect(refused.out).toBe('');
  });

  it('ends at once on a second signal', async () => {
    const server = await installation.serve();
    const socket = connect(Number(server.env['PORT']), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write('POST /scim/v2/Users HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n');
    await setTimeout(200);
    server.child.kill('SIGTERM');
    await setTimeout(300);
    expect(await server.end('SIGTERM')).toMatchObject({ exitCode: 130 });
  });
});
