import type { SsoConnection } from './sso-connection.js';

/** What an identity provider said of a person, verified by the protocol's surface and not yet believed any further. */
export interface AssertedIdentity {
  readonly ssoConnection: SsoConnection;
  /** `sub` (OpenID Connect) or NameID (SAML): what the identity provider never gives to somebody else. */
  readonly subject: string;
  readonly userName: string | undefined;
  readonly email: string | undefined;
  readonly displayName: string | undefined;
  readonly givenName: string | undefined;
  readonly familyName: string | undefined;
  /** Names of the person's groups; undefined when the identity provider said nothing of groups. */
  readonly groups: readonly string[] | undefined;
  /** Everything else that was said, for the admin who tests a connection. */
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  /** `sid` or SessionIndex: the identity provider's session, for its logout. */
  readonly sessionIndex: string | undefined;
}
