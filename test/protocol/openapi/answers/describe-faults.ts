import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { ScimClient } from '../../../support/scim-client.js';
import type { Contract } from '../support/contract.js';
import { operation, scimOperations, type Operation } from '../support/operation.js';
import { optionsOf, pathOf, sampleOf } from '../support/sample-request.js';
import { useWorlds, type Worlds } from '../support/use-world.js';
import { FRESH_FOR } from '../../../../src/directory/connections/token-verifier.js';

/** Sends the sample of an operation, with another credential if one is given. */
async function ask(contract: Contract, { shared, server }: Worlds, asked: Operation, token?: string | null) {
  const sample = sampleOf(asked);
  const client = token === undefined ? shared.client : new ScimClient(server.baseUrl, token ?? undefined);
  return contract.through(client)(asked.method, pathOf(sample, shared), optionsOf(sample, shared));
}

/** What fails before a request is looked at: credentials, the rate limit, the database. */
export const describeFaults = (contract: Contract): void => {
  describe('without a credential', () => {
    const worlds = useWorlds();
    it.each(scimOperations())('%s is 401 and a challenge (RFC 6750 3)', async (_, asked) => {
      expect((await ask(contract, worlds, asked, null)).status).toBe(401);
      expect((await ask(contract, worlds, asked, 'unknown')).status).toBe(401);
    });
  });

  describe('above the rate limit', () => {
    // Time stands still, so that nothing is allowed again.
    const worlds = useWorlds(
      { env: { SCIM_RATE_LIMIT: '100' }, clock: { now: () => 1_795_000_000_000 } },
      async () => {
        for (let request = 0; request < 200; request += 1) await worlds.shared.client.get('/scim/v2/Me');
      },
    );
    it.each(scimOperations())('%s is 429 (RFC 6585 4)', async (_, asked) => {
      expect((await ask(contract, worlds, asked)).status).toBe(429);
    });
    it('issueAccessToken is 429 for a client that asks again and again', async () => {
      const issue = operation('issueAccessToken');
      let { status } = await ask(contract, worlds, issue);
      for (let request = 0; request < 100 && status === 200; request += 1)
        ({ status } = await ask(contract, worlds, issue));
      expect(status).toBe(429);
    });
  });

  describe('with a database that has lost its tables', () => {
    const worlds = useWorlds({}, async ({ database }) => {
      await sql`drop table connection_tokens cascade`.execute(database.connection.db);
      await sql`drop table setup_links cascade`.execute(database.connection.db);
      await pause(FRESH_FOR);
    });
    it.each(scimOperations())('%s is 500 (RFC 7644 3.12)', async (_, asked) => {
      expect((await ask(contract, worlds, asked)).status).toBe(500);
    });
    it.each(['issueAccessToken', 'showSetupForm', 'completeSetup'])('%s is 500', async (id) => {
      expect((await ask(contract, worlds, operation(id))).status).toBe(500);
    });
  });

  describe('without a database', () => {
    const worlds = useWorlds({}, async ({ database }) => {
      await database.connection.close();
      await pause(FRESH_FOR);
    });
    it.each(scimOperations())('%s is 503 (RFC 7644 3.12)', async (_, asked) => {
      expect((await ask(contract, worlds, asked)).status).toBe(503);
    });
    it.each(['issueAccessToken', 'checkReadiness', 'showSetupForm', 'completeSetup'])(
      '%s is 503',
      async (id) => {
        expect((await ask(contract, worlds, operation(id))).status).toBe(503);
      },
    );
  });
};
