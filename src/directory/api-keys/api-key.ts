import type { Instant } from '../../kernel/clock.js';
import type { ApiKeyScope } from '../principals/index.js';

/** A credential of an account, without its secret. */
export interface ApiKey {
  readonly id: string;
  /** The account it acts for. */
  readonly userId: string;
  readonly ownerName: string;
  readonly name: string;
  /** First characters of the secret, to tell keys apart. */
  readonly prefix: string;
  readonly scopes: readonly ApiKeyScope[];
  readonly createdAt: Instant;
  readonly expiresAt: Instant | undefined;
  readonly revokedAt: Instant | undefined;
  /** Kept to the minute. */
  readonly lastUsedAt: Instant | undefined;
}

/** A key just made: the only moment its secret is known. */
export interface IssuedApiKey {
  readonly key: ApiKey;
  readonly secret: string;
}

export interface ApiKeyInput {
  readonly name: string;
  readonly scopes: readonly ApiKeyScope[];
  /** Undefined: it does not expire. */
  readonly expiresAt: Instant | undefined;
}
