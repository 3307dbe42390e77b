import { describe, expect, it } from '@jest/globals';
import { API_PREPARATIONS } from './api-preparations.js';
import { isSignInPage } from './describe-sign-in.js';
import type { Contract } from '../support/contract.js';
import { OPERATIONS } from '../support/operation.js';
import { optionsOf, pathOf, samplesOf, type Sample } from '../support/sample-request.js';
import { useWorlds } from '../support/use-world.js';

/** A link for the set-up is valid until the next one is made, with the next world. */
const leavesNoTrace = ({ operation: { id, method } }: Sample): boolean =>
  method === 'GET' && id !== 'showSetupForm' && !(id in API_PREPARATIONS);

/** Every request that openapi.yaml shows, and every operation that needs no body, answered as declared. */
export const describeSamples = (contract: Contract): void =>
  describe('what openapi.yaml shows as a request is accepted', () => {
    const worlds = useWorlds();
    const samples = OPERATIONS.filter(
      (operation) => !operation.id.endsWith('Me') && !isSignInPage(operation),
    ).flatMap(samplesOf);

    it.each(samples.map((sample) => [sample.name, sample] as const))('%s', async (_, sample) => {
      const world = leavesNoTrace(sample) ? worlds.shared : await worlds.create();
      const send = contract.through(world.clientFor(sample.operation.path));
      await API_PREPARATIONS[sample.operation.id]?.(world);
      const path = pathOf(sample, world);
      const reply = await send(sample.operation.method, path, optionsOf(sample, world));
      expect([200, 201, 204, 308]).toContain(reply.status);
      for (const result of reply.body.Operations ?? []) expect(result.status).toMatch(/^2/);
    });

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
