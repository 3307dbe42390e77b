/** Stands for the NameID of the subject where the name of an attribute is asked for. */
export const NAME_ID = 'nameId';

/** Where a person's attributes stand in an assertion: Names of attributes, tried in order, or `nameId`. */
export interface SamlAttributeMapping {
  /** The one value that never changes and never goes to somebody else; an assertion without it is refused. */
  readonly subject: string;
  readonly userName: readonly string[];
  readonly email: readonly string[];
  readonly displayName: readonly string[];
  readonly givenName: readonly string[];
  readonly familyName: readonly string[];
  readonly groups: readonly string[];
}

/** What a SAML 2.0 connection knows of its identity provider, and asks of it. */
export interface SamlSettings {
  /** Identity provider whose names of attributes are expected: `okta`, `entra`, `google`, `ping`, `keycloak`, `custom`. */
  readonly preset: string;
  /** entityID of the identity provider: the Issuer its answers must name. */
  readonly idpEntityId: string;
  /** SingleSignOnService of the identity provider, HTTP-Redirect binding. */
  readonly entryPoint: string;
  /** SingleLogoutService, HTTP-Redirect binding. */
  readonly logoutUrl: string | undefined;
  /** Signing certificates in PEM; two at once during a rollover. */
  readonly certificates: readonly string[];
  /** Where the identity provider's metadata is fetched from, when it is not given by hand. */
  readonly metadataUrl: string | undefined;
  /** What must carry a signature. An assertion is never taken from unsigned bytes. */
  readonly requiredSignature: 'assertion' | 'response' | 'both';
  readonly signsRequests: boolean;
  readonly wantsEncryptedAssertions: boolean;
  /** Whether an answer that was not asked for is accepted. */
  readonly allowsIdpInitiated: boolean;
  /** NameID format to ask for; undefined leaves it to the identity provider. */
  readonly nameIdFormat: string | undefined;
  readonly attributes: SamlAttributeMapping;
}

/** Private keys of the service provider in PEM, with their certificates. */
export interface SamlSecrets {
  readonly privateKey?: string;
  readonly certificate?: string;
}
