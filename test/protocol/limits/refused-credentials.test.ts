import { describe, expect, it } from '@jest/globals';
import { expectError, expectStatus } from '../../conformance/rfc/support/assertions.js';
import { useServer } from '../../persistence/support/use-server.js';
import { ScimClient, type Reply } from '../../support/scim-client.js';
import type { TestServer } from '../../support/server.js';
import { testClock } from '../../support/clock.js';

const SECOND = 1_000;
/** More than any address may try in vain. */
const MANY = 200;

describe('credentials that are refused are limited for each client address (RFC 6585 4)', () => {
  const clock = testClock();
  const server = useServer({ clock, env: { TRUST_PROXY: 'loopback' } });
  let address = 0;

  /** Another client each time. */
  const newAddress = (): string => `198.51.100.${(address += 1)}`;

  const ask = (token: string | undefined, from: string): Promise<Reply> =>
    new ScimClient(`${server().baseUrl}/scim/v2`, token).get('/ServiceProviderConfig', {
      'x-forwarded-for': from,
    });

  async function askUntilRefused(from: string): Promise<readonly Reply[]> {
    const replies: Reply[] = [];
    while (replies.length < MANY && replies.at(-1)?.status !== 429)
      replies.push(await ask(`wrong-${replies.length}`, from));
    return replies;
  }

  it('SCIM answers 401 at first, then 429 as a SCIM error with whole seconds to wait', async () => {
    const replies = await askUntilRefused(newAddress());
    const last = replies.at(-1);
    if (!last) throw new Error('nothing was answered');
    expect(replies.length).toBeGreaterThan(10);
    expect(new Set(replies.slice(0, -1).map(({ status }) => status))).toEqual(new Set([401]));
    expectError(last, 429);
    expect(last.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
  });

  it('who waits as told is looked at again', async () => {
    const from = newAddress();
    const refused = (await askUntilRefused(from)).at(-1);
    clock.advance(Number(refused?.headers.get('retry-after')) * SECOND);
    expectError(await ask('wrong again', from), 401);
  });

  it('another address is not held up', async () => {
    await askUntilRefused(newAddress());
    expectError(await ask('wrong', newAddress()), 401);
  });

  it('all addresses of one IPv6 network count together (RFC 6177)', async () => {
    for (let host = 1; host <= MANY; host += 1) await ask('wrong', `2001:db8:1:2::${host.toString(16)}`);
    expectError(await ask('wrong', '2001:db8:1:2:ffff:1:2:3'), 429);
    expectError(await ask('wrong', '2001:db8:1:3::1'), 401);
  });

  it('a token in use goes on working beside a flood from its own address', async () => {
    const { token } = await server().organization();
    const from = newAddress();
    expectStatus(await ask(token, from), 200);
    await askUntilRefused(from);
    expectStatus(await ask(token, from), 200);
  });

  it('a token that is good costs nothing, however often it is used', async () => {
    const { token } = await server().organization();
    const from = newAddress();
    for (let request = 0; request < MANY; request += 1) expectStatus(await ask(token, from), 200);
    expectError(await ask('wrong', from), 401);
  });

  it('new tokens are no attempts: as many as there are work from one address', async () => {
    const { context, connectionId } = await server().organization();
    const from = newAddress();
    for (let made = 0; made < 80; made += 1) {
      const { secret } = await server().services.connections.issueToken(context, connectionId, {
        kind: 'bearer',
        name: `token ${made}`,
      });
      expectStatus(await ask(secret, from), 200);
    }
  });

  it('a request without any credential is 401 however often: it costs no look-up', async () => {
    const from = newAddress();
    for (let request = 0; request < MANY; request += 1) expectError(await ask(undefined, from), 401);
    expectError(await ask('wrong', from), 401);
  });

  it('the budget is one for SCIM and the token endpoint, which says it as OAuth does (RFC 6749 5.2)', async () => {
    const from = newAddress();
    await askUntilRefused(from);
    const reply = await requestToken(server(), { id: 'x', secret: 'wrong', from });
    expectStatus(reply, 429);
    expect(reply.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    expect(reply.headers.get('cache-control')).toBe('no-store');
    expect(reply.body).toEqual({ error: 'temporarily_unavailable', error_description: expect.any(String) });
  });

  it('wrong client secrets alone are limited too, and a good one goes on working', async () => {
    const { context, connectionId } = await server().organization();
    const from = newAddress();
    const { secret } = await server().services.connections.issueToken(context, connectionId, {
      kind: 'client_secret',
      name: 'test',
    });
    expectStatus(await requestToken(server(), { id: connectionId, secret, from }), 200);
    let status = 401;
    for (let attempt = 0; attempt < MANY && status === 401; attempt += 1)
      ({ status } = await requestToken(server(), { id: connectionId, secret: `wrong-${attempt}`, from }));
    expect(status).toBe(429);
    expectStatus(await requestToken(server(), { id: connectionId, secret, from }), 200);
  });

  it('a client gets only so many access tokens at once, whatever its address', async () => {
    const { context, connectionId } = await server().organization();
    const { secret } = await server().services.connections.issueToken(context, connectionId, {
      kind: 'client_secret',
      name: 'test',
    });
    const client = { id: connectionId, secret };
    let reply = await requestToken(server(), { ...client, from: newAddress() });
    for (let request = 0; request < MANY && reply.status === 200; request += 1)
      reply = await requestToken(server(), { ...client, from: newAddress() });
    expectStatus(reply, 429);
    clock.advance(Number(reply.headers.get('retry-after')) * SECOND);
    expectStatus(await requestToken(server(), { ...client, from: newAddress() }), 200);
  });
});

const requestToken = (
  { baseUrl }: TestServer,
  { id, secret, from }: { readonly id: string; readonly secret: string; readonly from: string },
): Promise<Reply> =>
  new ScimClient(baseUrl, undefined).request('POST', '/oauth/token', {
    raw: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: id,
      client_secret: secret,
    }).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-forwarded-for': from },
  });
