/** What the metadata of an identity provider says (SAML metadata 2.4.3), as far as a connection needs it. */
export interface SamlIdentityProvider {
  readonly entityId: string;
  /** SingleSignOnService, HTTP-Redirect binding. */
  readonly entryPoint: string;
  /** SingleLogoutService, HTTP-Redirect binding. */
  readonly logoutUrl: string | undefined;
  /** Signing certificates in PEM, the next one included where it is announced. */
  readonly certificates: readonly string[];
}

/** Reads the metadata of identity providers, by address or as text. */
export interface SamlMetadataReader {
  /** Fetches it now. @throws DomainError sso_connection.invalid, naming `metadataUrl` */
  fromUrl(url: string): Promise<SamlIdentityProvider>;
  /** @throws DomainError sso_connection.invalid, naming `metadataXml` */
  fromXml(xml: string): SamlIdentityProvider;
}
