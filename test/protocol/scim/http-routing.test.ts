import { describe, expect, it } from '@jest/globals';
import { ScimClient } from '../../support/scim-client.js';
import { expectError, expectStatus, mediaType } from '../../conformance/rfc/support/assertions.js';
import { createGroup, createUser, read } from '../../conformance/rfc/support/resources.js';
import { ERROR, USER } from '../../conformance/rfc/support/urns.js';
import { useServer } from '../../conformance/rfc/support/use-server.js';
import { rawRequest } from './raw-request.js';

const server = useServer();

describe('rule 39: routes (RFC 7644 3.2, 3.13)', () => {
  it.each(['/Nowhere', '/users-and-more', '/Users/a/b', '/Groups/a/members', '/.search/x', '/Bulk/x'])(
    'rule 39: the unknown address %s is 404 as a SCIM error (RFC 7644 3.12)',
    async (path) => {
      const { scim } = await server.organization();
      expectError(await scim.get(path), 404);
    },
  );

  it.each(['/scim/v3', '/scim/v1', '/scim/v2.1', '/scim/v22'])(
    'rule 39: the unknown version %s is 404 as a SCIM error (RFC 7644 3.13)',
    async (prefix) => {
      const { token } = await server.organization();
      const client = new ScimClient(`${server.baseUrl}${prefix}`, token);
      expectError(await client.get('/Users'), 404);
      expectError(await client.post('/Users', { schemas: [USER], userName: 'x' }), 404);
    },
  );

  it('rule 39: /scim is an alias; locations are always under /scim/v2 (product decision)', async () => {
    const { token, scim } = await server.organization();
    const alias = new ScimClient(`${server.baseUrl}/scim`, token);
    const user = await createUser(alias);
    const group = await createGroup(alias, { members: [{ value: user.id }] });
    expect(user.meta.location).toBe(`${server.baseUrl}/scim/v2/Users/${user.id}`);
    expect(await read(scim, `/Users/${user.id}`)).toEqual(await read(alias, `/Users/${user.id}`));
    expect((await read(alias, `/Groups/${group.id}`)).members[0].$ref).toBe(user.meta.location);
    expect(await read(alias, '/ServiceProviderConfig')).toEqual(await read(scim, '/ServiceProviderConfig'));
    expectStatus(await alias.delete(`/Users/${user.id}`), 204);
    expectError(await scim.get(`/Users/${user.id}`), 404);
    expectError(await new ScimClient(`${server.baseUrl}/scim`, undefined).get('/Users'), 401);
  });

  it('rule 39: a trailing or a double slash is tolerated (Okta and Entra base addresses)', async () => {
    const { token, scim } = await server.organization();
    const user = await createUser(scim);
    for (const target of [
      `/scim/v2/Users/${user.id}/`,
      `/scim/v2//Users/${user.id}`,
      `/scim/v2/Users//${user.id}`,
    ]) {
      const reply = await rawRequest(server.baseUrl, 'GET', target, { authorization: `Bearer ${token}` });
      expect([target, reply.status]).toEqual([target, 200]);
      expect(JSON.parse(reply.text).id).toBe(user.id);
    }
    for (const target of ['/scim/v2/Users/', '/scim/v2//Users', '/scim/v2/Schemas/', '/scim/Users/']) {
      const reply = await rawRequest(server.baseUrl, 'GET', target, { authorization: `Bearer ${token}` });
      expect([target, reply.status]).toEqual([target, 200]);
    }
  });

  it('rule 35: a forged Host or X-Forwarded-Host changes no address in an answer (product decision)', async () => {
    const { token, scim } = await server.organization();
    const user = await createUser(scim);
    const headers = { authorization: `Bearer ${token}`, host: 'evil.test', 'x-forwarded-host': 'evil.test' };
    for (const target of [`/scim/v2/Users/${user.id}`, '/scim/v2/Users', '/scim/v2/ServiceProviderConfig']) {
      const reply = await rawRequest(server.baseUrl, 'GET', target, headers);
      expect(reply.text).not.toContain('evil.test');
    }
    expect(user.meta.location).toMatch(new RegExp(`^${server.baseUrl}/scim/v2/Users/`));
  });

  it('rule 39: a stray query flag and unknown parameters are ignored (Microsoft Entra aadOptscim062020)', async () => {
    const { scim } = await server.organization();
    const user = await createUser(scim, { userName: 'ada' });
    const list = await read(scim, '/Users?aadOptscim062020&filter=userName+eq+%22ada%22');
    expect(list).toMatchObject({ totalResults: 1, Resources: [{ id: user.id }] });
    expectStatus(await scim.get('/Users?aadOptscim062020'), 200);
    const operation = { op: 'replace', path: 'active', value: false };
    expectStatus(await scim.operations(`/Users/${user.id}?aadOptscim062020`, operation), 200);
    expect((await read(scim, `/Users/${user.id}?AzureAdScimPatch2017`)).active).toBe(false);
    expectStatus(await scim.get('/Users?unheardOf=1'), 200);
  });

  it('rule 39: HEAD answers like GET, without a body (RFC 7231 4.3.2)', async () => {
    const { scim } = await server.organization();
    const user = await createUser(scim);
    for (const path of ['/Users', `/Users/${user.id}`, '/Schemas', '/ServiceProviderConfig']) {
      const [head, get] = [await scim.request('HEAD', path), await scim.get(path)];
      expectStatus(head, 200);
      expect(head.text).toBe('');
      expect(mediaType(head)).toBe('application/scim+json');
      expect(head.headers.get('etag')).toBe(get.headers.get('etag'));
    }
    expectStatus(await scim.request('HEAD', '/Users/unknown'), 404);
    expectStatus(await new ScimClient(scim.baseUrl, undefined).request('HEAD', '/Users'), 401);
  });

  it('rule 39: X-HTTP-Method-Override and its like change nothing (RFC 7644 3.2)', async () => {
    const { scim } = await server.organization();
    const user = await createUser(scim);
    for (const header of ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override']) {
      expectError(await scim.post(`/Users/${user.id}`, {}, { [header]: 'DELETE' }), [404, 405]);
      expectStatus(await scim.get(`/Users/${user.id}?_method=DELETE`, { [header]: 'DELETE' }), 200);
    }
    expect(await read(scim, `/Users/${user.id}`)).toEqual(user);
  });

  it.each([
    ['PUT', '/Users'],
    ['PATCH', '/Users'],
    ['DELETE', '/Users'],
    ['DELETE', '/Groups'],
    ['GET', '/Bulk'],
    ['DELETE', '/Roles'],
  ])('rule 39: %s %s is 404 or 405 and changes nothing (RFC 7644 3.2)', async (method, path) => {
    const { scim } = await server.organization();
    const user = await createUser(scim);
    const reply = await scim.request(
      method,
      path,
      method === 'GET' || method === 'DELETE' ? {} : { json: {} },
    );
    expectError(reply, [404, 405, 501]);
    expect(await read(scim, `/Users/${user.id}`)).toEqual(user);
  });

  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])('%s /Me is 501 (RFC 7644 3.11)', async (method) => {
    const { scim } = await server.organization();
    const options = method === 'GET' || method === 'DELETE' ? {} : { json: { schemas: [USER] } };
    expectError(await scim.request(method, '/Me', options), 501);
  });

  it('rule 39: errors never show a stack, a file or SQL (product decision)', async () => {
    const { scim } = await server.organization();
    const replies = [
      await scim.get('/Users/%E0%A4%A'),
      await scim.get("/Users/'%20or%201=1"),
      await scim.get('/Users/%00'),
      await scim.get(`/Users/${'x'.repeat(5_000)}`),
      await scim.get('/Users?filter=%E0%A4%A'),
    ];
    for (const reply of replies) {
      expect(reply.status).toBeGreaterThanOrEqual(400);
      expect(reply.status).toBeLessThan(500);
      expect(reply.body.schemas).toEqual([ERROR]);
      expect(reply.text).not.toMatch(/node_modules|\.[jt]s:\d+|select .* from|syntax error at/i);
    }
  });
});
