import type { Instant } from '../../kernel/clock.js';

/** How a person signed in. `setup` and `invitation`: by the one-time link with which the password was chosen. */
export const SIGN_IN_METHODS = ['password', 'setup', 'invitation', 'saml', 'oidc'] as const;
export type SignInMethod = (typeof SIGN_IN_METHODS)[number];

/** How, and for SAML and OpenID Connect where, the person was recognised. */
export type SignInOrigin =
  | { readonly method: 'password' | 'setup' | 'invitation' }
  | { readonly method: 'saml' | 'oidc'; readonly ssoConnectionId: string };

/** A signed-in browser, without its secret. */
export interface Session {
  readonly id: string;
  readonly userId: string;
  readonly method: SignInMethod;
  readonly ssoConnectionId: string | undefined;
  readonly createdAt: Instant;
  /** Kept to the minute. */
  readonly lastSeenAt: Instant;
  /** Absolute: use does not move it. */
  readonly expiresAt: Instant;
  readonly sourceAddress: string | undefined;
  /** What the browser called itself at sign-in, cut to `LIMITS.userAgentLength`. */
  readonly userAgent: string | undefined;
}
