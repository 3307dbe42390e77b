import type { Instant } from '../../kernel/clock.js';

/** Passwords of the first admin and of break-glass admins, and the one-time link that makes the first admin. */
export interface LocalCredentialStore {
  setPasswordHash(organizationId: string, userId: string, hash: string): Promise<void>;
  /** Makes the link with this hash the only one that is good. */
  replaceSetupLink(hash: string, now: Instant): Promise<void>;
  /** Whether the link may be used; takes it, so that it is good once. */
  takeSetupLink(hash: string, now: Instant): Promise<boolean>;
  /** Whether the link could be used now. */
  hasSetupLink(hash: string): Promise<boolean>;
}
