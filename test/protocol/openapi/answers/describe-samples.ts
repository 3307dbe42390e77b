import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { API_PREPARATIONS } from './api-preparations.js';
import { AUDITED } from './audited-operations.js';
import { isSignInPage } from './describe-sign-in.js';
import type { Contract } from '../support/contract.js';
import { OPERATIONS } from '../support/operation.js';
import { optionsOf, pathOf, sampleOf, samplesOf, type Sample } from '../support/sample-request.js';
import { useWorlds } from '../support/use-world.js';
import type { World } from '../support/world.js';

/** Whether it is the first example of an operation of the admin REST API that may change something. */
const isFirstWrite = (sample: Sample): boolean => {
  const { operation } = sample;
  const mayChange = operation.path.startsWith('/api/v1/') && operation.method !== 'GET';
  return mayChange && sampleOf(operation).name === sample.name;
};

/** A link for the set-up is valid until the next one is made, with the next world. */
const leavesNoTrace = ({ operation: { id, method } }: Sample): boolean =>
  method === 'GET' && id !== 'showSetupForm' && !(id in API_PREPARATIONS);

/** Every request that openapi.yaml shows, and every operation that needs no body, answered as declared and audited. */
export const describeSamples = (contract: Contract): void =>
  describe('what openapi.yaml shows as a request is accepted, and of the admin REST API audited once', () => {
    const worlds = useWorlds();
    const samples = OPERATIONS.filter(
      (operation) => !operation.id.endsWith('Me') && !isSignInPage(operation),
    ).flatMap(samplesOf);

    it.each(samples.map((sample) => [sample.name, sample] as const))('%s', async (_, sample) => {
      const world = leavesNoTrace(sample) ? worlds.shared : await worlds.create();
      const send = contract.through(world.clientFor(sample.operation.path));
      await API_PREPARATIONS[sample.operation.id]?.(world);
      const path = pathOf(sample, world);
      const options = optionsOf(sample, world);
      const requestId = randomUUID();
      const headers = { ...options.headers, 'x-request-id': requestId, 'idempotency-key': requestId };
      const request = () => send(sample.operation.method, path, { ...options, headers });
      const reply = await request();
      expect([200, 201, 204, 308]).toContain(reply.status);
      for (const result of reply.body.Operations ?? []) expect(result.status).toMatch(/^2/);
      if (!isFirstWrite(sample)) return;
      const events = () => eventsOf(world, requestId);
      const expected = AUDITED[sample.operation.id];
      expect(await events()).toEqual(expected);
      if (sample.operation.method !== 'POST') return;
      expect((await request()).headers.get('idempotency-replayed')).toBe('true');
      expect(await events()).toEqual(expected);
    });

    /** Actions of the events that a request of the admin's key left in the organization, oldest first. */
    async function eventsOf({ organization }: World, requestId: string): Promise<readonly string[]> {
      const { rows } = await sql<{ action: string }>`
        select action from audit_events where org_id = ${organization.id}::uuid and request_id = ${requestId}
           and actor_kind = 'api_key' order by id`.execute(worlds.server.database.connection.db);
      return rows.map(({ action }) => action);
    }

    const queries = OPERATIONS.flatMap((asked) =>
      asked.parameters
        .filter(({ place, isRequired }) => place === 'query' && !isRequired)
        .flatMap(({ name, examples }) => examples.map((value) => ({ id: asked.id, asked, name, value }))),
    );
    it.each(queries)('$id $name=$value', async ({ asked, name, value }) => {
      const { clientFor, place } = worlds.shared;
      const { method } = asked;
      const path = pathOf({ name: asked.id, operation: asked }, worlds.shared);
      const query = new URLSearchParams({ [name]: place(value) });
      const reply = await contract.through(clientFor(path))(method, `${path}?${query.toString()}`);
      expect(reply.status).toBe(200);
    });
  });
