import { toInstant, type Clock } from '../../kernel/clock.js';
import { LIMITS } from '../../kernel/limits.js';
import type { UnitOfWork } from '../unit-of-work.js';
import type { Use } from './activity-store.js';

const DAY = 86_400_000;
/** Milliseconds that a use waits for others. */
const FLUSH_INTERVAL = 1_000;
/** Uses in one statement. */
const BATCH = 500;
/** Accounts of which a process remembers that they were recorded today; beyond that it begins anew and asks again. */
const MAX_SEEN = 100_000;
/** Uses that wait at most. What does not fit is recorded at the account's next use. */
const MAX_WAITING = 10_000;
/** Rows that are deleted at a time once they are too old. */
const SWEEP_BATCH = 10_000;

/** Told when uses could not be recorded. They are at the next use of each account. */
export type OnActivityFailure = (error: unknown) => void;

/**
 * Notes who uses the product: whoever shows a session or an API key, or signs in. An account is recorded once on each day
 * in UTC, in the background, so that no request waits for it or fails with it. The day counts once however many replicas
 * see the account: the statement decides. What a process has not written when it crashes is the uses of one second.
 */
export class ActivityRecorder {
  readonly #unitOfWork: UnitOfWork;
  readonly #clock: Clock;
  #onFailure: OnActivityFailure | undefined;
  /** Ids of the accounts that need not be recorded any more on `#day`. */
  #seen = new Set<string>();
  /** Days since the epoch. */
  #day = 0;
  #waiting: Use[] = [];
  #flushTimer: NodeJS.Timeout | undefined;
  /** The writes under way; they come one after the other. */
  #writing: Promise<void> = Promise.resolve();
  /** The month in which old months were last deleted. */
  #sweptIn: string | undefined;

  constructor({ unitOfWork, clock }: { readonly unitOfWork: UnitOfWork; readonly clock: Clock }) {
    this.#unitOfWork = unitOfWork;
    this.#clock = clock;
  }

  /** Begins to write what is noted. */
  start(onFailure: OnActivityFailure): void {
    this.#onFailure = onFailure;
    if (this.#waiting.length > 0) this.#schedule();
  }

  /** Writes what waits and ends. */
  async stop(): Promise<void> {
    await this.flush();
    this.#onFailure = undefined;
    clearTimeout(this.#flushTimer);
    this.#flushTimer = undefined;
  }

  /** Costs nothing but a look into memory. Never throws. */
  note({ organizationId, userId }: { readonly organizationId: string; readonly userId: string }): void {
    const now = this.#clock.now();
    this.#turnTo(Math.floor(now / DAY));
    if (this.#seen.has(userId) || this.#waiting.length >= MAX_WAITING) return;
    if (this.#seen.size >= MAX_SEEN) this.#seen.clear();
    this.#seen.add(userId);
    this.#waiting.push({ organizationId, userId, at: toInstant(now) });
    this.#schedule();
  }

  /** Writes what waits. Never rejects. */
  flush(): Promise<void> {
    clearTimeout(this.#flushTimer);
    this.#flushTimer = undefined;
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  #turnTo(day: number): void {
    if (day === this.#day) return;
    this.#day = day;
    this.#seen = new Set();
  }

  #schedule(): void {
    if (!this.#onFailure) return;
    this.#flushTimer ??= setTimeout(() => void this.flush(), FLUSH_INTERVAL).unref();
  }

  async #write(): Promise<void> {
    const uses = this.#waiting;
    if (uses.length === 0) return;
    this.#waiting = [];
    for (let start = 0; start < uses.length; start += BATCH)
      await this.#record(uses.slice(start, start + BATCH));
    await this.#sweep();
  }

  async #record(uses: readonly Use[]): Promise<void> {
    const seen = this.#seen;
    try {
      const recorded = await this.#unitOfWork.stores.activity.record(uses);
      for (const { userId } of uses) if (!recorded.has(userId)) seen.delete(userId);
    } catch (error) {
      for (const { userId } of uses) seen.delete(userId);
      this.#onFailure?.(error);
    }
  }

  /** Once a month, and once after a start. */
  async #sweep(): Promise<void> {
    const oldest = firstMonthKept(this.#clock.now());
    if (this.#sweptIn === oldest) return;
    try {
      const { activity } = this.#unitOfWork.stores;
      while ((await activity.deleteBefore(oldest, SWEEP_BATCH)) === SWEEP_BATCH);
      this.#sweptIn = oldest;
    } catch (error) {
      this.#onFailure?.(error);
    }
  }
}

/** The first day of the first month that is kept, such as `2026-01-01`. @param now - milliseconds since the epoch */
export function firstMonthKept(now: number): string {
  const date = new Date(now);
  const month = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - LIMITS.activityMonths, 1);
  return toInstant(month).slice(0, 'YYYY-MM-DD'.length);
}
