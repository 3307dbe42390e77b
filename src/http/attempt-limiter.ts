import type { Clock } from '../kernel/clock.js';
import type { ErrorCode } from '../kernel/error-codes.js';
import { DomainError, isDomainError } from '../kernel/errors.js';
import { networkOf } from '../kernel/network.js';
import { RateLimiter, type RateLimitOptions } from './rate-limiter.js';

/** A credential that is being looked up. It counts as refused until somebody says that it was good. */
export interface Attempt {
  /** The credential was good, or could not be looked up: it does not count. */
  forgive(): void;
}

/** Credentials an address may try in vain: so many at once, and then so many a second. */
const ATTEMPTS: RateLimitOptions = { ratePerSecond: 1, burst: 60 };

/**
 * Limits how many credentials a client's address may try that turn out to be no good: each costs a look into the
 * database. One budget for all surfaces. What costs no look-up (no credential at all, or one that is known to be good)
 * need not be asked for, so that a flood does not lock out those who share the address.
 */
export class AttemptLimiter {
  readonly #clock: Clock;
  readonly #limiter: RateLimiter;

  constructor(clock: Clock, options: RateLimitOptions = ATTEMPTS) {
    this.#clock = clock;
    this.#limiter = new RateLimiter(options);
  }

  /**
   * Begins an attempt from this address; `undefined` stands for all whose address is not known.
   * @throws DomainError credential.too_many_attempts, with the time to wait
   */
  begin(address: string | undefined): Attempt {
    const key = address === undefined ? '' : networkOf(address);
    const decision = this.#limiter.take(key, this.#clock.now());
    if (!decision.allowed)
      throw new DomainError('credential.too_many_attempts', {
        retryAfterSeconds: decision.retryAfterSeconds,
      });
    return {
      forgive: () => {
        this.#limiter.giveBack(key, this.#clock.now());
      },
    };
  }

  /**
   * Runs what looks up a credential, which counts when it is refused with this code.
   * @throws DomainError credential.too_many_attempts, and what `lookUp` throws
   */
  async run<Found>(
    address: string | undefined,
    refusal: ErrorCode,
    lookUp: () => Promise<Found>,
  ): Promise<Found> {
    const attempt = this.begin(address);
    try {
      const found = await lookUp();
      attempt.forgive();
      return found;
    } catch (error) {
      if (!isDomainError(error, refusal)) attempt.forgive();
      throw error;
    }
  }
}
