import type { Instant } from '../../kernel/clock.js';
import type { LiveApiKey } from '../api-keys/api-key-store.js';
import type { LiveSession } from '../sessions/session-store.js';

/** What an application behind a proxy is told of an account, beside its principal. */
export interface ForwardedAccount {
  readonly userName: string;
  readonly displayName: string;
  /** The primary address, else the first. */
  readonly email: string | undefined;
  /** Names of the teams it is in, archived ones left out, in the order of their names. */
  readonly teams: readonly string[];
}

/** Looks a credential and its account up, each time in one statement. Hashes are those of the secrets. */
export interface ForwardAuthStore {
  findBySession(
    secretHash: string,
    now: Instant,
  ): Promise<(LiveSession & { readonly account: ForwardedAccount }) | undefined>;
  findByApiKey(
    hash: string,
    now: Instant,
  ): Promise<(LiveApiKey & { readonly account: ForwardedAccount }) | undefined>;
}
