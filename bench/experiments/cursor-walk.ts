import type { Subject } from '../environment/child-server.ts';
import { sendScim } from '../environment/scim-client.ts';

/** Pages kept from the end of the walk, so that a measurement does not read one and the same page. */
const DEEP_PAGES = 20;

export interface WalkedPages {
  /** Path of the first page. */
  readonly first: string;
  /** Paths of the last full pages before the given depth. */
  readonly deep: readonly string[];
}

/**
 * Follows `nextCursor` (RFC 9865 section 2) until the given number of users has been passed. A cursor is opaque and
 * bound to its `count`, so the only way to a far page is through all pages before it.
 *
 * @throws Error when the list ends before that depth.
 */
export async function walkToDepth(subject: Subject, depth: number, pageSize: number): Promise<WalkedPages> {
  const pathOf = (cursor: string): string => `/Users?cursor=${cursor}&count=${pageSize}`;
  const first = pathOf('');
  const paths: string[] = [];
  for (let path = first, passed = 0; passed + pageSize <= depth; passed += pageSize) {
    paths.push(path);
    const { body } = await sendScim(subject, 'GET', path, { expect: 200 });
    const { nextCursor } = body as { readonly nextCursor?: string };
    if (nextCursor === undefined)
      throw new Error(`${subject.name}: the list ended after ${passed + pageSize} users`);
    path = pathOf(encodeURIComponent(nextCursor));
  }
  return { first, deep: paths.slice(-DEEP_PAGES) };
}
