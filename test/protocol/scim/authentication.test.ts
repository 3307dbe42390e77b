import { describe, expect, it } from '@jest/globals';
import { ScimClient, type Reply } from '../../support/scim-client.js';
import { expectError, expectStatus } from '../../conformance/rfc/support/assertions.js';
import { createUser, read } from '../../conformance/rfc/support/resources.js';
import { useServer } from '../../conformance/rfc/support/use-server.js';
import { rawRequest } from './raw-request.js';

const server = useServer();

const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`;

const withAuthorization = (authorization: string, path = '/Users'): Promise<Reply> =>
  new ScimClient(`${server.baseUrl}/scim/v2`, undefined).get(path, { Authorization: authorization });

function expectUnauthorized(reply: Reply): void {
  expectError(reply, 401);
  expect(reply.headers.get('www-authenticate')).toMatch(/bearer/i);
}

describe('rule 40: credentials (RFC 7644 2, RFC 6750, RFC 7617)', () => {
  it.each(['/Users', '/Groups', '/Roles', '/Users/x', '/Nowhere', '/Me'])(
    'rule 40: GET %s without credentials is 401 with WWW-Authenticate and a SCIM error (RFC 7644 2)',
    async (path) => {
      expectUnauthorized(await new ScimClient(`${server.baseUrl}/scim/v2`, undefined).get(path));
    },
  );

  it.each([
    ['an unknown token', () => `Bearer ${'x'.repeat(43)}`],
    ['an empty token', () => 'Bearer '],
    ['no token', () => 'Bearer'],
    ['another scheme', (token: string) => `Token ${token}`],
    ['the bare token', (token: string) => token],
    ['a token with a tail', (token: string) => `Bearer ${token}x`],
    ['a token without its end', (token: string) => `Bearer ${token.slice(0, -1)}`],
    ['two tokens', (token: string) => `Bearer ${token} ${token}`],
    ['a token in other case', (token: string) => `Bearer ${swapCase(token)}`],
    ['Basic with a wrong password', () => basic('admin', 'wrong')],
    ['Basic with the token as user name', (token: string) => basic(token, '')],
    ['Basic that is no base64', () => 'Basic !!!!'],
    ['Basic without a colon', (token: string) => `Basic ${Buffer.from(token).toString('base64')}`],
  ])('rule 40: %s is 401 (RFC 7644 2)', async (_what, authorization) => {
    const { token } = await server.organization();
    expectUnauthorized(await withAuthorization(authorization(token)));
  });

  it('rule 40: the token works as Bearer, the scheme in any case (RFC 7235 2.1)', async () => {
    const { token } = await server.organization();
    for (const scheme of ['Bearer', 'bearer', 'BEARER'])
      expectStatus(await withAuthorization(`${scheme} ${token}`), 200);
  });

  it('rule 40: the token works as the password of Basic with any user name, or none (product decision)', async () => {
    const { token } = await server.organization();
    for (const user of ['demo', '', 'ad\u00e4@ex.test', 'a b'])
      expectStatus(await withAuthorization(basic(user, token)), 200);
  });

  it.each([
    ['with a percent sign', 'a%40b%zz'],
    ['of a Windows domain', 'CORP\\svc-scim'],
    ['with quotes and angles', `"o'hara" <x>`],
    ['with control characters', 'a\tb\nc'],
    ['outside the BMP', '\u{1f511}\u{10ffff}'],
    ['of 400 characters', 'x'.repeat(400)],
    ['that looks like a scheme', 'Bearer'],
    ['that is another token', `rcs_${'x'.repeat(43)}`],
  ])('rule 40: the token works as the password of a user name %s (RFC 7617 2)', async (_what, user) => {
    const { token } = await server.organization();
    expectStatus(await withAuthorization(basic(user, token)), 200);
    expectUnauthorized(await withAuthorization(basic(user, `${token}x`)));
  });

  it('rule 40: a user name in Latin-1 does no harm, nor do base64 without padding and the scheme in any case (RFC 7617 2)', async () => {
    const { token } = await server.organization();
    const latin1 = Buffer.from(`J\u00fcrgen:${token}`, 'latin1').toString('base64');
    const bare = Buffer.from(`ab:${token}`).toString('base64').replaceAll('=', '');
    for (const authorization of [`Basic ${latin1}`, `Basic ${bare}`, `basic ${bare}`, `BASIC ${bare}`])
      expectStatus(await withAuthorization(authorization), 200);
  });

  it('rule 40: the password begins after the first colon, so a user name with one gives none of ours (RFC 7617 2)', async () => {
    const { token } = await server.organization();
    expectUnauthorized(await withAuthorization(basic('urn:user', token)));
    expectUnauthorized(await withAuthorization(basic('x'.repeat(2_000), token)));
  });

  it('rule 40: a token in the query does not authenticate (RFC 6750 2.3)', async () => {
    const { token } = await server.organization();
    const client = new ScimClient(`${server.baseUrl}/scim/v2`, undefined);
    for (const name of ['access_token', 'token'])
      expectUnauthorized(await client.get(`/Users?${name}=${token}`));
  });

  it('rule 40: a 401 shows nothing of the resource or of any token (RFC 7644 7.5)', async () => {
    const { adminId, token } = await server.organization();
    const reply = await withAuthorization('Bearer wrong', `/Users/${adminId}`);
    expectUnauthorized(reply);
    expect(reply.text).not.toContain(adminId);
    expect(reply.text).not.toContain(token);
  });
});

describe('rule 40: encoded addresses never bypass authentication (CVE-2026-32130)', () => {
  const targets = (id: string): string[] => [
    `/scim/v2/Users/${id}`,
    `/scim/v2%2FUsers%2F${id}`,
    `/scim/v2/Users%2F${id}`,
    `/scim/v2/%55sers/${id}`,
    `/%73cim/v2/Users/${id}`,
    `/scim/v2/./Users/${id}`,
    `/scim/v2/%2e/Users/${id}`,
    `/scim/v2/x/../Users/${id}`,
    `/scim/v2/%2e%2e/v2/Users/${id}`,
    `/scim/v2/ServiceProviderConfig/../Users/${id}`,
    `/scim/v2/ServiceProviderConfig/%2e%2e/Users/${id}`,
    `/healthz/../scim/v2/Users/${id}`,
    `/healthz/..%2fscim/v2/Users/${id}`,
    `/oauth/token/../../scim/v2/Users/${id}`,
    `/scim/v2/Users;x=y/${id}`,
    `/scim/v2/Users/${id};x=y`,
    `/scim;x=y/v2/Users/${id}`,
    `/SCIM/V2/Users/${id}`,
    `/scim/v2/users/${id}`,
    `/Scim/Users/${id}`,
    `//scim/v2/Users/${id}`,
    `/scim//v2//Users//${id}`,
    `/scim/v2/Users/${id}/`,
    `/scim/v2/Users/${id}%00`,
    `/scim/v2/Users/${id}%20`,
    `/scim/v2/Users/${id}?x=/healthz`,
    `/scim/v2/Users/${id}%3Fx`,
    `/scim/v2/Users/${id}.json`,
    `/scim\\v2\\Users\\${id}`,
    `http://127.0.0.1/scim/v2/Users/${id}`,
  ];

  it.each(['GET', 'HEAD', 'DELETE'])(
    'rule 40: %s without credentials shows and changes nothing (CVE-2026-32130)',
    async (method) => {
      const { scim } = await server.organization();
      const user = await createUser(scim, { title: 'the-secret-title' });
      for (const target of targets(user.id)) {
        const reply = await rawRequest(server.baseUrl, method, target);
        const isScim = String(reply.headers['content-type']).includes('scim');
        expect({ target, leaks: reply.text.includes('the-secret-title') }).toEqual({ target, leaks: false });
        expect({ target, answered: isScim && reply.status < 300 }).toEqual({ target, answered: false });
        expect({ target, isBroken: reply.status >= 500 }).toEqual({ target, isBroken: false });
      }
      expect(await read(scim, `/Users/${user.id}`)).toEqual(user);
    },
  );

  it('rule 40: with credentials an odd address is the same resource or 404, never a server error (RFC 7644 3.2)', async () => {
    const { scim, token } = await server.organization();
    const user = await createUser(scim, { title: 'the-secret-title' });
    for (const target of targets(user.id)) {
      const reply = await rawRequest(server.baseUrl, 'GET', target, { authorization: `Bearer ${token}` });
      expect({ target, isBroken: reply.status >= 500 }).toEqual({ target, isBroken: false });
    }
  });
});

const swapCase = (text: string): string =>
  text.replaceAll(/[a-z]/gi, (letter) =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
  );
