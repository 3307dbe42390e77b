import { describe, expect, it } from '@jest/globals';
import { expectStatus } from '../../conformance/rfc/support/assertions.js';
import { useServer } from '../../persistence/support/use-server.js';
import { describeOnPostgres } from '../../support/real-postgres.js';
import { ScimClient } from '../../support/scim-client.js';
import { testClock } from '../../support/clock.js';

describe('metrics of the SCIM surface and of the token endpoint', () => {
  const server = useServer({ clock: testClock(), env: { SCIM_RATE_LIMIT: '10' } });

  const readMetrics = async (): Promise<string> =>
    (await new ScimClient(server().baseUrl, undefined).get('/metrics')).text;

  /** How many requests were counted, by surface, operation and class of status. */
  async function countOf(surface: string, operation: string, statusClass: string): Promise<number> {
    const name = `rollcall_http_requests_total{surface="${surface}",operation="${operation}",status_class="${statusClass}"} `;
    const line = (await readMetrics()).split('\n').find((text) => text.startsWith(name));
    return Number(line?.slice(name.length) ?? 0);
  }

  it.each([
    [
      'without a credential',
      'unauthenticated',
      401,
      (path: string) => new ScimClient(path, undefined).get('/Users'),
    ],
    [
      'with a wrong credential',
      'unauthenticated',
      401,
      (path: string) => new ScimClient(path, 'x').get('/Users'),
    ],
    ['for an unknown address', 'unknown_address', 404, (_: string, scim: ScimClient) => scim.get('/Nowhere')],
    [
      'by a method that is not there',
      'unknown_method',
      405,
      (_: string, scim: ScimClient) => scim.put('/Users', {}),
    ],
    [
      'for too long an address',
      'refused',
      414,
      (_: string, scim: ScimClient) => scim.get(`/${'x'.repeat(40_000)}`),
    ],
    [
      'for another version',
      'unknown_address',
      404,
      (path: string, scim: ScimClient) => new ScimClient(path.replace('v2', 'v1'), scim.token).get('/Users'),
    ],
    ['by a write on discovery', 'discovery', 405, (_: string, scim: ScimClient) => scim.put('/Schemas', {})],
    ['for an unknown schema', 'discovery', 404, (_: string, scim: ScimClient) => scim.get('/Schemas/none')],
    ['for an unknown user', 'users.get', 404, (_: string, scim: ScimClient) => scim.get('/Users/none')],
  ] as const)('a request %s is counted as %s', async (_what, operation, status, send) => {
    const { scim } = await server().organization();
    const before = await countOf('scim', operation, '4xx');
    expectStatus(await send(`${server().baseUrl}/scim/v2`, scim), status);
    expect(await countOf('scim', operation, '4xx')).toBe(before + 1);
  });

  it('a request above the rate limit is counted as rate_limited', async () => {
    const { scim } = await server().organization();
    const before = await countOf('scim', 'rate_limited', '4xx');
    for (let request = 0; request < 25; request += 1) await scim.get('/Me');
    expect(await countOf('scim', 'rate_limited', '4xx')).toBe(before + 5);
  });

  it('discovery is counted and timed', async () => {
    const { scim } = await server().organization();
    const before = await countOf('scim', 'discovery', '2xx');
    for (const path of ['/ServiceProviderConfig', '/Schemas', '/ResourceTypes/User'])
      expectStatus(await scim.get(path), 200);
    expect(await countOf('scim', 'discovery', '2xx')).toBe(before + 3);
    expect(await readMetrics()).toContain(
      'rollcall_http_request_duration_seconds_count{surface="scim",operation="discovery"}',
    );
  });

  it('the token endpoint and its metadata are counted, refusals too', async () => {
    const client = new ScimClient(server().baseUrl, undefined);
    const before = await countOf('oauth', 'token', '4xx');
    expectStatus(await client.get('/oauth/token'), 405);
    expectStatus(await client.post('/oauth/token', {}), 415);
    expect(await countOf('oauth', 'token', '4xx')).toBe(before + 2);
    const metadata = await countOf('oauth', 'metadata', '2xx');
    expectStatus(await client.get('/.well-known/oauth-authorization-server'), 200);
    expect(await countOf('oauth', 'metadata', '2xx')).toBe(metadata + 1);
  });

  it('no text of a client becomes a label (Keycloak CVE-2026-16100)', async () => {
    const { scim } = await server().organization();
    await scim.get('/made-up-address');
    await scim.request('PROPFIND', '/Users');
    const text = await readMetrics();
    expect(text).not.toContain('made-up');
    expect(text).not.toContain('PROPFIND');
  });
});

describeOnPostgres('metrics of the database pool', () => {
  const server = useServer();

  it('tell how many connections there are, are idle and are waited for', async () => {
    await server().organization();
    const { text } = await new ScimClient(server().baseUrl, undefined).get('/metrics');
    for (const state of ['total', 'idle', 'waiting'])
      expect(text).toMatch(new RegExp(`rollcall_database_pool_connections\\{state="${state}"\\} \\d+`));
    expect(text).toMatch(/rollcall_database_pool_connections\{state="total"\} [1-8]\n/);
  });
});
