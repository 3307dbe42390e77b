import { DomainError } from '../kernel/errors.js';
import { readEtags, type Versioned } from '../http/index.js';
import type { ScimRequest } from './exchange.js';

/** Fits no resource: versions start at 1. */
const NEVER = 0;

/**
 * The version a write expects (RFC 7644 section 3.14, RFC 9110 section 13.1.1), for the statement to check; undefined
 * without a condition. A header with several tags is settled against the current version.
 * @throws DomainError resource.version_mismatch for `If-None-Match: *` on a resource that exists
 */
export async function expectedVersion(
  request: ScimRequest,
  id: string,
  readCurrent: () => Promise<Versioned>,
): Promise<number | undefined> {
  const { ifMatch, ifNoneMatch } = request;
  if (ifNoneMatch !== undefined) {
    const current = await readCurrent();
    if (isNamed(ifNoneMatch, current)) throw new DomainError('resource.version_mismatch');
  }
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined;
  const versions = readEtags(ifMatch, id);
  if (versions.length <= 1) return versions[0] ?? NEVER;
  const current = await readCurrent();
  return versions.includes(current.version) ? current.version : NEVER;
}

const isNamed = (header: string, current: Versioned): boolean =>
  header.trim() === '*' || readEtags(header, current.id).includes(current.version);

/** Whether a GET may be answered 304 (RFC 9110 section 13.1.2). */
export const isNotModified = (request: ScimRequest, current: Versioned): boolean =>
  request.ifNoneMatch !== undefined && isNamed(request.ifNoneMatch, current);

/** Whether a GET with If-Match must be answered 412 (RFC 9110 section 13.1.1). */
export function assertIfMatch(request: ScimRequest, current: Versioned): void {
  const { ifMatch } = request;
  if (ifMatch !== undefined && !isNamed(ifMatch, current)) throw new DomainError('resource.version_mismatch');
}
