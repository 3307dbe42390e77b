import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { LIMITS } from '../../../../src/kernel/limits.js';
import { UNKNOWN_ID } from '../../../conformance/rfc/support/urns.js';
import type { Contract } from '../support/contract.js';
import { hasParameter, scimOperations, type Operation } from '../support/operation.js';
import { optionsOf, pathOf, sampleOf } from '../support/sample-request.js';
import { useWorlds } from '../support/use-world.js';

const hasBody = ({ bodies }: Operation): boolean => bodies.length > 0;
const hasId = ({ path }: Operation): boolean => path.endsWith('/{id}');
const isMe = ({ path }: Operation): boolean => path.endsWith('/Me');
const isVersioned = (operation: Operation): boolean => hasParameter(operation, 'If-Match');
/** Reads a body or a query, which can be malformed. */
const isReadable = (operation: Operation): boolean =>
  hasBody(operation) || hasParameter(operation, 'attributes');
/** Every method of `/Me` is 501; the base address itself has nothing but GET to be asked for. */
const hasOtherMethods = (operation: Operation): boolean => !isMe(operation) && operation.path !== '/scim/v2';

/** What makes any SCIM request of a kind fail, whatever it asks for. */
export const describeRefusals = (contract: Contract): void =>
  describe('what the protocol refuses is answered as declared', () => {
    const worlds = useWorlds();

    it.each(scimOperations(isReadable))('%s, malformed, is 400 (RFC 7644 3.12)', async (_, operation) => {
      const world = worlds.shared;
      const path = pathOf(sampleOf(operation), world);
      const send = contract.through(world.client);
      const reply =
        operation.bodies.length > 0
          ? await send(operation.method, path, { raw: '{', headers: { 'content-type': 'application/json' } })
          : await send(operation.method, `${path}?count=x&attributes=id&excludedAttributes=meta`);
      expect(reply.status).toBe(400);
    });

    it.each(scimOperations(hasId))('%s of something unknown is 404 (RFC 7644 3.12)', async (_, operation) => {
      const world = worlds.shared;
      const sample = sampleOf(operation);
      const path = operation.path.replace('{id}', UNKNOWN_ID);
      const reply = await contract.through(world.client)(operation.method, path, optionsOf(sample, world));
      expect(reply.status).toBe(404);
    });

    it.each(scimOperations(hasOtherMethods))(
      'a method that the address of %s does not have is 405 (RFC 9110 15.5.6)',
      async (_, operation) => {
        const world = worlds.shared;
        const path = pathOf(sampleOf(operation), world);
        const reply = await contract.through(world.client)('OPTIONS', path);
        expect(reply.status).toBe(405);
      },
    );

    it.each(scimOperations(isVersioned))(
      '%s under a stale ETag is 412 (RFC 7644 3.14)',
      async (_, operation) => {
        const world = worlds.shared;
        const sample = sampleOf(operation);
        const options = optionsOf(sample, world);
        const headers = { ...options.headers, 'if-match': 'W/"stale"' };
        const send = contract.through(world.client);
        const reply = await send(operation.method, pathOf(sample, world), { ...options, headers });
        expect(reply.status).toBe(412);
      },
    );

    it.each(scimOperations(hasBody))(
      '%s with too large a body is 413 (RFC 7644 3.7.4)',
      async (_, operation) => {
        const world = worlds.shared;
        const raw = gzipSync(Buffer.alloc(LIMITS.bodyBytes + 1, ' '));
        const headers = { 'content-type': 'application/scim+json', 'content-encoding': 'gzip' };
        const path = pathOf(sampleOf(operation), world);
        const reply = await contract.through(world.client)(operation.method, path, { raw, headers });
        expect(reply.status).toBe(413);
      },
    );

    it.each(scimOperations(hasBody))(
      '%s with a body of another type is 415 (RFC 9110 15.5.16)',
      async (_, operation) => {
        const world = worlds.shared;
        const path = pathOf(sampleOf(operation), world);
        const options = { raw: '{}', headers: { 'content-type': 'text/plain' } };
        const reply = await contract.through(world.client)(operation.method, path, options);
        expect(reply.status).toBe(415);
      },
    );

    it.each(scimOperations(isMe))('%s is 501 (RFC 7644 3.11)', async (_, { method, path }) => {
      const reply = await contract.through(worlds.shared.client)(method, path);
      expect(reply.status).toBe(501);
    });
  });
