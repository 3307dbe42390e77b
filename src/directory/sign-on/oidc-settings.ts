/** Names of the claims that a person's attributes are read from. */
export interface OidcClaimMapping {
  readonly userName: readonly string[];
  readonly email: readonly string[];
  readonly displayName: readonly string[];
  readonly givenName: readonly string[];
  readonly familyName: readonly string[];
  readonly groups: readonly string[];
}

/** What an OpenID Connect connection knows of its provider, and asks of it. */
export interface OidcSettings {
  /** Provider whose names of claims are expected: `okta`, `entra`, `google`, `ping`, `keycloak`, `custom`. */
  readonly preset: string;
  /** Issuer identifier; its discovery document is at `/.well-known/openid-configuration` below it. */
  readonly issuer: string;
  readonly clientId: string;
  /** Scopes asked for; `openid` always. */
  readonly scopes: readonly string[];
  readonly claims: OidcClaimMapping;
}

export interface OidcSecrets {
  /** Absent for a public client, which proves itself by PKCE alone. */
  readonly clientSecret?: string;
}
