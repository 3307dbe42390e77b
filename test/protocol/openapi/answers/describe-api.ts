import { describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { gzipSync } from 'node:zlib';
import { API_ROUTES } from '../../../../src/api/index.js';
import { hashRequest } from '../../../../src/api/frame/idempotency.js';
import { LIMITS } from '../../../../src/kernel/limits.js';
import { ApiClient } from '../../../support/api-client.js';
import { UNKNOWN_ID } from '../../../conformance/rfc/support/urns.js';
import type { Contract } from '../support/contract.js';
import { apiOperations, hasParameter, operation, type Operation } from '../support/operation.js';
import { optionsOf, pathOf, sampleOf } from '../support/sample-request.js';
import { useWorlds } from '../support/use-world.js';
import type { World } from '../support/world.js';
import { API_REFUSALS } from './api-refusals.js';

const hasBody = ({ bodies }: Operation): boolean => bodies.length > 0;
const hasId = ({ path }: Operation): boolean => path.includes('{');
const isPost = ({ method }: Operation): boolean => method === 'POST';
const isVersioned = (each: Operation): boolean => hasParameter(each, 'If-Match');
const isConditionalRead = (each: Operation): boolean => hasParameter(each, 'If-None-Match');

/** The sample of an operation, with more headers or another address. */
function sampleRequest(asked: Operation, world: World, headers: Record<string, string> = {}) {
  const sample = sampleOf(asked);
  const options = optionsOf(sample, world);
  return {
    method: asked.method,
    path: pathOf(sample, world),
    options: { ...options, headers: { ...options.headers, ...headers } },
  };
}

/** What makes any request to the admin REST API fail, whatever it asks for. */
export const describeApi = (contract: Contract): void => {
  describe('what the admin REST API refuses is answered as declared', () => {
    const worlds = useWorlds();
    let otherScopes: Promise<ApiClient> | undefined;
    const keyWithOtherScopes = async (): Promise<ApiClient> => {
      const { organization } = worlds.shared;
      const { token } = await organization.api(organization.adminId, ['scim', 'access']);
      return new ApiClient(worlds.server.baseUrl, token);
    };
    const send = (asked: Operation, headers?: Record<string, string>, client = worlds.shared.api) => {
      const { method, path, options } = sampleRequest(asked, worlds.shared, headers);
      return contract.through(client)(method, path, options);
    };

    it.each(apiOperations())('%s with a parameter that is not known is 400', async (_, asked) => {
      const { method, path, options } = sampleRequest(asked, worlds.shared);
      const separator = path.includes('?') ? '&' : '?';
      const reply = await contract.through(worlds.shared.api)(
        method,
        `${path}${separator}nonsense=1`,
        options,
      );
      expect(reply.status).toBe(400);
      expect(reply.body.errors).toMatchObject([{ field: 'nonsense' }]);
    });

    it.each(apiOperations())('%s with a key of another scope is 403', async (_, asked) => {
      const reply = await send(asked, {}, await (otherScopes ??= keyWithOtherScopes()));
      expect(reply.status).toBe(403);
    });

    it.each(apiOperations(hasId))('%s of something unknown is 404', async (_, asked) => {
      const { options } = sampleRequest(asked, worlds.shared);
      for (const id of [UNKNOWN_ID, 'no-id', '%ff']) {
        const path = asked.path.replaceAll(/\{\w+\}/g, id);
        const reply = await contract.through(worlds.shared.api)(asked.method, path, options);
        expect(reply.status).toBe(404);
      }
    });

    it.each(apiOperations())('an unknown method beside %s is 405 (RFC 9110 15.5.6)', async (_, asked) => {
      const { path } = sampleRequest(asked, worlds.shared);
      const reply = await contract.through(worlds.shared.api)('OPTIONS', path);
      expect(reply.status).toBe(405);
    });

    it.each(apiOperations(isVersioned))(
      '%s under a stale ETag is 412 (RFC 9110 13.1.1)',
      async (_, asked) => {
        expect((await send(asked, { 'if-match': 'W/"stale"' })).status).toBe(412);
      },
    );

    it.each(apiOperations(isConditionalRead))('%s of what the client has is 304', async (_, asked) => {
      const etag = (await send(asked)).headers.get('etag') ?? '';
      expect((await send(asked, { 'if-none-match': etag })).status).toBe(304);
    });

    it.each(apiOperations(hasBody))('%s with too large a body is 413', async (_, asked) => {
      const { method, path } = sampleRequest(asked, worlds.shared);
      const raw = gzipSync(Buffer.alloc(LIMITS.bodyBytes + 1, ' '));
      const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
      const reply = await contract.through(worlds.shared.api)(method, path, { raw, headers });
      expect(reply.status).toBe(413);
    });

    it.each(apiOperations(hasBody))('%s with a body of another type is 415', async (_, asked) => {
      const { method, path } = sampleRequest(asked, worlds.shared);
      const options = { raw: '{}', headers: { 'content-type': 'text/plain' } };
      const reply = await contract.through(worlds.shared.api)(method, path, options);
      expect(reply.status).toBe(415);
    });

    it.each(apiOperations(isPost))('%s while the same is under way is 409', async (_, asked) => {
      const key = `begun-${asked.id}`;
      await beginElsewhere(worlds.shared, asked, key, { isSame: true });
      expect((await send(asked, { 'idempotency-key': key })).body.code).toBe('idempotency.in_progress');
    });

    it.each(apiOperations(isPost))('%s under the key of another request is 422', async (_, asked) => {
      const key = `used-${asked.id}`;
      await beginElsewhere(worlds.shared, asked, key, { isSame: false });
      const reply = await send(asked, { 'idempotency-key': key });
      expect(reply).toMatchObject({ status: 422, body: { code: 'idempotency.key_reused' } });
    });

    /** Another process has begun a request under this key. */
    async function beginElsewhere(
      world: World,
      asked: Operation,
      key: string,
      { isSame }: { readonly isSame: boolean },
    ): Promise<void> {
      const { organization } = world;
      const { path, options } = sampleRequest(asked, world);
      const values = path.split('?')[0]?.split('/') ?? [];
      const params = Object.fromEntries(
        asked.path
          .split('/')
          .flatMap((part, index) => (part.startsWith('{') ? [[part.slice(1, -1), values[index]]] : [])),
      );
      const json = asked.bodies.length === 0 ? undefined : JSON.parse(String(options.raw));
      const now = Date.now();
      await worlds.server.services.idempotency.begin(
        { organizationId: organization.id, userId: organization.adminId, operation: asked.id, key },
        {
          requestHash: hashRequest(isSame ? [params, '', json] : ['other']),
          requestId: 'elsewhere',
          begunAt: new Date(now).toISOString(),
          expiresAt: new Date(now + 60_000).toISOString(),
        },
      );
    }

    it.each(API_REFUSALS)('%s is %i: %s', async (id, status, _case, provoke) => {
      const world = await worlds.create();
      const reply = await provoke(contract.through(world.api), world);
      expect(operation(id).responses.has(String(status))).toBe(true);
      expect(reply.status).toBe(status);
    });

    it('every address and method is that of a declaration', () => {
      const declared = API_ROUTES.map(({ operationId }) => operationId).sort();
      expect(
        apiOperations()
          .map(([id]) => id)
          .sort(),
      ).toEqual(declared);
    });
  });

  describe('the admin REST API without a good credential', () => {
    // A minute passes with each look at the clock, so that refused keys are not too many.
    let minutes = 0;
    const worlds = useWorlds({ clock: { now: () => 1_795_000_000_000 + 60_000 * (minutes += 1) } });
    it.each(apiOperations())('%s is 401 (RFC 6750 3)', async (_, asked) => {
      const { method, path, options } = sampleRequest(asked, worlds.shared);
      for (const secret of [undefined, 'rk_unknown']) {
        const send = contract.through(new ApiClient(worlds.server.baseUrl, secret));
        expect((await send(method, path, options)).status).toBe(401);
      }
    });
  });

  describe('the admin REST API above the rate limit', () => {
    // Time stands still, so that nothing is allowed again.
    const worlds = useWorlds(
      { env: { API_RATE_LIMIT: '100' }, clock: { now: () => 1_795_000_000_000 } },
      async () => {
        for (let request = 0; request < 200; request += 1) await worlds.shared.api.get('/api/v1/me');
      },
    );
    it.each(apiOperations())('%s is 429 (RFC 6585 4)', async (_, asked) => {
      const { method, path, options } = sampleRequest(asked, worlds.shared);
      expect((await contract.through(worlds.shared.api)(method, path, options)).status).toBe(429);
    });
  });

  describe('the admin REST API with a database that has lost its tables', () => {
    const worlds = useWorlds({}, async ({ database }) => {
      await sql`drop table api_keys cascade`.execute(database.connection.db);
    });
    it.each(apiOperations())('%s is 500', async (_, asked) => {
      const { method, path, options } = sampleRequest(asked, worlds.shared);
      expect((await contract.through(worlds.shared.api)(method, path, options)).status).toBe(500);
    });
  });

  describe('the admin REST API without a database', () => {
    const worlds = useWorlds({}, async ({ database }) => {
      await database.connection.close();
    });
    it.each(apiOperations())('%s is 503', async (_, asked) => {
      const { method, path, options } = sampleRequest(asked, worlds.shared);
      expect((await contract.through(worlds.shared.api)(method, path, options)).status).toBe(503);
    });
  });
};
