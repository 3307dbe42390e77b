import { request as httpRequest } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { hashRequest } from '../../../src/api/frame/idempotency.js';
import { LIMITS } from '../../../src/kernel/limits.js';
import { ApiClient } from '../../support/api-client.js';
import { runningClock } from '../../support/clock.js';
import type { TestOrganization } from '../../support/server.js';
import { useServer } from './support/use-server.js';

const clock = runningClock();
const server = useServer({ clock });
const KEY = { name: 'made once', scopes: ['admin'] };

/** A cookie with a live session of the organization's admin. */
async function sessionCookie({ context, adminId }: TestOrganization): Promise<string> {
  const { secret } = await server().services.sessions.open(context, adminId, {
    origin: { method: 'password' },
    userAgent: undefined,
    replaces: undefined,
  });
  return `rollcall=${secret}`;
}

const anonymous = () => new ApiClient(`${server().baseUrl}/api/v1`, undefined);

describe('the gate of the admin REST API', () => {
  it.each(['/me', '/nothing', '', '/', '/api-keys/x/y/z', '//me', '/%6de'])(
    '%s without a credential is 401: nothing answers before the gate',
    async (path) => {
      const reply = await anonymous().get(path);
      expect(reply.status).toBe(401);
      expect(reply.headers.get('www-authenticate')).toBe('Bearer realm="Rollcall API"');
      expect(reply.body).toMatchObject({ code: 'credential.invalid', status: 401 });
    },
  );

  it.each([
    ['the token of a SCIM connection', ({ token }: TestOrganization) => `Bearer ${token}`],
    ['an API key as Basic', () => `Basic ${Buffer.from(':rk_x').toString('base64')}`],
    ['a key with spaces', () => 'Bearer rk_a b'],
    ['a key that is far too long', () => `Bearer rk_${'a'.repeat(2_000)}`],
    ['nothing after Bearer', () => 'Bearer'],
  ])('%s is 401', async (_case, authorization) => {
    const organization = await server().organization();
    const headers = { authorization: authorization(organization) };
    expect((await anonymous().request('GET', '/me', { headers })).status).toBe(401);
  });

  it('takes the session of a person, and asks changes to come from our pages (Fetch Metadata, RFC 6454 7)', async () => {
    const organization = await server().organization();
    const cookie = await sessionCookie(organization);
    const origin = server().baseUrl;
    const send = (method: string, headers: Record<string, string>) =>
      anonymous().request(method, '/api-keys', {
        headers: { cookie, ...headers },
        ...(method === 'POST' ? { json: KEY } : {}),
      });
    expect((await send('GET', {})).status).toBe(200);
    for (const headers of [
      {},
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin },
      { 'sec-fetch-site': 'none' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
    ]) {
      const reply = await send('POST', headers);
      expect(reply.body).toMatchObject({ status: 403, code: 'request.cross_site' });
    }
    expect((await send('POST', { origin })).status).toBe(201);
    expect((await send('POST', { 'sec-fetch-site': 'same-origin' })).status).toBe(201);
    expect((await (await organization.api()).get('/api-keys')).body.total).toBe(3);
  });

  it('never takes a request with a credential of its own for the session’s', async () => {
    const cookie = await sessionCookie(await server().organization());
    const headers = { cookie, authorization: 'Bearer rk_unknown' };
    expect((await anonymous().request('GET', '/me', { headers })).status).toBe(401);
  });

  it('an ended session is 401 at once', async () => {
    const organization = await server().organization();
    const cookie = await sessionCookie(organization);
    await server().services.sessions.endAll(organization.context, organization.adminId);
    expect((await anonymous().request('GET', '/me', { headers: { cookie } })).status).toBe(401);
  });

  it('names the request, and lets nobody store an answer', async () => {
    const api = await (await server().organization()).api();
    const reply = await api.get('/me', { 'x-request-id': 'from-a-client' });
    expect(reply.headers.get('x-request-id')).toBe('from-a-client');
    expect(reply.headers.get('cache-control')).toBe('no-store');
    const refused = await api.get('/nothing', { 'x-request-id': 'another' });
    expect(refused.body).toEqual({
      type: `${server().baseUrl}/problems/request.unknown_address`,
      title: 'There is nothing at this address.',
      status: 404,
      detail: 'There is nothing at this address.',
      code: 'request.unknown_address',
      reference: 'another',
    });
    const page = await fetch(refused.body.type);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('There is nothing at this address.');
  });

  it('limits refused credentials of an address, and not those that are good', async () => {
    const own = useAddress();
    const organization = await server().organization();
    const api = await organization.api();
    expect((await own.get('/me', `Bearer ${api.token}`)).status).toBe(200);
    const refusals = new Set<number>();
    for (let attempt = 0; attempt < 70; attempt += 1)
      refusals.add((await own.get('/me', `Bearer rk_wrong${attempt}`)).status);
    expect([...refusals].sort()).toEqual([401, 429]);
    expect((await own.get('/me', `Bearer ${api.token}`)).status).toBe(200);
  });
});

/** A client with a loopback address of its own, so that its refusals are nobody else's. */
function useAddress() {
  const { hostname, port } = new URL(server().baseUrl);
  return {
    get: (path: string, authorization: string): Promise<{ readonly status: number }> =>
      new Promise((resolve, reject) => {
        httpRequest(
          {
            hostname,
            port,
            path: `/api/v1${path}`,
            localAddress: '127.0.0.77',
            headers: { authorization },
          },
          (response) => {
            response.resume();
            resolve({ status: response.statusCode ?? 0 });
          },
        )
          .on('error', reject)
          .end();
      }),
  };
}

describe('requests to the admin REST API', () => {
  it('HEAD is answered wherever GET is (RFC 9110 9.3.2)', async () => {
    const api = await (await server().organization()).api();
    const reply = await api.request('HEAD', '/organization');
    expect(reply).toMatchObject({ status: 200, text: '' });
    expect(reply.headers.get('etag')).toMatch(/^W\/"1-/);
  });

  it('another method is 405 with those there are (RFC 9110 15.5.6)', async () => {
    const api = await (await server().organization()).api();
    const reply = await api.request('DELETE', '/organization');
    expect(reply.body).toMatchObject({ status: 405, code: 'request.method_not_allowed' });
    expect(reply.headers.get('allow')).toBe('GET, HEAD, PATCH');
  });

  it.each([
    ['broken JSON', '{"displayName":'],
    ['a list', '[]'],
    ['the same name twice', '{"displayName":"a","displayName":"b"}'],
    ['names that differ by case', '{"displayName":"a","DISPLAYNAME":"b"}'],
    ['__proto__', '{"__proto__":{"allowsApiKeyCreation":false}}'],
    ['U+0000', String.raw`{"displayName":"a\u0000"}`],
    ['too deep a nesting', `{"a":${'['.repeat(LIMITS.jsonDepth)}${']'.repeat(LIMITS.jsonDepth)}}`],
    ['another type', '{"displayName":1}'],
    ['a name that is not known', '{"name":"x"}'],
    ['a name that is too long', `{"displayName":"${'x'.repeat(LIMITS.nameLength + 1)}"}`],
  ])('%s is 400, and nothing is applied', async (_case, raw) => {
    const api = await (await server().organization()).api();
    const before = await api.get('/organization');
    const reply = await api.request('PATCH', '/organization', {
      raw,
      headers: { 'content-type': 'application/json' },
    });
    expect(reply.body).toMatchObject({ status: 400, code: 'request.invalid' });
    expect((await api.get('/organization')).body).toEqual(before.body);
  });

  it('U+0000 in a parameter is 400', async () => {
    const api = await (await server().organization()).api();
    expect((await api.get('/api-keys?userId=%00')).body.errors).toMatchObject([{ field: 'userId' }]);
  });

  it('too long an address is 414 (RFC 9110 15.5.15)', async () => {
    const api = await (await server().organization()).api();
    expect((await api.get(`/me?x=${'x'.repeat(LIMITS.urlLength)}`)).status).toBe(414);
  });

  it('a write under If-Match is done on that version or not at all (RFC 9110 13.1.1)', async () => {
    const api = await (await server().organization()).api();
    const first = (await api.get('/organization')).headers.get('etag') ?? '';
    const change = (displayName: string, etag: string) =>
      api.patch('/organization', { displayName }, { 'if-match': etag });
    const changed = await change('One', first);
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).not.toBe(first);
    expect((await change('Two', first)).body).toMatchObject({
      status: 412,
      code: 'resource.version_mismatch',
    });
    expect((await change('Three', '*')).status).toBe(200);
    expect((await change('Four', `${first}, W/"x"`)).status).toBe(400);
    expect((await api.get('/organization')).body.displayName).toBe('Three');
  });

  it('a write that changes nothing keeps the version', async () => {
    const api = await (await server().organization()).api();
    const first = await api.patch('/organization', { displayName: 'Same' });
    const second = await api.patch('/organization', { displayName: 'Same' });
    expect(second.headers.get('etag')).toBe(first.headers.get('etag'));
    expect(second.body).toEqual(first.body);
  });

  it('privacy settings are decided and given back one by one (product model 10)', async () => {
    const api = await (await server().organization()).api();
    await api.patch('/organization', { enforcedPrivacy: { saveCode: true, projects: 'restricted' } });
    const { body } = await api.patch('/organization', { enforcedPrivacy: { saveCode: null } });
    expect(body.enforcedPrivacy).toEqual({
      hideFromNonMembers: null,
      projects: 'restricted',
      forbidMemberInvitations: false,
      blockReportSharing: null,
      saveCode: null,
    });
  });
});

describe('Idempotency-Key', () => {
  const post = (api: ApiClient, key: string, json: object = KEY) =>
    api.post('/api-keys', json, { 'idempotency-key': key });

  it('sent again, a request gets the first answer, secret included, and is done once', async () => {
    const api = await (await server().organization()).api();
    const first = await post(api, 'retry');
    const second = await post(api, 'retry');
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(second).toMatchObject({ status: 201, body: first.body });
    expect(second.headers.get('location')).toBe(first.headers.get('location'));
    expect((await api.get('/api-keys')).body.total).toBe(2);
  });

  it('the kept answer is sealed: the secret is not in the table', async () => {
    const api = await (await server().organization()).api();
    const { body } = await post(api, 'sealed');
    const rows = await server()
      .database.connection.db.selectFrom('idempotency_keys')
      .select('sealed_answer')
      .execute();
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(body.secret);
    expect(JSON.stringify(rows)).not.toContain(body.key.name);
  });

  it('under the key of another request is 422', async () => {
    const api = await (await server().organization()).api();
    await post(api, 'twice');
    const reply = await post(api, 'twice', { ...KEY, name: 'another' });
    expect(reply.body).toMatchObject({ status: 422, code: 'idempotency.key_reused' });
  });

  it('is an account’s own', async () => {
    const organization = await server().organization();
    const other = await server().organization();
    const first = await post(await organization.api(), 'shared');
    const second = await post(await other.api(), 'shared');
    expect(second.status).toBe(201);
    expect(second.body.key.id).not.toBe(first.body.key.id);
  });

  it('a refused request leaves the key free', async () => {
    const api = await (await server().organization()).api();
    const past = { ...KEY, expiresAt: '2001-01-01T00:00:00Z' };
    expect((await post(api, 'refused', past)).status).toBe(400);
    expect((await post(api, 'refused')).status).toBe(201);
  });

  it.each(['', ' ', 'with space', 'x'.repeat(256), 'ü'])('"%s" is no key: 400', async (key) => {
    const api = await (await server().organization()).api();
    const reply = await post(api, Buffer.from(key).toString('latin1'));
    expect(reply.body.errors).toMatchObject([{ field: 'Idempotency-Key' }]);
  });

  it('of an attempt that died: done again when nothing was done, refused when the answer is lost', async () => {
    const organization = await server().organization();
    const api = await organization.api();
    const { idempotency } = server().services;
    const begunAt = new Date(Date.now() - 61_000).toISOString();
    const begin = (key: string, requestId: string) =>
      idempotency.begin(
        { organizationId: organization.id, userId: organization.adminId, operation: 'apiKeys.create', key },
        {
          requestHash: hashRequest([{}, '', KEY]),
          requestId,
          begunAt,
          expiresAt: new Date(Date.now() + 60_000).toISOString(),
        },
      );
    await begin('nothing-done', 'never-seen');
    expect((await post(api, 'nothing-done')).status).toBe(201);
    await api.post('/api-keys', KEY, { 'x-request-id': 'was-committed' });
    await begin('answer-lost', 'was-committed');
    expect((await post(api, 'answer-lost')).body).toMatchObject({
      status: 409,
      code: 'idempotency.answer_lost',
    });
  });

  it('of requests at the same moment, one is done', async () => {
    const api = await (await server().organization()).api();
    const replies = await Promise.all(Array.from({ length: 8 }, () => post(api, 'at-once')));
    const made = replies.filter(({ status }) => status === 201);
    expect(made.length).toBeGreaterThan(0);
    expect(new Set(made.map(({ body }) => body.key.id)).size).toBe(1);
    for (const { status, body } of replies)
      if (status !== 201) expect(body.code).toBe('idempotency.in_progress');
    expect((await api.get('/api-keys')).body.total).toBe(2);
  });

  it('is free again after a day', async () => {
    const api = await (await server().organization()).api();
    const first = await post(api, 'yesterday');
    clock.advance(86_400_000 - 60_000);
    expect((await post(api, 'yesterday')).headers.get('idempotency-replayed')).toBe('true');
    clock.advance(61_000);
    const next = await post(api, 'yesterday', { ...KEY, name: 'another' });
    expect(next.status).toBe(201);
    expect(next.body.key.id).not.toBe(first.body.key.id);
  });
});
