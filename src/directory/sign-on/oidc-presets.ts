import type { OidcClaimMapping, OidcSettings } from './oidc-settings.js';

/** Providers whose habits are known. */
export const OIDC_PRESET_NAMES = ['okta', 'entra', 'google', 'ping', 'keycloak', 'custom'] as const;
export type OidcPresetName = (typeof OIDC_PRESET_NAMES)[number];

type Preset = Pick<OidcSettings, 'scopes' | 'claims'>;

/** The standard claims (OpenID Connect Core 1.0 section 5.1), and `groups`, which everybody calls so. */
const STANDARD: OidcClaimMapping = {
  userName: ['preferred_username', 'email'],
  email: ['email'],
  displayName: ['name'],
  givenName: ['given_name'],
  familyName: ['family_name'],
  groups: ['groups'],
};
const STANDARD_SCOPES = ['openid', 'profile', 'email'];

const PRESETS: Readonly<Record<OidcPresetName, Preset>> = {
  /** The authorization server of the Okta organization gives groups for a scope of that name. */
  okta: { scopes: [...STANDARD_SCOPES, 'groups'], claims: STANDARD },
  /** `upn` is there when it was added as an optional claim; `preferred_username` has the same value as a rule. */
  entra: {
    scopes: STANDARD_SCOPES,
    claims: { ...STANDARD, userName: ['preferred_username', 'upn', 'email'] },
  },
  /** No user names and no groups. */
  google: { scopes: STANDARD_SCOPES, claims: { ...STANDARD, userName: ['email'], groups: [] } },
  ping: { scopes: STANDARD_SCOPES, claims: { ...STANDARD, groups: ['groups', 'memberOf'] } },
  keycloak: { scopes: STANDARD_SCOPES, claims: STANDARD },
  custom: { scopes: STANDARD_SCOPES, claims: STANDARD },
};

/** What has to be said beside the preset, and what may be said otherwise than it has it. */
export type OidcSettingsDraft = Pick<OidcSettings, 'issuer' | 'clientId'> &
  Partial<Omit<OidcSettings, 'preset' | 'issuer' | 'clientId' | 'claims'>> & {
    readonly claims?: Partial<OidcClaimMapping>;
  };

/** Whole settings from a preset and what differs from it. */
export function oidcSettings(preset: OidcPresetName, draft: OidcSettingsDraft): OidcSettings {
  const { scopes, claims } = PRESETS[preset];
  return {
    preset,
    issuer: draft.issuer,
    clientId: draft.clientId,
    scopes: draft.scopes ?? scopes,
    claims: { ...claims, ...draft.claims },
    requiredClaims: draft.requiredClaims ?? {},
    acceptsUnverifiedEmail: draft.acceptsUnverifiedEmail ?? false,
  };
}
