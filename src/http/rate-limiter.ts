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
  /** Below 0: a debt that `charge` made. */
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
    const bucket = this.#refilled(key, now);
    return bucket.tokens < 1 ? this.#refuse(bucket) : this.#spend(bucket, 1);
  }

  /**
   * Takes `cost` more tokens for a request that `take` has let in and that turns out to be larger. It is let in whole,
   * even beyond the burst: the bucket goes into debt, and nothing else is let in until that is paid. While a debt stands
   * no other is made, however many requests `take` let in before.
   */
  charge(key: string, now: number, cost: number): RateLimitDecision {
    const bucket = this.#refilled(key, now);
    return bucket.tokens < 0 ? this.#refuse(bucket) : this.#spend(bucket, cost);
  }

  /** Gives one token back that `take` took. */
  giveBack(key: string, now: number): void {
    const bucket = this.#refilled(key, now);
    bucket.tokens = Math.min(this.#burst, bucket.tokens + 1);
  }

  /** Buckets kept now. */
  get size(): number {
    return this.#young.size + this.#old.size;
  }

  #refilled(key: string, now: number): Bucket {
    const bucket = this.#findOrCreate(key, now);
    const elapsed = Math.max(0, now - bucket.refilledAt);
    bucket.tokens = Math.min(this.#burst, bucket.tokens + elapsed * this.#ratePerMillisecond);
    bucket.refilledAt = now;
    return bucket;
  }

  #spend(bucket: Bucket, cost: number): RateLimitDecision {
    bucket.tokens -= cost;
    return { allowed: true, remaining: Math.max(0, Math.floor(bucket.tokens)), limit: this.#burst };
  }

  #refuse({ tokens }: Bucket): RateLimitDecision {
    const wait = (1 - tokens) / this.#ratePerMillisecond;
    return { allowed: false, retryAfterSeconds: Math.max(1, Math.ceil(wait / 1_000)) };
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
