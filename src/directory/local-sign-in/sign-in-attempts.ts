import type { Clock } from '../../kernel/clock.js';
import { foldCase } from '../../kernel/fold.js';
import { networkOf } from '../../kernel/network.js';
import { hashSecret } from '../../kernel/secrets.js';
import type { UnitOfWork } from '../unit-of-work.js';

/** Milliseconds in which attempts are counted together. */
const WINDOW = 900_000;
/** What is attempted; each counts by itself. */
export type AttemptPurpose = 'sign_in' | 'reset';

/**
 * Attempts in a window. Somebody who guesses from one place is stopped early, without locking the owner out who signs
 * in from another; guessing from many places is stopped later, and one place guessing at many accounts as well. Links to
 * a new password are fewer: each may be a mail to somebody who did not ask for it.
 */
const ATTEMPTS = {
  sign_in: { place: 10, account: 100, address: 100 },
  reset: { place: 3, account: 10, address: 30 },
} as const;
type KeyKind = keyof (typeof ATTEMPTS)['sign_in'];

/** How often a key was tried in its window. */
export interface AttemptCount {
  readonly keyHash: string;
  readonly count: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

/** Attempts to sign in with a password, or to get another one, counted where every replica sees them. */
export interface SignInAttemptStore {
  /** Counts one attempt for each key, in a new window where the last one is over. Times are in milliseconds. */
  count(keyHashes: readonly string[], now: number, window: number): Promise<readonly AttemptCount[]>;
  /** Takes one attempt back for each key. */
  forgive(keyHashes: readonly string[]): Promise<void>;
  /** Takes windows away that began before. */
  deleteBefore(moment: number): Promise<void>;
}

/** An attempt that counts as failed until somebody says that it was not. */
export type Attempt =
  | { readonly kind: 'allowed'; forgive(): Promise<void> }
  /** A whole number, 1 or more, as the Retry-After header wants it. */
  | { readonly kind: 'throttled'; readonly retryAfterSeconds: number };

/** Slows down guessing of passwords and asking for new ones. It knows no accounts: an unknown user name is counted like a known one. */
export class SignInThrottle {
  readonly #unitOfWork: UnitOfWork;
  readonly #clock: Clock;
  readonly #purpose: AttemptPurpose;
  #sweptAt = 0;

  constructor(parts: {
    readonly unitOfWork: UnitOfWork;
    readonly clock: Clock;
    readonly purpose: AttemptPurpose;
  }) {
    this.#unitOfWork = parts.unitOfWork;
    this.#clock = parts.clock;
    this.#purpose = parts.purpose;
  }

  /**
   * Begins an attempt. It is counted before the password is looked at, so that many at once are not all the first.
   * @param address undefined stands for all whose address is not known
   */
  async begin(userName: string, address: string | undefined): Promise<Attempt> {
    const now = this.#clock.now();
    const { signInAttempts } = this.#unitOfWork.stores;
    this.#sweep(now);
    const account = foldCase(userName);
    const network = address === undefined ? '' : networkOf(address);
    const kinds = new Map<string, KeyKind>([
      [this.#hashOf('place', account, network), 'place'],
      [this.#hashOf('account', account), 'account'],
      [this.#hashOf('address', network), 'address'],
    ]);
    const counts = await signInAttempts.count([...kinds.keys()], now, WINDOW);
    const exceeded = counts.filter(
      ({ keyHash, count }) => count > ATTEMPTS[this.#purpose][kinds.get(keyHash) ?? 'address'],
    );
    if (exceeded.length === 0)
      return { kind: 'allowed', forgive: () => signInAttempts.forgive([...kinds.keys()]) };
    const end = Math.max(...exceeded.map(({ startedAt }) => startedAt + WINDOW));
    return { kind: 'throttled', retryAfterSeconds: Math.max(1, Math.ceil((end - now) / 1_000)) };
  }

  #hashOf(kind: KeyKind, ...parts: readonly string[]): string {
    return hashSecret(JSON.stringify([this.#purpose, kind, ...parts]));
  }

  #sweep(now: number): void {
    if (now - this.#sweptAt < WINDOW) return;
    this.#sweptAt = now;
    this.#unitOfWork.stores.signInAttempts.deleteBefore(now - WINDOW).catch(ignore);
  }
}

const ignore = (): void => undefined;
