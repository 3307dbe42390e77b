import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { FRESH_FOR } from '../../../src/directory/connections/token-verifier.js';
import { expectError, expectStatus } from '../../conformance/rfc/support/assertions.js';
import { useServer } from '../../persistence/support/use-server.js';
import { ScimClient, type Reply } from '../../support/scim-client.js';
import type { TestOrganization } from '../../support/server.js';
import { testClock } from '../../support/clock.js';

const HOUR = 3_600_000;

interface Client {
  readonly id: string;
  readonly secret: string;
  readonly secretId: string;
}

describe('access tokens by client credentials (RFC 6749 4.4)', () => {
  const clock = testClock();
  const server = useServer({ clock });

  const issue = (
    { context, connectionId }: TestOrganization,
    kind: 'bearer' | 'client_secret',
    expiresInDays?: number,
  ) => server().services.connections.issueToken(context, connectionId, { kind, name: 'test', expiresInDays });

  async function newClient(organization: TestOrganization, expiresInDays?: number): Promise<Client> {
    const { id, secret } = await issue(organization, 'client_secret', expiresInDays);
    return { id: organization.connectionId, secret, secretId: id };
  }

  const post = (form: Record<string, string>, headers: Record<string, string> = {}): Promise<Reply> =>
    new ScimClient(server().baseUrl, undefined).request('POST', '/oauth/token', {
      raw: new URLSearchParams(form).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    });

  const ask = ({ id, secret }: Client): Promise<Reply> =>
    post({ grant_type: 'client_credentials', client_id: id, client_secret: secret, scope: 'scim' });

  async function newAccessToken(client: Client): Promise<string> {
    const reply = await ask(client);
    expectStatus(reply, 200);
    return String(reply.body.access_token);
  }

  const scimWith = (token: string): ScimClient => new ScimClient(`${server().baseUrl}/scim/v2`, token);

  /** A credential that has ended may be taken for good for so long. */
  async function revoke(organization: TestOrganization, id: string): Promise<void> {
    await server().services.connections.revokeToken(organization.context, id);
    await pause(FRESH_FOR + 10);
  }

  it('are issued by secrets in the body or in HTTP Basic, not to be stored, and open SCIM (RFC 6749 2.3.1, 5.1)', async () => {
    const client = await newClient(await server().organization());
    const basic = Buffer.from(`${encodeURIComponent(client.id)}:${encodeURIComponent(client.secret)}`);
    const replies = [
      await ask(client),
      await post(
        { grant_type: 'client_credentials' },
        { authorization: `Basic ${basic.toString('base64')}` },
      ),
    ];
    for (const reply of replies) {
      expectStatus(reply, 200);
      expect(reply.headers.get('cache-control')).toBe('no-store');
      expect(reply.body).toEqual({
        access_token: expect.stringMatching(/^rca_[\w-]{43}$/),
        token_type: 'Bearer',
        expires_in: 3600,
        scope: 'scim',
      });
      expectStatus(await scimWith(reply.body.access_token).get('/Users'), 200);
    }
  });

  it('end after the hour they were promised (RFC 6749 5.1)', async () => {
    const client = await newClient(await server().organization());
    const scim = scimWith(await newAccessToken(client));
    clock.advance(HOUR - 1_000);
    expectStatus(await scim.get('/Users'), 200);
    clock.advance(1_000);
    await pause(FRESH_FOR + 10);
    expectError(await scim.get('/Users'), 401);
    expectStatus(await scimWith(await newAccessToken(client)).get('/Users'), 200);
  });

  it('end with the client secret they were issued for, those of another secret go on (RFC 7009 2.1)', async () => {
    const organization = await server().organization();
    const [first, second] = [await newClient(organization), await newClient(organization)];
    const [fromFirst, alsoFirst] = [await newAccessToken(first), await newAccessToken(first)];
    const fromSecond = await newAccessToken(second);
    for (const token of [fromFirst, fromSecond]) expectStatus(await scimWith(token).get('/Users'), 200);
    await revoke(organization, first.secretId);
    for (const token of [fromFirst, alsoFirst]) expectError(await scimWith(token).get('/Users'), 401);
    const refused = await ask(first);
    expectStatus(refused, 401);
    expect(refused.body.error).toBe('invalid_client');
    expectStatus(await scimWith(fromSecond).get('/Users'), 200);
    expectStatus(await ask(second), 200);
  });

  it('are not issued for a secret that has expired, and end with it (RFC 6749 5.2)', async () => {
    const client = await newClient(await server().organization(), 1);
    clock.advance(24 * HOUR - HOUR / 2);
    const scim = scimWith(await newAccessToken(client));
    expectStatus(await scim.get('/Users'), 200);
    clock.advance(HOUR / 2);
    await pause(FRESH_FOR + 10);
    expectStatus(await ask(client), 401);
    expectError(await scim.get('/Users'), 401);
  });

  it.each([
    ['a bearer token', (_: Client, token: string) => ({ secret: token })],
    ['an access token', (_: Client, __: string, access: string) => ({ secret: access })],
    ['the id of another connection', (_: Client, __: string, ___: string, other: string) => ({ id: other })],
    ['a secret with a tail', ({ secret }: Client) => ({ secret: `${secret}x` })],
  ] as const)('are not issued for %s (RFC 6749 5.2)', async (_what, change) => {
    const organization = await server().organization();
    const client = await newClient(organization);
    const { id: other } = await organization.connection();
    const changed = change(client, organization.token, await newAccessToken(client), other);
    expectStatus(await ask({ ...client, ...changed }), 401);
  });

  it('a client secret opens nothing but the token endpoint (RFC 6749 2.3)', async () => {
    const { secret } = await newClient(await server().organization());
    expectError(await scimWith(secret).get('/Users'), 401);
  });

  it('rotate without a gap: old and new are good together until the old one is revoked (Okta, Entra: token renewal)', async () => {
    const organization = await server().organization();
    const old = scimWith(organization.token);
    const { connections } = server().services;
    const [first] = await connections.listTokens(organization.id, organization.connectionId);
    const next = await issue(organization, 'bearer');
    for (let request = 0; request < 3; request += 1)
      for (const scim of [old, scimWith(next.secret)]) expectStatus(await scim.get('/Users'), 200);
    await revoke(organization, first?.id ?? '');
    expectError(await old.get('/Users'), 401);
    expectStatus(await scimWith(next.secret).get('/Users'), 200);
  });

  it('a token that expires ends by itself, and the other one of its connection goes on', async () => {
    const organization = await server().organization();
    const [short, long] = [await issue(organization, 'bearer', 1), await issue(organization, 'bearer', 30)];
    expectStatus(await scimWith(short.secret).get('/Users'), 200);
    clock.advance(24 * HOUR);
    await pause(FRESH_FOR + 10);
    expectError(await scimWith(short.secret).get('/Users'), 401);
    expectStatus(await scimWith(long.secret).get('/Users'), 200);
  });
});
