import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { expectError, expectStatus } from '../../conformance/rfc/support/assertions.js';
import { createGroup, createRole, createUser, query, read } from '../../conformance/rfc/support/resources.js';
import { BULK_REQUEST, PATCH_OP, SEARCH_REQUEST } from '../../conformance/rfc/support/urns.js';
import { describeOnPostgres } from '../../support/real-postgres.js';
import { ScimClient, type Reply } from '../../support/scim-client.js';
import { useProxiedServer } from './proxied-server.js';

/** 503 as an IdP can act on it: it tries again and takes nobody for gone (RFC 7644 3.12, RFC 9110 15.6.4). */
function expectUnavailable(reply: Reply): void {
  expectError(reply, 503);
  expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
}

const PATCH = { schemas: [PATCH_OP], Operations: [{ op: 'replace', path: 'externalId', value: 'changed' }] };

describeOnPostgres('while the database is away', () => {
  const running = useProxiedServer();
  const paths: Record<string, string> = {};
  let scim: ScimClient;

  beforeAll(async () => {
    ({ scim } = running().organization);
    paths['/Users'] = `/Users/${(await createUser(scim, { userName: 'somebody' })).id}`;
    paths['/Groups'] = `/Groups/${(await createGroup(scim, { displayName: 'a team' })).id}`;
    paths['/Roles'] = `/Roles/${(await createRole(scim, { name: 'a role' })).id}`;
  });
  afterEach(async () => {
    await running().proxy.restore();
  });

  const BODIES: Readonly<Record<string, object>> = {
    '/Users': { userName: 'never stored' },
    '/Groups': { displayName: 'never stored' },
    '/Roles': { name: 'never stored', inheritedFrom: 'viewer' },
  };

  describe.each(Object.keys(BODIES))('%s', (endpoint) => {
    const body = BODIES[endpoint] ?? {};
    const item = (): string => paths[endpoint] ?? '';
    const requests: readonly [string, () => Promise<Reply>][] = [
      ['GET of one', () => scim.get(item())],
      ['GET of all', () => scim.get(endpoint)],
      ['GET with a filter', () => scim.get(`${endpoint}?filter=id+pr`)],
      ['POST', () => scim.post(endpoint, body)],
      ['PUT', () => scim.put(item(), body)],
      ['PATCH', () => scim.patch(item(), PATCH)],
      ['DELETE', () => scim.delete(item())],
      ['POST .search', () => scim.post(`${endpoint}/.search`, { schemas: [SEARCH_REQUEST] })],
    ];
    it.each(requests)('%s is 503 with Retry-After, never 404 (product decision)', async (_, send) => {
      await running().proxy.cut();
      expectUnavailable(await send());
    });
  });

  it('Bulk, discovery, the root search and unknown paths are 503 as well (product decision)', async () => {
    await running().proxy.cut();
    expectUnavailable(await scim.post('/Bulk', { schemas: [BULK_REQUEST], Operations: [] }));
    expectUnavailable(await scim.post('/.search', { schemas: [SEARCH_REQUEST] }));
    expectUnavailable(await scim.get('/ServiceProviderConfig'));
    expectUnavailable(await scim.get('/nowhere'));
  });

  it('nobody learns whether a token is right: 503, not 401 (product decision)', async () => {
    const stranger = new ScimClient(scim.baseUrl, 'not a token');
    expectError(await stranger.get('/Users'), 401);
    await running().proxy.cut();
    expectUnavailable(await stranger.get('/Users'));
  });

  it('a request without any token is 401 without asking the database (RFC 7644 2)', async () => {
    await running().proxy.cut();
    expectError(await new ScimClient(scim.baseUrl, undefined).get('/Users'), 401);
  });

  it('who is active meanwhile is recorded at the next use after it (product decision)', async () => {
    const { server, organization, proxy } = running();
    const user = await createUser(scim, { userName: 'active meanwhile' });
    const use = async () => {
      server.services.activity.note({ organizationId: organization.id, userId: user.id });
      await server.services.activity.flush();
    };
    const daysActive = async () =>
      (await read(scim, `/Users/${user.id}`))['urn:ietf:params:scim:schemas:extension:rollcall:2.0:User']
        .daysActive;
    await proxy.cut();
    await use();
    await proxy.restore();
    expect(await daysActive()).toBe(0);
    await use();
    await use();
    expect(await daysActive()).toBe(1);
  });

  it('the token endpoint is 503 (RFC 6749 5.2)', async () => {
    await running().proxy.cut();
    const response = await fetch(`${running().server.baseUrl}/oauth/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=client_credentials&client_id=any&client_secret=any',
    });
    expect(response.status).toBe(503);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('/readyz is 503 and /healthz stays 200; both recover (product decision)', async () => {
    const status = async (path: string) => (await fetch(running().server.baseUrl + path)).status;
    expect([await status('/readyz'), await status('/healthz')]).toEqual([200, 200]);
    await running().proxy.cut();
    expect([await status('/readyz'), await status('/healthz')]).toEqual([503, 200]);
    await running().proxy.restore();
    expect(await status('/readyz')).toBe(200);
  });

  it('/readyz answers in time when packets are lost (product decision)', async () => {
    running().proxy.stall();
    const signal = AbortSignal.timeout(15_000);
    expect((await fetch(`${running().server.baseUrl}/readyz`, { signal })).status).toBe(503);
  });

  it('no error says where the database is or what was asked of it (product decision)', async () => {
    await running().proxy.cut();
    const { text, headers } = await scim.get(paths['/Users'] ?? '');
    const told = text + JSON.stringify([...headers]);
    expect(told).not.toMatch(/127\.0\.0\.1|ECONN|postgres|select |at \w+ \(|\.ts/i);
  });

  it('as soon as it is back the server works again, and nothing was stored meanwhile (product decision)', async () => {
    await running().proxy.cut();
    for (const [endpoint, body] of Object.entries(BODIES)) expectUnavailable(await scim.post(endpoint, body));
    await running().proxy.restore();
    for (const path of Object.values(paths)) expectStatus(await scim.get(path), 200);
    for (const endpoint of Object.keys(BODIES)) {
      const found = await query(scim, endpoint, {});
      const names = found.map((resource) => resource.userName ?? resource.displayName ?? resource.name);
      expect(names).not.toContain('never stored');
      expectStatus(await scim.post(endpoint, { ...BODIES[endpoint] }), 201);
    }
  });

  it('a restart that ends idle connections goes unnoticed, or is 503 at worst (PostgreSQL 57P01)', async () => {
    for (let round = 0; round < 5; round += 1) {
      await running().terminateConnections();
      for (const reply of await Promise.all([scim.get('/Users'), scim.get('/Groups'), scim.get('/Roles')]))
        expectStatus(reply, 200, 503);
      // Each answer 503 takes one dead connection out of the pool.
      let reply = await scim.get('/Users');
      for (let attempt = 1; attempt < 8 && reply.status === 503; attempt += 1)
        reply = await scim.get('/Users');
      expectStatus(reply, 200);
    }
  });

  it('a standby that takes no writes is 503 for them and reads on (PostgreSQL 25006)', async () => {
    await running().setReadOnly(true);
    await running().terminateConnections();
    await new Promise((resolve) => setTimeout(resolve, 200));
    try {
      expectStatus(await scim.get(paths['/Users'] ?? ''), 200);
      expectUnavailable(await scim.post('/Users', { userName: 'read only' }));
      expectUnavailable(await scim.patch(paths['/Groups'] ?? '', PATCH));
      expectUnavailable(await scim.delete(paths['/Roles'] ?? ''));
    } finally {
      await running().setReadOnly(false);
      await running().terminateConnections();
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    expectStatus(await scim.post('/Users', { userName: 'read only' }), 201);
    await read(scim, paths['/Roles'] ?? '');
  });
});
