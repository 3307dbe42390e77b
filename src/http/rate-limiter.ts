export interface RateLimitOptions {
  /** Tokens that come back each second; more than 0. */
  readonly ratePerSecond: number;
  /** Tokens of a full bucket; 1 or more. */
  readonly burst: number;
  /** Buckets to keep; the least recently used are forgotten beyond about this many. */
  readonly maxKeys?: number;
}

export type RateLimitDecision =
  | { readonly allowed: true; readonly remaining: number; readonly limit: number }
  /** `retryAfterSeconds` is a whole number, 1 or more, as the Retry-After header wants it (RFC 9110 10.2.3). */
  | { readonly allowed: false; readonly retryAfterSeconds: number };

interface Bucket {
  tokens: number;
  /** Milliseconds since the epoch. */
  refilledAt: number;
}

const DEFAULT_MAX_KEYS = 10_000;

/** A token bucket for each key, in this process. */
export class RateLimiter {
  readonly #ratePerMillisecond: number;
  readonly #burst: number;
  readonly #generationSize: number;
  /**
   * Two generations bound the memory without a sweep: when the young one is full it becomes the old one, and what was
   * not used since is forgotten. A forgotten key starts again with a full bucket.
   */
  #young = new Map<string, Bucket>();
  #old = new Map<string, Bucket>();

  constructor(options: RateLimitOptions) {
    this.#ratePerMillisecond = options.ratePerSecond / 1_000;
    this.#burst = options.burst;
    this.#generationSize = Math.max(1, Math.ceil((options.maxKeys ?? DEFAULT_MAX_KEYS) / 2));
  }

  /** Takes one token of `key` at `now` (milliseconds since the epoch), or says when there will be one. */
  take(key: string, now: number): RateLimitDecision {
    const bucket = this.#findOrCreate(key, now);
    const elapsed = Math.max(0, now - bucket.refilledAt);
    bucket.tokens = Math.min(this.#burst, bucket.tokens + elapsed * this.#ratePerMillisecond);
    bucket.refilledAt = now;
    if (bucket.tokens < 1) {
      const wait = (1 - bucket.tokens) / this.#ratePerMillisecond;
      return { allowed: false, retryAfterSeconds: Math.max(1, Math.ceil(wait / 1_000)) };
    }
    bucket.tokens -= 1;
    return { allowed: true, remaining: Math.floor(bucket.tokens), limit: this.#burst };
  }

  /** Buckets kept now. */
  get size(): number {
    return this.#young.size + this.#old.size;
  }

  #findOrCreate(key: string, now: number): Bucket {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const bucket = this.#old.get(key) ?? { tokens: this.#burst, refilledAt: now };
    this.#old.delete(key);
    if (this.#young.size >= this.#generationSize) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, bucket);
    return bucket;
  }
}
