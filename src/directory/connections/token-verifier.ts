import { toInstant, type Clock } from '../../kernel/clock.js';
import { constantTimeEquals, hashSecret } from '../../kernel/secrets.js';
import type { UnitOfWork } from '../unit-of-work.js';
import type { LiveToken } from './connection-store.js';

/** Milliseconds between writes of when tokens were last used. */
const TOUCH_INTERVAL = 60_000;

/**
 * Tells whether a credential is live, at the moment it is asked: every answer comes from a lookup that started after
 * the question, so a revoked token is refused by the very next request on every replica. Requests that ask while a
 * lookup is under way share the next one, so under load the cost is a fraction of a lookup each.
 */
export class TokenVerifier {
  readonly #unitOfWork: UnitOfWork;
  readonly #clock: Clock;
  readonly #running = new Map<string, Promise<unknown>>();
  /** Lookups that start when the running one ends, for those who asked meanwhile. */
  readonly #waiting = new Map<string, Promise<LiveToken | undefined>>();
  readonly #touched = new Map<string, number>();

  constructor({ unitOfWork, clock }: { readonly unitOfWork: UnitOfWork; readonly clock: Clock }) {
    this.#unitOfWork = unitOfWork;
    this.#clock = clock;
  }

  /** The live credential with this secret, or undefined for one that is unknown, revoked, expired or disabled. */
  async verify(secret: string): Promise<LiveToken | undefined> {
    const hash = hashSecret(secret);
    const found = await this.#lookUp(hash);
    if (!found || !constantTimeEquals(found.hash, hash)) return undefined;
    this.#noteUse(found.token.id);
    return found;
  }

  #lookUp(hash: string): Promise<LiveToken | undefined> {
    const running = this.#running.get(hash);
    if (!running) return this.#start(hash);
    let waiting = this.#waiting.get(hash);
    if (!waiting) {
      waiting = running.then(() => {
        this.#waiting.delete(hash);
        return this.#start(hash);
      });
      this.#waiting.set(hash, waiting);
    }
    return waiting;
  }

  #start(hash: string): Promise<LiveToken | undefined> {
    const lookup = this.#unitOfWork.stores.connections.findLiveToken(hash, toInstant(this.#clock.now()));
    const settled = lookup.then(ignore, ignore).then(() => {
      if (this.#running.get(hash) === settled) this.#running.delete(hash);
    });
    this.#running.set(hash, settled);
    return lookup;
  }

  /** Last use is for people to look at: kept to the minute, and never in the way of a request. */
  #noteUse(tokenId: string): void {
    const now = this.#clock.now();
    if (now - (this.#touched.get(tokenId) ?? 0) < TOUCH_INTERVAL) return;
    this.#touched.set(tokenId, now);
    this.#unitOfWork.stores.connections.touchTokens([tokenId], toInstant(now)).catch(ignore);
  }
}

const ignore = (): void => undefined;
