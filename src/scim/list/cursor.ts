import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { KeysetPosition } from '../../directory/query.js';
import type { Clock } from '../../kernel/clock.js';
import { isUuid } from '../../kernel/ids.js';
import { LIMITS } from '../../kernel/limits.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { deriveKey } from '../../kernel/secrets.js';
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

const IV_BYTES = 12;
const TAG_BYTES = 16;
const INVALID = badRequest('invalidCursor', 'The cursor is not valid for this request.');

/**
 * Cursors of RFC 9865: opaque, encrypted and authenticated, because a position may hold a sort key, which is personal
 * data. Any replica with the same SECRET_KEY reads them; nothing is stored.
 */
export class CursorCodec {
  readonly #key: Buffer;
  readonly #clock: Clock;

  constructor(secretKey: string, clock: Clock) {
    this.#key = createHash('sha256').update(deriveKey(secretKey, 'scim-cursor')).digest();
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
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key, iv);
    const sealed = Buffer.concat([cipher.update(JSON.stringify(content), 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
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
    if (cursor.length > LIMITS.urlLength || !/^[\w-]+$/.test(cursor)) return undefined;
    const bytes = Buffer.from(cursor, 'base64url');
    if (bytes.length <= IV_BYTES + TAG_BYTES) return undefined;
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, IV_BYTES));
      decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      const text = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
      const content = JSON.parse(text.toString('utf8')) as CursorContent;
      return isUuid(content.position.id) ? content : undefined;
    } catch {
      return undefined;
    }
  }
}

const fingerprint = ({ connectionId, request }: CursorScope): string =>
  createHash('sha256')
    .update(JSON.stringify([connectionId, ...request.map((part) => part ?? null)]))
    .digest('base64url');
