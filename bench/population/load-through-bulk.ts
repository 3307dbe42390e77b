import type { Subject } from '../environment/child-server.ts';
import { sendScim } from '../environment/scim-client.ts';
import { loadedUser } from './user-bodies.ts';

const OPERATIONS_PER_REQUEST = 500;
const REQUESTS_AT_ONCE = 4;

interface BulkAnswer {
  readonly Operations: readonly {
    readonly status: string;
    readonly location?: string;
    readonly response?: unknown;
  }[];
}

/**
 * Creates users 0 to count - 1 by SCIM Bulk (RFC 7644 section 3.7).
 *
 * @returns their ids by user number.
 * @throws Error when an operation was not answered 201.
 */
export async function loadThroughBulk(subject: Subject, count: number): Promise<string[]> {
  const ids: string[] = [];
  let next = 0;
  async function work(): Promise<void> {
    while (next < count) {
      const first = next;
      next = Math.min(next + OPERATIONS_PER_REQUEST, count);
      for (const [offset, id] of (await createUsers(subject, first, next)).entries())
        ids[first + offset] = id;
    }
  }
  await Promise.all(Array.from({ length: REQUESTS_AT_ONCE }, work));
  return ids;
}

async function createUsers(subject: Subject, first: number, end: number): Promise<string[]> {
  const operations = Array.from({ length: end - first }, (_, index) => ({
    method: 'POST',
    path: '/Users',
    bulkId: `u${first + index}`,
    data: loadedUser(first + index),
  }));
  const body = { schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'], Operations: operations };
  const answer = await sendScim(subject, 'POST', '/Bulk', { body, expect: 200 });
  return (answer.body as BulkAnswer).Operations.map(({ status, location, response }) => {
    if (status !== '201' || location === undefined) {
      throw new Error(`${subject.name}: Bulk create gave ${status}: ${JSON.stringify(response)}`);
    }
    return location.slice(location.lastIndexOf('/') + 1);
  });
}
