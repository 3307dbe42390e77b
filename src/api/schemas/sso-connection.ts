import { z } from 'zod';
import { OIDC_PRESET_NAMES } from '../../directory/sign-on/oidc-presets.js';
import { SAML_PRESET_NAMES } from '../../directory/sign-on/saml-presets.js';
import { ssoAddresses } from '../../directory/sign-on/sso-addresses.js';
import { SSO_KINDS, type SsoConnection } from '../../directory/sign-on/sso-connection.js';
import { ORGANIZATION_ROLES } from '../../directory/schema/index.js';
import { LIMITS } from '../../kernel/limits.js';
import { id, instant, orNull } from './common.js';

const address = z.string().max(LIMITS.urlLength).meta({ format: 'uri' });
const names = z.array(z.string());

export const samlAttributesSchema = z
  .strictObject({
    subject: z.string(),
    userName: names,
    email: names,
    displayName: names,
    givenName: names,
    familyName: names,
    groups: names,
  })
  .meta({
    id: 'SamlAttributes',
    description: 'Names of attributes, tried in order. `nameId` stands for the NameID of the subject.',
  });

/** What an admin may say of a SAML identity provider, beside its preset. */
export const SAML_SETTINGS = {
  idpEntityId: z.string().meta({ description: 'entityID of the identity provider.' }),
  entryPoint: address.meta({ description: 'SingleSignOnService, HTTP-Redirect binding.' }),
  logoutUrl: address.nullable().meta({ description: 'SingleLogoutService, HTTP-Redirect binding.' }),
  certificates: z
    .array(z.string())
    .meta({ description: 'Signing certificates in PEM; two at once during a rollover.' }),
  metadataUrl: address.nullable().meta({
    description: 'Where its metadata is read again and again, so that a new certificate is known in time.',
  }),
  requiredSignature: z.enum(['assertion', 'response', 'both']),
  signsRequests: z.boolean(),
  wantsEncryptedAssertions: z.boolean(),
  allowsIdpInitiated: z.boolean().meta({ description: 'Whether an answer that nobody asked for is taken.' }),
  nameIdFormat: z.string().nullable().meta({ description: 'The NameID format to ask for.' }),
} as const;

export const oidcClaimsSchema = z
  .strictObject({
    userName: names,
    email: names,
    displayName: names,
    givenName: names,
    familyName: names,
    groups: names,
  })
  .meta({ id: 'OidcClaims', description: 'Names of claims, tried in order.' });

/** What an admin may say of an OpenID provider, beside its preset. */
export const OIDC_SETTINGS = {
  issuer: address.meta({ description: 'Issuer identifier.' }),
  clientId: z.string(),
  scopes: z.array(z.string()).meta({ description: 'Scopes asked for; `openid` always.' }),
  requiredClaims: z.record(z.string(), z.array(z.string())).meta({
    description: 'Claims that must be there with one of the values, such as `hd` of Google Workspace.',
  }),
  acceptsUnverifiedEmail: z
    .boolean()
    .meta({ description: 'Whether an address counts that the provider calls unverified.' }),
} as const;

const samlSettingsSchema = z
  .strictObject({ preset: z.enum(SAML_PRESET_NAMES), ...SAML_SETTINGS, attributes: samlAttributesSchema })
  .meta({ id: 'SamlSettings' });
const oidcSettingsSchema = z
  .strictObject({ preset: z.enum(OIDC_PRESET_NAMES), ...OIDC_SETTINGS, claims: oidcClaimsSchema })
  .meta({ id: 'OidcSettings' });

const addressesSchema = z
  .strictObject({
    login: z.string().meta({ description: 'Where people begin.' }),
    test: z
      .string()
      .meta({ description: 'Where an admin tries the connection in a browser, enabled or not.' }),
    metadata: z.string().optional().meta({ description: 'SAML: our entityID, and our metadata.' }),
    acs: z.string().optional().meta({ description: 'SAML: our assertion consumer service.' }),
    logout: z.string().optional().meta({ description: 'SAML: our single logout service.' }),
    redirectUri: z.string().optional().meta({ description: 'OpenID Connect.' }),
    backchannelLogout: z.string().optional().meta({ description: 'OpenID Connect Back-Channel Logout 1.0.' }),
  })
  .meta({ id: 'SsoAddresses', description: 'What the identity provider is given.' });

/** Members that both protocols share, as an admin writes them. */
export const SSO_OPTIONS = {
  defaultRole: z.enum(ORGANIZATION_ROLES).meta({
    description: 'The organization role of a person who is provisioned at the first sign-in.',
  }),
  provisions: z.boolean().meta({
    description: 'Whether an unknown person gets an account. `DISABLE_SSO_PROVISIONING` wins over it.',
  }),
  pairedConnectionId: id.nullable().meta({
    description: 'The SCIM connection of the same identity provider: accounts that it made may be linked.',
  }),
} as const;

export const ssoConnectionSchema = z
  .strictObject({
    id,
    kind: z.enum(SSO_KINDS),
    name: z.string(),
    isEnabled: z.boolean(),
    origin: z.enum(['admin', 'environment']).meta({
      description: '`environment`: configured by variables, and read-only here.',
    }),
    ...SSO_OPTIONS,
    settings: z.union([samlSettingsSchema, oidcSettingsSchema]),
    secrets: z
      .array(z.string())
      .meta({ description: 'Names of the secrets that are kept, never their values.' }),
    addresses: addressesSchema,
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'SsoConnection', description: 'An identity provider at which people sign in.' });

export function ssoConnectionToWire(
  connection: SsoConnection,
  publicUrl: string,
): z.input<typeof ssoConnectionSchema> {
  const { kind: _kind, ...addresses } = ssoAddresses(publicUrl, connection);
  return {
    id: connection.id,
    kind: connection.kind,
    name: connection.name,
    isEnabled: connection.isEnabled,
    origin: connection.origin,
    defaultRole: connection.defaultRole,
    provisions: connection.provisions,
    pairedConnectionId: orNull(connection.pairedConnectionId),
    settings: settingsToWire(connection),
    secrets: [...connection.secretNames],
    addresses,
    createdAt: connection.createdAt,
    updatedAt: connection.updatedAt,
  };
}

/** What is there was checked when it was written. */
function settingsToWire(
  connection: SsoConnection,
): z.input<typeof samlSettingsSchema | typeof oidcSettingsSchema> {
  if (connection.kind === 'oidc') return connection.settings as z.input<typeof oidcSettingsSchema>;
  const { settings } = connection;
  return {
    ...settings,
    logoutUrl: orNull(settings.logoutUrl),
    metadataUrl: orNull(settings.metadataUrl),
    nameIdFormat: orNull(settings.nameIdFormat),
  } as z.input<typeof samlSettingsSchema>;
}
