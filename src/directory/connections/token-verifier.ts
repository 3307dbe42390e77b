import { toInstant, type Clock } from '../../kernel/clock.js';
import { constantTimeEquals, hashSecret } from '../../kernel/secrets.js';
import type { UnitOfWork } from '../unit-of-work.js';
import type { LiveToken } from './connection-store.js';

/**
 * Milliseconds for which an answer of the database counts, from the start of its lookup. A revoked credential is refused
 * at the latest that much later on every replica; under load it saves one of two round trips of each request.
 */
export const FRESH_FOR = 50;
/** Milliseconds between writes of when a token was last used: kept to the minute, for people to look at. */
const TOUCH_INTERVAL = 60_000;
/** Credentials remembered at most; beyond that all are forgotten and looked up again. */
const REMEMBERED = 10_000;

/** A look-up that has begun and costs its client something unless it is forgiven. */
export interface Trial {
  forgive(): void;
}

interface Lookup {
  /** On the monotonic clock. */
  readonly startedAt: number;
  readonly result: Promise<LiveToken | undefined>;
}

/** Tells whether a credential is live. Requests that ask at the same moment share one lookup. */
export class TokenVerifier {
  readonly #unitOfWork: UnitOfWork;
  readonly #clock: Clock;
  readonly #lookups = new Map<string, Lookup>();
  readonly #touched = new Map<string, number>();

  constructor({ unitOfWork, clock }: { readonly unitOfWork: UnitOfWork; readonly clock: Clock }) {
    this.#unitOfWork = unitOfWork;
    this.#clock = clock;
  }

  /**
   * The live credential with this secret, or undefined for one that is unknown, revoked, expired or disabled.
   * @param begin - called before a credential is looked up that was not good when it last was; forgiven when it is, or
   *   when the database cannot tell. What it throws is thrown
   */
  async verify(secret: string, begin?: () => Trial): Promise<LiveToken | undefined> {
    const hash = hashSecret(secret);
    const trial = this.#lookups.has(hash) ? undefined : begin?.();
    const found = await this.#lookUp(hash).catch((error: unknown) => {
      trial?.forgive();
      throw error;
    });
    if (!found || !constantTimeEquals(found.hash, hash)) return undefined;
    trial?.forgive();
    this.#noteUse(found);
    return found;
  }

  /** Looks every credential up anew: what its connection does has changed, and whoever changed it may go on at once. */
  forget(): void {
    this.#lookups.clear();
  }

  #lookUp(hash: string): Promise<LiveToken | undefined> {
    const startedAt = performance.now();
    const known = this.#lookups.get(hash);
    if (known && startedAt - known.startedAt < FRESH_FOR) return known.result;
    if (this.#lookups.size >= REMEMBERED) this.#lookups.clear();
    const result = this.#unitOfWork.stores.connections.findLiveToken(hash, toInstant(this.#clock.now()));
    this.#lookups.set(hash, { startedAt, result });
    // Only the good are remembered: a token just made must work, and an outage must not outlast the database's.
    const forget = (): void => {
      if (this.#lookups.get(hash)?.result === result) this.#lookups.delete(hash);
    };
    result.then((found) => {
      if (!found) forget();
    }, forget);
    return result;
  }

  #noteUse({ token: { id: tokenId }, connection }: LiveToken): void {
    const now = this.#clock.now();
    if (now - (this.#touched.get(tokenId) ?? 0) < TOUCH_INTERVAL) return;
    if (this.#touched.size >= REMEMBERED) this.#touched.clear();
    this.#touched.set(tokenId, now);
    this.#unitOfWork.stores.connections
      .touchToken(connection.organizationId, tokenId, toInstant(now))
      .catch(ignore);
  }
}

const ignore = (): void => undefined;
