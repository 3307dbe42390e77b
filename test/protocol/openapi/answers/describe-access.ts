import { describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { gzipSync } from 'node:zlib';
import { LIMITS } from '../../../../src/kernel/limits.js';
import { ApiClient } from '../../../support/api-client.js';
import type { ScimClient } from '../../../support/scim-client.js';
import type { Contract } from '../support/contract.js';
import { accessOperations, type Operation } from '../support/operation.js';
import { optionsOf, pathOf, sampleOf } from '../support/sample-request.js';
import { useWorlds, type Worlds } from '../support/use-world.js';

/** What makes any request to the access evaluation API fail, whatever it asks for. */
export const describeAccess = (contract: Contract): void => {
  /** Sends the sample of an operation, as somebody else if a client is given. */
  const send = ({ shared }: Worlds, asked: Operation, client: ScimClient = shared.access) => {
    const sample = sampleOf(asked);
    return contract.through(client)(asked.method, pathOf(sample, shared), optionsOf(sample, shared));
  };

  describe('what the access evaluation API refuses is answered as declared', () => {
    const worlds = useWorlds();
    const sendRaw = (asked: Operation, raw: string | Uint8Array, headers: Record<string, string> = {}) =>
      contract.through(worlds.shared.access)(asked.method, asked.path, {
        raw,
        headers: { 'content-type': 'application/json', ...headers },
      });

    it.each(accessOperations())('%s, malformed, is 400', async (_, asked) => {
      expect((await sendRaw(asked, '{')).status).toBe(400);
      expect((await sendRaw(asked, '{}')).body.errors).toMatchObject([{ field: 'subject' }]);
    });

    it.each(accessOperations())('%s without a credential is 401 (RFC 6750 3)', async (_, asked) => {
      for (const secret of [undefined, 'rk_unknown'])
        expect((await send(worlds, asked, new ApiClient(worlds.server.baseUrl, secret))).status).toBe(401);
    });

    it.each(accessOperations())('%s with a key of another scope is 403', async (_, asked) => {
      const { organization } = worlds.shared;
      const { token } = await organization.api(organization.adminId, ['scim', 'admin']);
      const reply = await send(worlds, asked, new ApiClient(worlds.server.baseUrl, token));
      expect(reply.status).toBe(403);
    });

    it.each(accessOperations())(
      'another method than that of %s is 405 (RFC 9110 15.5.6)',
      async (_, asked) => {
        const reply = await contract.through(worlds.shared.access)('OPTIONS', asked.path);
        expect(reply.status).toBe(405);
      },
    );

    it.each(accessOperations())('%s with too large a body is 413', async (_, asked) => {
      const raw = gzipSync(Buffer.alloc(LIMITS.accessBodyBytes + 1, ' '));
      expect((await sendRaw(asked, raw, { 'content-encoding': 'gzip' })).status).toBe(413);
    });

    it.each(accessOperations())('%s with a body of another type is 415', async (_, asked) => {
      expect((await sendRaw(asked, '{}', { 'content-type': 'text/plain' })).status).toBe(415);
    });
  });

  describe('the access evaluation API after too many refused keys', () => {
    // Time stands still, so that nothing is forgiven.
    const worlds = useWorlds({ clock: { now: () => 1_795_000_000_000 } }, async ({ baseUrl }) => {
      const stranger = new ApiClient(baseUrl, 'rk_unknown');
      for (let attempt = 0; attempt < 100; attempt += 1) await stranger.post('/access/v1/evaluation', {});
    });
    it.each(accessOperations())('%s is 429 (RFC 6585 4)', async (_, asked) => {
      const stranger = new ApiClient(worlds.server.baseUrl, 'rk_another');
      expect((await send(worlds, asked, stranger)).status).toBe(429);
    });
  });

  describe('the access evaluation API with a database that has lost its tables', () => {
    const worlds = useWorlds({}, async ({ database }) => {
      await sql`drop table api_keys cascade`.execute(database.connection.db);
    });
    it.each(accessOperations())('%s is 500', async (_, asked) => {
      expect((await send(worlds, asked)).status).toBe(500);
    });
  });

  describe('the access evaluation API without a database', () => {
    const worlds = useWorlds({}, async ({ database }) => {
      await database.connection.close();
    });
    it.each(accessOperations())('%s is 503', async (_, asked) => {
      expect((await send(worlds, asked)).status).toBe(503);
    });
  });
};
