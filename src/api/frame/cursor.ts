import { createHash } from 'node:crypto';
import type { KeysetPosition } from '../../directory/query.js';
import type { Clock } from '../../kernel/clock.js';
import type { Sealer } from '../../kernel/encryption.js';
import { DomainError } from '../../kernel/errors.js';
import { isUuid } from '../../kernel/ids.js';
import { LIMITS } from '../../kernel/limits.js';

interface CursorContent {
  readonly issuedAt: number;
  readonly scope: string;
  readonly position: KeysetPosition;
}

/**
 * Cursors of lists: opaque and sealed, because a position may hold a sort key, which is personal data. Any replica with
 * the same SECRET_KEY reads them; nothing is stored.
 */
export class Cursors {
  readonly #sealer: Sealer;
  readonly #clock: Clock;

  constructor(sealer: Sealer, clock: Clock) {
    this.#sealer = sealer;
    this.#clock = clock;
  }

  /** @param scope - what the cursor is good for: organization, operation and every parameter but the page's size */
  write(scope: readonly unknown[], position: KeysetPosition): string {
    const content: CursorContent = { issuedAt: this.#clock.now(), scope: fingerprint(scope), position };
    return this.#sealer.seal(JSON.stringify(content));
  }

  /** @throws DomainError request.invalid, with one text for a forged, foreign or mismatched cursor */
  read(scope: readonly unknown[], cursor: string): KeysetPosition {
    const text = this.#sealer.open(cursor);
    const content = text === undefined ? undefined : (JSON.parse(text) as CursorContent);
    if (content?.scope !== fingerprint(scope) || !isUuid(content.position.id))
      throw new DomainError('request.invalid', {
        field: 'cursor',
        detail: 'The cursor is not valid for this request.',
      });
    if (this.#clock.now() - content.issuedAt > LIMITS.cursorSeconds * 1_000)
      throw new DomainError('request.invalid', {
        field: 'cursor',
        detail: `The cursor is older than ${LIMITS.cursorSeconds} seconds.`,
      });
    return content.position;
  }
}

const fingerprint = (scope: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(scope)).digest('base64url');
