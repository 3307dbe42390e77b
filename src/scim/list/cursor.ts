import { createHash } from 'node:crypto';
import type { KeysetPosition } from '../../directory/query.js';
import type { Clock } from '../../kernel/clock.js';
import { Sealer } from '../../kernel/encryption.js';
import { isUuid } from '../../kernel/ids.js';
import { LIMITS } from '../../kernel/limits.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { badRequest, type ScimProblem } from '../problem.js';

/** What binds a cursor: whose it is, for which request. */
export interface CursorScope {
  readonly connectionId: string;
  /** Everything of the list request but the cursor: endpoint, filter, sort, projection. */
  readonly request: readonly (string | undefined)[];
  readonly requestedCount: number;
}

interface CursorContent {
  readonly issuedAt: number;
  readonly scope: string;
  readonly count: number;
  readonly position: KeysetPosition;
}

const INVALID = badRequest('invalidCursor', 'The cursor is not valid for this request.');

/**
 * Cursors of RFC 9865: opaque, encrypted and authenticated, because a position may hold a sort key, which is personal
 * data. Any replica with the same SECRET_KEY reads them; nothing is stored.
 */
export class CursorCodec {
  readonly #sealer: Sealer;
  readonly #clock: Clock;

  constructor(secretKey: string, clock: Clock) {
    this.#sealer = new Sealer(secretKey, 'scim-cursor');
    this.#clock = clock;
  }

  /** Base64url text: unreserved characters of RFC 3986 only. */
  write(scope: CursorScope, position: KeysetPosition): string {
    const content: CursorContent = {
      issuedAt: this.#clock.now(),
      scope: fingerprint(scope),
      count: scope.requestedCount,
      position,
    };
    return this.#sealer.seal(JSON.stringify(content));
  }

  /**
   * The position in a cursor; undefined for the empty cursor, which asks for the first page. 400 invalidCursor with one
   * text for a forged, foreign or mismatched cursor, expiredCursor, or invalidCount for another count than the first.
   */
  read(scope: CursorScope, cursor: string): Result<KeysetPosition | undefined, ScimProblem> {
    if (cursor === '') return ok(undefined);
    const content = this.#open(cursor);
    if (content?.scope !== fingerprint(scope)) return err(INVALID);
    if (this.#clock.now() - content.issuedAt > LIMITS.cursorSeconds * 1000)
      return err(badRequest('expiredCursor', `The cursor is older than ${LIMITS.cursorSeconds} seconds.`));
    if (content.count !== scope.requestedCount)
      return err(badRequest('invalidCount', 'count must be that of the first request.'));
    return ok(content.position);
  }

  #open(cursor: string): CursorContent | undefined {
    const text = cursor.length > LIMITS.urlLength ? undefined : this.#sealer.open(cursor);
    if (text === undefined) return undefined;
    const content = JSON.parse(text) as CursorContent;
    return isUuid(content.position.id) ? content : undefined;
  }
}

const fingerprint = ({ connectionId, request }: CursorScope): string =>
  createHash('sha256')
    .update(JSON.stringify([connectionId, ...request.map((part) => part ?? null)]))
    .digest('base64url');
