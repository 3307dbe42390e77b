import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { API_ROUTES } from '../../src/api/index.js';
import { LIMITS } from '../../src/kernel/limits.js';
import { API_PREPARATIONS } from '../protocol/openapi/answers/api-preparations.js';
import { operation } from '../protocol/openapi/support/operation.js';
import { optionsOf, pathOf, sampleOf } from '../protocol/openapi/support/sample-request.js';
import { createWorld } from '../protocol/openapi/support/world.js';
import { ApiClient } from '../support/api-client.js';
import { describeOnPostgres } from '../support/real-postgres.js';
import { ScimClient, type Reply } from '../support/scim-client.js';
import { atOnce, range, repeat, tally, useReplicas } from './support/replicas.js';

const KEY = { name: 'key', scopes: ['access'] };

describeOnPostgres('the admin REST API on two replicas', () => {
  const replicas = useReplicas();

  /** A fresh organization, and its admin's clients at either replica. */
  async function admins() {
    const organization = await replicas().organization();
    return { organization, clients: await replicas().apis(organization) };
  }

  const keyCount = async (api: ScimClient): Promise<number> => (await api.get('/api-keys')).body.total;

  it('carries out equal POSTs under one Idempotency-Key once, and gives all of them the one answer', () =>
    repeat(4, async () => {
      const { clients } = await admins();
      const before = await keyCount(clients[0]);
      const headers = { 'Idempotency-Key': randomUUID() };
      const send = (api: ScimClient): Promise<Reply> =>
        api.request('POST', '/api-keys', { json: KEY, headers });
      const replies = await atOnce(clients, range(8), send);
      const answered = replies.filter(({ status }) => status === 201);
      expect(answered.filter(({ headers: sent }) => !sent.has('idempotency-replayed'))).toHaveLength(1);
      for (const { status, body, headers: sent } of replies.filter((reply) => !answered.includes(reply))) {
        expect(status).toBe(409);
        expect(body.code).toBe('idempotency.in_progress');
        expect(sent.get('retry-after')).toBe('1');
      }
      const again = await send(clients[1]);
      expect(again.headers.get('idempotency-replayed')).toBe('true');
      for (const reply of answered) expect(reply.body).toEqual(again.body);
      expect(await keyCount(clients[0])).toBe(before + 1);
    }));

  it('carries out one of different POSTs under one Idempotency-Key; the others are 422', () =>
    repeat(4, async () => {
      const { clients } = await admins();
      const before = await keyCount(clients[0]);
      const headers = { 'Idempotency-Key': randomUUID() };
      const replies = await atOnce(clients, range(6), (api, n) =>
        api.request('POST', '/api-keys', { json: { ...KEY, name: `key ${n}` }, headers }),
      );
      expect(tally(replies)).toEqual({ 201: 1, 422: 5 });
      expect(await keyCount(clients[0])).toBe(before + 1);
    }));

  it('makes no more API keys of an account than it may have', async () => {
    const { organization, clients } = await admins();
    const { services } = replicas().servers[0];
    const { adminId, context } = organization;
    for (let keys = await keyCount(clients[0]); keys < LIMITS.apiKeysPerUser - 2; keys += 1)
      await services.apiKeys.issue(context, adminId, { ...KEY, scopes: ['access'], expiresAt: undefined });
    const replies = await atOnce(clients, range(8), (api) => api.post('/api-keys', KEY));
    expect(tally(replies)).toEqual({ 201: 2, 409: 6 });
    expect(await keyCount(clients[1])).toBe(LIMITS.apiKeysPerUser);
  });

  it('rotates an API key once when several ask for it', async () => {
    const { organization, clients } = await admins();
    const { key } = (await (await organization.api()).post('/api-keys', KEY)).body;
    const before = await keyCount(clients[0]);
    const replies = await atOnce(clients, range(6), (api) => api.post(`/api-keys/${key.id}/rotate`, {}));
    expect(tally(replies)).toEqual({ 201: 1, 404: 5 });
    expect(await keyCount(clients[0])).toBe(before + 1);
  });

  it('has one connection for API keys, also when the first requests come together', () =>
    repeat(4, async () => {
      const { organization, clients } = await admins();
      const [{ token }, { servers }] = [await organization.api(), replicas()] as const;
      const scim = [
        new ScimClient(`${servers[0].baseUrl}/scim/v2`, token),
        new ScimClient(`${servers[1].baseUrl}/scim/v2`, token),
      ] as const;
      const replies = await atOnce(scim, range(8), (client, n) =>
        client.post('/Users', { userName: `person ${n}`, externalId: `ext ${n}` }),
      );
      expect(tally(replies)).toEqual({ 201: 8 });
      const { items } = (await clients[1].get('/connections')).body;
      expect(items.map(({ name }: { name: string }) => name)).toEqual(['first', 'API keys']);
      // One connection, so that everybody sees every externalId.
      for (const { body } of replies)
        expect((await scim[0].get(`/Users/${body.id}`)).body.externalId).toBe(body.externalId);
    }));

  const versioned = API_ROUTES.filter(({ method, isVersioned }) => isVersioned === true && method !== 'GET');
  it.each(versioned.map((route) => [route.operationId, route] as const))(
    '%s: under one If-Match one wins (RFC 9110 13.1.1)',
    async (operationId, { method }) => {
      const { servers } = replicas();
      const world = await createWorld(servers[0]);
      await API_PREPARATIONS[operationId]?.(world);
      const sample = sampleOf(operation(operationId));
      const path = pathOf(sample, world);
      const options = optionsOf(sample, world);
      const apis = [world.api, new ApiClient(servers[1].baseUrl, world.api.token)] as const;
      const etag = await currentEtag(world.api, path);
      const headers = { ...options.headers, 'if-match': etag };
      const replies = await atOnce(apis, range(6), (api) =>
        api.request(method, path, { ...options, headers }),
      );
      const won = replies.filter(({ status }) => status < 300);
      // What changes nothing may succeed as often as it likes.
      if (won.length > 1) for (const reply of won) expect(reply.headers.get('etag')).toBe(etag);
      else expect(won).toHaveLength(1);
      for (const { status } of replies.filter((reply) => !won.includes(reply)))
        expect([404, 412]).toContain(status);
    },
  );

  /** The ETag of what a path names, or of what it does something with. */
  async function currentEtag(api: ApiClient, path: string): Promise<string> {
    const [own, parent] = [await api.get(path), await api.get(path.slice(0, path.lastIndexOf('/')))];
    const etag = own.headers.get('etag') ?? parent.headers.get('etag');
    if (etag === null) throw new Error(`${path} has no ETag`);
    return etag;
  }
});
