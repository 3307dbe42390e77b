import { hashSecret } from '../kernel/secrets.js';

/** Credentials remembered at most; beyond that all are forgotten and count as new. */
const REMEMBERED = 10_000;

/**
 * Hashes of credentials that were good the last time. They are verified again each time, and only need not be counted
 * as attempts before they are: otherwise a busy client would use up the budget of its address while it waits.
 */
export class KnownCredentials {
  readonly #hashes = new Set<string>();

  has(secret: string): boolean {
    return this.#hashes.has(hashSecret(secret));
  }

  note(secret: string, isGood: boolean): void {
    const hash = hashSecret(secret);
    if (!isGood) {
      this.#hashes.delete(hash);
      return;
    }
    if (this.#hashes.size >= REMEMBERED) this.#hashes.clear();
    this.#hashes.add(hash);
  }
}
