import { expect } from '@jest/globals';
import type { Reply } from '../../../support/scim-client.js';
import { ERROR } from './urns.js';

/** Media type of an answer, without parameters. */
export const mediaType = (reply: Reply): string | undefined =>
  reply.headers.get('content-type')?.split(';')[0]?.trim();

/** Asserts the status and shows the answer when it differs. */
export function expectStatus(reply: Reply, ...statuses: readonly number[]): void {
  if (!statuses.includes(reply.status))
    throw new Error(`expected ${statuses.join(' or ')}, got ${reply.status}: ${reply.text.slice(0, 500)}`);
}

/**
 * Asserts a complete SCIM error (RFC 7644 section 3.12): status, media type, Error schema, status as a string, a
 * detail, and one of the given scimTypes when any is given.
 */
export function expectError(
  reply: Reply,
  status: number | readonly number[],
  ...scimTypes: readonly string[]
): void {
  expectStatus(reply, ...[status].flat());
  expect(mediaType(reply)).toBe('application/scim+json');
  expect(reply.body).toMatchObject({ schemas: [ERROR], status: String(reply.status) });
  expect(reply.body.detail).toEqual(expect.stringMatching(/\S/));
  if (scimTypes.length > 0) expect(scimTypes).toContain(reply.body.scimType);
}
