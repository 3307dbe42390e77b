import { DomainError } from '../kernel/errors.js';

export interface ConcurrencyLimits {
  /** Works of one key at a time; 1 or more. */
  readonly perKey: number;
  /** Works of all keys at a time; 1 or more. */
  readonly inAll: number;
  /** Works of one key that may wait. */
  readonly queued: number;
  /** Milliseconds a work may wait. */
  readonly patience: number;
}

interface Waiter {
  start(): void;
}

/** Seconds after which a client that found the queue full may try again. */
const RETRY_AFTER = 5;

/**
 * Lets each key do so many things at a time, and all keys together so many. What comes beyond waits its turn: keys take
 * turns, so that one with a long queue does not keep another waiting behind it.
 */
export class ConcurrencyLimiter {
  readonly #limits: ConcurrencyLimits;
  /** Works that run, by key; a key with none is not in it. */
  readonly #running = new Map<string, number>();
  /** Works that wait, by key, the key whose turn is next first; a key with none is not in it. */
  readonly #waiting = new Map<string, Set<Waiter>>();
  #total = 0;

  constructor(limits: ConcurrencyLimits) {
    this.#limits = limits;
  }

  /**
   * Does the work when it is its turn.
   * @throws DomainError request.too_many_at_once when too many of this key wait already, or this one waited too long
   */
  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    if (this.#isFree(key)) this.#take(key);
    else await this.#wait(key);
    try {
      return await work();
    } finally {
      this.#release(key);
    }
  }

  #isFree(key: string): boolean {
    return this.#total < this.#limits.inAll && (this.#running.get(key) ?? 0) < this.#limits.perKey;
  }

  #take(key: string): void {
    this.#total += 1;
    this.#running.set(key, (this.#running.get(key) ?? 0) + 1);
  }

  #release(key: string): void {
    const left = (this.#running.get(key) ?? 1) - 1;
    this.#total -= 1;
    if (left === 0) this.#running.delete(key);
    else this.#running.set(key, left);
    this.#startNext();
  }

  #startNext(): void {
    for (const [key, waiters] of this.#waiting) {
      if (!this.#isFree(key)) continue;
      const [next] = waiters;
      this.#waiting.delete(key);
      if (!next) continue;
      waiters.delete(next);
      if (waiters.size > 0) this.#waiting.set(key, waiters);
      this.#take(key);
      next.start();
      return;
    }
  }

  #wait(key: string): Promise<void> {
    const waiters = this.#waiting.get(key) ?? new Set<Waiter>();
    if (waiters.size >= this.#limits.queued) return Promise.reject(tooMany());
    this.#waiting.set(key, waiters);
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        start: () => {
          clearTimeout(timer);
          resolve();
        },
      };
      const timer = setTimeout(() => {
        waiters.delete(waiter);
        if (waiters.size === 0) this.#waiting.delete(key);
        reject(tooMany());
      }, this.#limits.patience);
      waiters.add(waiter);
    });
  }
}

const tooMany = (): DomainError =>
  new DomainError('request.too_many_at_once', { retryAfterSeconds: RETRY_AFTER });
