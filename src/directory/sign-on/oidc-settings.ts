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
  /** Provider whose names of claims are expected; see `oidc-presets.ts`. */
  readonly preset: string;
  /** Issuer identifier; its discovery document is at `/.well-known/openid-configuration` below it. */
  readonly issuer: string;
  readonly clientId: string;
  /** Scopes asked for; `openid` always. */
  readonly scopes: readonly string[];
  readonly claims: OidcClaimMapping;
  /**
   * Claims that have to be there with one of the values, such as `hd` for the domain of a Google Workspace. At an issuer
   * where everybody can have an account they are what makes a person one of the organization's.
   */
  readonly requiredClaims: Readonly<Record<string, readonly string[]>>;
  /** Whether an address counts that the provider itself calls unverified (`email_verified: false`). */
  readonly acceptsUnverifiedEmail: boolean;
}

export interface OidcSecrets {
  /** Absent for a public client, which proves itself by PKCE alone. */
  readonly clientSecret?: string;
}
