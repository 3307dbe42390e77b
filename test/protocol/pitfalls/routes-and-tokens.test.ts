import { describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { useServer } from '../../persistence/support/use-server.js';
import { expectError, expectStatus } from '../../conformance/rfc/support/assertions.js';
import { createUser, withQuery } from '../../conformance/rfc/support/resources.js';
import { SEARCH_REQUEST } from '../../conformance/rfc/support/urns.js';
import { describeOnPostgres } from '../../support/real-postgres.js';
import { ScimClient } from '../../support/scim-client.js';
import { rawRequest } from '../scim/raw-request.js';

const server = useServer();

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'TRACE'];
const PATHS = [
  '/scim',
  '/scim/v2',
  '/scim/v2/Users',
  '/scim/v2/Groups',
  '/scim/v2/Roles',
  '/scim/v2/Bulk',
  '/scim/v2/.search',
  '/scim/v2/Users/.search',
  '/scim/v2/Me',
  '/scim/v2/Schemas',
  '/scim/v2/ResourceTypes',
  '/scim/v2/ServiceProviderConfig',
  '/scim/v2/nowhere',
  '/scim/v2/Users/1/2/3',
  '/scim/v1/Users',
  '/scim/v3/Users',
];

describe('routes, parsers and tokens: what advisories teach', () => {
  it.each(METHODS)(
    '%s without credentials is refused on every SCIM path, known or not (Casdoor CVE-2025-4210, Keycloak CVE-2026-15573)',
    async (method) => {
      for (const path of PATHS) {
        const { status } = await rawRequest(server().baseUrl, method, path);
        expect({ path, status }).toEqual({ path, status: 401 });
      }
    },
  );

  it('a token is stored only as a hash, and its shown prefix gives nothing away (Bitwarden CVE-2026-43640)', async () => {
    const { token, connectionId } = await server().organization();
    const { db } = server().database.connection;
    const { rows } = await sql<{ row: string; prefix: string; hash: string }>`
      select t::text as row, token_prefix as prefix, token_hash as hash from connection_tokens t
       where connection_id = ${connectionId}::uuid`.execute(db);
    expect(rows).toHaveLength(1);
    expect(rows[0]?.row).not.toContain(token);
    expect(rows[0]?.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(token.length - (rows[0]?.prefix.length ?? 0)).toBeGreaterThanOrEqual(32);
    const { rows: told } = await sql<{ count: number }>`
      select count(*)::int as count from audit_events a where strpos(a::text, ${token}) > 0`.execute(db);
    expect(told[0]?.count).toBe(0);
  });

  it('no answer of the SCIM surface shows a token (Bitwarden CVE-2026-43640)', async () => {
    const { scim, token } = await server().organization();
    for (const path of ['/Users', '/Groups', '/Roles', '/ServiceProviderConfig', '/Schemas', '/'])
      expect((await scim.get(path)).text).not.toContain(token);
  });

  it.each(['filter', 'sortBy', 'attributes', 'excludedAttributes', 'cursor'])(
    'a %s of a megabyte is refused (Keycloak CVE-2026-4634)',
    async (name) => {
      const { scim } = await server().organization();
      const long = 'a'.repeat(1_000_000);
      const value = name === 'attributes' || name === 'excludedAttributes' ? [long] : long;
      const reply = await scim.post('/Users/.search', { schemas: [SEARCH_REQUEST], [name]: value });
      expect(reply.status).toBeGreaterThanOrEqual(name.endsWith('ttributes') ? 200 : 400);
      expect(reply.status).toBeLessThan(500);
    },
  );

  it.each([
    ['parentheses', `${'('.repeat(5_000)}userName pr${')'.repeat(5_000)}`],
    ['not', `${'not ('.repeat(2_000)}userName pr${')'.repeat(2_000)}`],
    ['terms', Array.from({ length: 2_000 }, (_, n) => `title eq "${n}"`).join(' or ')],
    ['backslashes', `title eq "${'\\\\'.repeat(4_000)}`],
    ['spaces', `title${' '.repeat(9_000)}eq "x" and`],
  ])('a filter full of %s is refused (Keycloak CVE-2026-4634, #46705)', async (_, filter) => {
    const { scim } = await server().organization();
    expectError(
      await scim.post('/Users/.search', { schemas: [SEARCH_REQUEST], filter }),
      400,
      'invalidFilter',
    );
  });

  it('one GET never returns everything, however much it asks for (Keycloak #46705)', async () => {
    const { scim } = await server().organization();
    const { body } = await scim.get('/ServiceProviderConfig');
    const reply = await scim.get(withQuery('/Users', { count: 1_000_000_000 }));
    expectStatus(reply, 200);
    expect(reply.body.itemsPerPage).toBeLessThanOrEqual(body.filter.maxResults);
  });

  it('what clients write never becomes a metric label (Keycloak CVE-2026-16100)', async () => {
    const { scim } = await server().organization();
    const word = 'client-chosen-word';
    await scim.get(`/Users/${word}`);
    await scim.get(`/${word}`);
    await scim.get(withQuery('/Users', { filter: `${word} eq "${word}"`, sortBy: word }));
    await scim.post('/Users', { userName: word });
    await scim.request(word.replaceAll('-', '').toUpperCase(), '/Users').catch(() => undefined);
    await new ScimClient(scim.baseUrl, word).get('/Users');
    const metrics = await (await fetch(`${server().baseUrl}/metrics`)).text();
    expect(metrics).toContain('rollcall_http_requests_total');
    expect(metrics.toLowerCase()).not.toContain('client');
  });

  it('prototypes stay as they were after keys and paths that name them (scim-patch CVE-2026-48170)', async () => {
    const { scim } = await server().organization();
    const { id } = await createUser(scim);
    for (const path of [
      '__proto__.polluted',
      'constructor.prototype.polluted',
      'name.__proto__.polluted',
      'emails[__proto__ eq "x"].value',
    ])
      expectError(await scim.operations(`/Users/${id}`, { op: 'add', path, value: 'yes' }), 400);
    const raw = `{"userName":"p","__proto__":{"polluted":"yes"},"name":{"__proto__":{"polluted":"yes"}}}`;
    const reply = await scim.request('POST', '/Users', {
      raw,
      headers: { 'content-type': 'application/scim+json' },
    });
    expect(reply.status).toBeLessThan(500);
    expect(reply.text).not.toContain('polluted');
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});

describeOnPostgres('a statement that takes too long', () => {
  it('is ended by the database itself (Keycloak #46705: statement timeout)', async () => {
    const { rows } = await sql<{ statement_timeout: string }>`show statement_timeout`.execute(
      server().database.connection.db,
    );
    expect(rows[0]?.statement_timeout).toBe('30s');
  });
});

describe('addresses that no surface takes', () => {
  it.each([
    ['/login/reset/rp_secret%ff', 400],
    ['/invitations/ri_secret%ff', 400],
    ['/sso/saml/secret%c3/login', 400],
    ['/sso/oidc/%f0%28secret/callback', 400],
    ['/nowhere/secret', 404],
  ])(
    '%s is a neutral page: nothing of the address, of the code or of the machine (CWE-209)',
    async (path, status) => {
      const response = await fetch(server().baseUrl + path);
      const text = await response.text();
      expect(response.status).toBe(status);
      expect(text).toContain(`request ${response.headers.get('x-request-id')}`);
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(text).not.toMatch(/secret|node_modules|Error:|decode/);
    },
  );
});
