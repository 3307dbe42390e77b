import { describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { ScimClient } from '../../../support/scim-client.js';
import type { Contract } from '../support/contract.js';
import { useWorlds } from '../support/use-world.js';

const PATH = '/auth/verify';

/** What proxies are answered that ask who makes a request. */
export const describeForwardAuth = (contract: Contract): void => {
  const through = (baseUrl: string, secret?: string) => contract.through(new ScimClient(baseUrl, secret));

  describe('forward authentication answers as declared', () => {
    const worlds = useWorlds();
    it('to every requirement and its failure', async () => {
      const { baseUrl } = worlds.server;
      const { organization } = worlds.shared;
      const key = async (scope: 'access' | 'admin') =>
        (await organization.api(organization.adminId, [scope])).token;
      const ask = through(baseUrl, await key('access'));
      const accept = { accept: 'text/html' };
      expect((await ask('GET', PATH)).status).toBe(200);
      expect((await ask('GET', `${PATH}?teams=Research`)).status).toBe(400);
      expect((await ask('GET', `${PATH}?team=No+such+team`)).status).toBe(403);
      expect((await through(baseUrl, await key('admin'))('GET', PATH)).status).toBe(403);
      expect((await through(baseUrl, 'rk_unknown')('GET', PATH)).status).toBe(401);
      const redirect = await through(baseUrl)('GET', `${PATH}?signIn=redirect`, { headers: accept });
      expect(redirect.status).toBe(302);
      expect((await ask('POST', PATH)).status).toBe(405);
    });
  });

  describe('forward authentication after too many refused keys', () => {
    // Time stands still, so that nothing is forgiven.
    const worlds = useWorlds({ clock: { now: () => 1_795_000_000_000 } });
    it('is 429 (RFC 6585 4)', async () => {
      const stranger = through(worlds.server.baseUrl, 'rk_unknown');
      for (let attempt = 0; attempt < 100; attempt += 1) await stranger('GET', PATH);
      expect((await stranger('GET', PATH)).status).toBe(429);
    });
  });

  describe('forward authentication with a database that has lost its tables', () => {
    const worlds = useWorlds({}, async ({ database }) => {
      await sql`drop table api_keys cascade`.execute(database.connection.db);
    });
    it('is 500', async () => {
      expect((await through(worlds.server.baseUrl, 'rk_unknown')('GET', PATH)).status).toBe(500);
    });
  });

  describe('forward authentication without a database', () => {
    const worlds = useWorlds({}, async ({ database }) => {
      await database.connection.close();
    });
    it('is 503', async () => {
      expect((await through(worlds.server.baseUrl, 'rk_unknown')('GET', PATH)).status).toBe(503);
    });
  });
};
