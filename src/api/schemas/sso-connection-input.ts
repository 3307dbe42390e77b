import { z } from 'zod';
import { OIDC_PRESET_NAMES, oidcSettings } from '../../directory/sign-on/oidc-presets.js';
import type { SamlMetadataReader } from '../../directory/sign-on/saml-identity-provider.js';
import { SAML_PRESET_NAMES, samlSettings } from '../../directory/sign-on/saml-presets.js';
import type { SsoConnection, SsoConnectionOptions } from '../../directory/sign-on/sso-connection.js';
import type {
  SsoConnectionChange,
  SsoConnectionDraft,
} from '../../directory/sign-on/sso-connection-service.js';
import { DomainError } from '../../kernel/errors.js';
import { given } from '../frame/given.js';
import { connectionName } from './connection.js';
import {
  OIDC_SETTINGS,
  oidcClaimsSchema,
  SAML_SETTINGS,
  samlAttributesSchema,
  SSO_OPTIONS,
} from './sso-connection.js';

const clientSecret = z.string().min(1).max(1_000).meta({ description: 'Kept encrypted, and never shown.' });
const options = z.strictObject(SSO_OPTIONS).partial().shape;

const metadataXml = z
  .string()
  .meta({ description: "The identity provider's metadata, from which the rest is read." });

const samlDraftSchema = z.strictObject({
  kind: z.literal('saml'),
  name: connectionName,
  preset: z.enum(SAML_PRESET_NAMES).default('custom').meta({ description: 'Whose names of attributes.' }),
  metadataXml: metadataXml.optional(),
  settings: z
    .strictObject({ ...SAML_SETTINGS, attributes: samlAttributesSchema.partial() })
    .partial()
    .optional()
    .meta({
      description:
        '`idpEntityId`, `entryPoint` and `certificates`, unless `metadataUrl` or `metadataXml` says them; and what is to differ from the preset.',
    }),
  ...options,
});

const oidcDraftSchema = z.strictObject({
  kind: z.literal('oidc'),
  name: connectionName,
  preset: z.enum(OIDC_PRESET_NAMES).default('custom').meta({ description: 'Whose names of claims.' }),
  settings: z
    .strictObject({ ...OIDC_SETTINGS, claims: oidcClaimsSchema.partial() })
    .partial()
    .required({ issuer: true, clientId: true }),
  clientSecret: clientSecret.optional().meta({ description: 'Without it, a public client.' }),
  ...options,
});

export const ssoConnectionDraftSchema = z
  .discriminatedUnion('kind', [samlDraftSchema, oidcDraftSchema])
  .meta({ id: 'SsoConnectionDraft' });

export const ssoConnectionChangeSchema = z.strictObject({
  name: connectionName.optional(),
  metadataXml: metadataXml.optional(),
  settings: z
    .strictObject({
      ...SAML_SETTINGS,
      ...OIDC_SETTINGS,
      attributes: samlAttributesSchema.partial(),
      claims: oidcClaimsSchema.partial(),
    })
    .partial()
    .optional()
    .meta({ description: 'Settings of the protocol that are to change; the others stay.' }),
  clientSecret: clientSecret
    .nullable()
    .optional()
    .meta({ description: 'OpenID Connect only; null removes it.' }),
  ...options,
});

type Draft = z.output<typeof ssoConnectionDraftSchema>;
type Change = z.output<typeof ssoConnectionChangeSchema>;
type OptionsBody = Pick<Change, 'defaultRole' | 'provisions' | 'pairedConnectionId'>;

/** Absent on our side is `undefined`, on the wire `null`. */
const cleared = <T extends object>(values: T): { [Key in keyof T]: Exclude<T[Key], null> | undefined } =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value ?? undefined])) as never;

const toOptions = ({
  defaultRole,
  provisions,
  pairedConnectionId,
}: OptionsBody): Partial<SsoConnectionOptions> => ({
  ...given({ defaultRole, provisions }),
  ...(pairedConnectionId === undefined ? {} : { pairedConnectionId: pairedConnectionId ?? undefined }),
});

/** @throws DomainError sso_connection.invalid for what cannot be read */
export async function toDraft(samlMetadata: SamlMetadataReader, body: Draft): Promise<SsoConnectionDraft> {
  const { name } = body;
  if (body.kind === 'oidc') {
    const { preset, settings, clientSecret: secret } = body;
    const { claims, issuer, clientId, ...rest } = settings;
    const whole = { issuer, clientId, ...given(rest), ...(claims ? { claims: given(claims) } : {}) };
    return {
      name,
      protocol: {
        kind: 'oidc',
        settings: oidcSettings(preset, whole),
        ...(secret === undefined ? {} : { secrets: { clientSecret: secret } }),
      },
      options: toOptions(body),
    };
  }
  const { attributes, ...rest } = body.settings ?? {};
  const known = await readMetadata(samlMetadata, body.metadataXml, rest.metadataUrl ?? undefined);
  const settings = { ...known, ...given(cleared(rest)) };
  const { idpEntityId, entryPoint } = settings;
  if (idpEntityId === undefined) throw missing('settings.idpEntityId');
  if (entryPoint === undefined) throw missing('settings.entryPoint');
  return {
    name,
    protocol: {
      kind: 'saml',
      settings: samlSettings(body.preset, {
        ...settings,
        idpEntityId,
        entryPoint,
        ...(attributes ? { attributes: given(attributes) } : {}),
      }),
    },
    options: toOptions(body),
  };
}

/** What metadata says, in the words of settings. */
export async function readMetadata(
  reader: SamlMetadataReader,
  xml: string | undefined,
  url: string | undefined,
) {
  if (xml === undefined && url === undefined) return {};
  const found = xml === undefined ? await reader.fromUrl(url ?? '') : reader.fromXml(xml);
  const { entityId, entryPoint, logoutUrl, certificates } = found;
  return {
    idpEntityId: entityId,
    entryPoint,
    certificates,
    ...(logoutUrl === undefined ? {} : { logoutUrl }),
  };
}

const missing = (field: string): DomainError =>
  new DomainError('sso_connection.invalid', {
    detail: `${field} is required, unless metadata says it.`,
    field,
  });

/** @throws DomainError sso_connection.invalid for a setting of the other protocol */
export function toChange(current: SsoConnection, body: Change, metadata: object): SsoConnectionChange {
  const { settings = {}, clientSecret: secret } = body;
  const shared = { ...(body.name === undefined ? {} : { name: body.name }), options: toOptions(body) };
  const { attributes, claims, ...plain } = settings;
  const isSaml = current.kind === 'saml';
  const foreign = Object.keys(isSaml ? { ...OIDC_SETTINGS, claims } : { ...SAML_SETTINGS, attributes });
  const wrong = foreign.find((key) => settings[key as keyof typeof settings] !== undefined);
  if (wrong !== undefined) throw foreignSetting(`settings.${wrong}`, current.kind);
  if (isSaml) {
    if (secret !== undefined) throw foreignSetting('clientSecret', current.kind);
    const next = { ...current.settings, ...metadata, ...cleared(given(plain)) } as typeof current.settings;
    const named = { ...current.settings.attributes, ...given(attributes ?? {}) };
    return { ...shared, protocol: { kind: 'saml', settings: { ...next, attributes: named } } };
  }
  if (body.metadataXml !== undefined) throw foreignSetting('metadataXml', current.kind);
  const named = { ...current.settings.claims, ...given(claims ?? {}) };
  const next = { ...current.settings, ...given(plain), claims: named } as typeof current.settings;
  const secrets = secret === undefined ? {} : { secrets: secret === null ? {} : { clientSecret: secret } };
  return { ...shared, protocol: { kind: 'oidc', settings: next, ...secrets } };
}

const foreignSetting = (field: string, kind: string): DomainError =>
  new DomainError('sso_connection.invalid', {
    detail: `${field}: a connection of kind ${kind} has none.`,
    field,
  });
