import type { Reply, ScimClient } from '../../../support/scim-client.js';
import { expectStatus } from './assertions.js';
import type { Resource } from './resources.js';
import { BULK_REQUEST, USER } from './urns.js';

/** Sends a BulkRequest (RFC 7644 section 3.7) as it is. */
export const bulk = (
  scim: ScimClient,
  operations: readonly object[],
  failOnErrors?: number,
): Promise<Reply> =>
  scim.post('/Bulk', {
    schemas: [BULK_REQUEST],
    ...(failOnErrors === undefined ? {} : { failOnErrors }),
    Operations: operations,
  });

/** Sends a BulkRequest that must be answered 200 overall, and answers its operations. */
export async function bulkResults(
  scim: ScimClient,
  operations: readonly object[],
  failOnErrors?: number,
): Promise<Resource[]> {
  const reply = await bulk(scim, operations, failOnErrors);
  expectStatus(reply, 200);
  return reply.body.Operations;
}

/** A POST of a user in a BulkRequest. */
export const postUser = (bulkId: string, userName: string, attributes: object = {}): object => ({
  method: 'POST',
  path: '/Users',
  bulkId,
  data: { schemas: [USER], userName, ...attributes },
});

export const statusesOf = (results: readonly Resource[]): string[] => results.map((result) => result.status);

/** The id at the end of an operation's location. */
export const idOf = (result: Resource): string => String(result.location).split('/').at(-1) ?? '';
