import type { Instant } from '../../kernel/clock.js';
import type { OrganizationRole } from '../users/user.js';
import type { OidcSecrets, OidcSettings } from './oidc-settings.js';
import type { SamlSecrets, SamlSettings } from './saml-settings.js';

export const SSO_KINDS = ['saml', 'oidc'] as const;
export type SsoKind = (typeof SSO_KINDS)[number];

interface SsoConnectionBase {
  readonly id: string;
  readonly organizationId: string;
  readonly name: string;
  readonly isEnabled: boolean;
  /** `environment`: written from variables at every start, and read-only for admins. */
  readonly origin: 'admin' | 'environment';
  /** What a person gets who is provisioned at the first sign-in and whom no mapping rule names. */
  readonly defaultRole: OrganizationRole;
  /** Whether an unknown person gets an account; DISABLE_SSO_PROVISIONING wins over it. */
  readonly provisions: boolean;
  /** The SCIM Connection of the same identity provider: accounts that it made may be linked at a sign-in. */
  readonly pairedConnectionId: string | undefined;
  /** Names of the secrets that are kept, never their values. */
  readonly secretNames: readonly string[];
  readonly version: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

export interface SamlConnection extends SsoConnectionBase {
  readonly kind: 'saml';
  readonly settings: SamlSettings;
}

export interface OidcConnection extends SsoConnectionBase {
  readonly kind: 'oidc';
  readonly settings: OidcSettings;
}

/** One identity provider at which people of an organization sign in. */
export type SsoConnection = SamlConnection | OidcConnection;

export type ProtocolSettings =
  | { readonly kind: 'saml'; readonly settings: SamlSettings; readonly secrets?: SamlSecrets }
  | { readonly kind: 'oidc'; readonly settings: OidcSettings; readonly secrets?: OidcSecrets };

/** What an admin chooses beside the protocol's settings. */
export interface SsoConnectionOptions {
  readonly isEnabled: boolean;
  readonly defaultRole: OrganizationRole;
  readonly provisions: boolean;
  readonly pairedConnectionId: string | undefined;
}

export const DEFAULT_SSO_CONNECTION_OPTIONS: SsoConnectionOptions = {
  isEnabled: false,
  defaultRole: 'member',
  provisions: true,
  pairedConnectionId: undefined,
};
