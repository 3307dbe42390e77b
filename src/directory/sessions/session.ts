import type { Instant } from '../../kernel/clock.js';

/** How a person signed in. `setup` and `invitation`: by the one-time link with which the password was chosen. */
export const SIGN_IN_METHODS = ['password', 'setup', 'invitation', 'saml', 'oidc'] as const;
export type SignInMethod = (typeof SIGN_IN_METHODS)[number];

/** How, and for SAML and OpenID Connect where, the person was recognised. */
export type SignInOrigin = { readonly method: 'password' | 'setup' | 'invitation' } | SsoSignIn;

/** A sign-in at an identity provider, as the provider knows it. */
export interface SsoSignIn {
  readonly method: 'saml' | 'oidc';
  readonly ssoConnectionId: string;
  /** `sub` or NameID. */
  readonly subject: string;
  /** `sid` or SessionIndex. */
  readonly sessionIndex: string | undefined;
  /** What the provider wants to see when the person signs out there, such as the ID token; encrypted by the surface. */
  readonly logoutHint: string | undefined;
}

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
