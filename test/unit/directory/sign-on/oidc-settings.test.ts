import { describe, expect, it } from '@jest/globals';
import { checkProtocolSettings } from '../../../../src/directory/sign-on/check-settings.js';
import {
  OIDC_PRESET_NAMES,
  oidcSettings,
  type OidcPresetName,
  type OidcSettingsDraft,
} from '../../../../src/directory/sign-on/oidc-presets.js';
import { isDomainError } from '../../../../src/kernel/errors.js';

const TENANT = 'https://login.microsoftonline.com/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/v2.0';

/** The field at fault, or undefined when the settings are taken. */
function faultOf(preset: OidcPresetName, draft: Partial<OidcSettingsDraft> = {}): string | undefined {
  const settings = oidcSettings(preset, {
    issuer: 'https://idp.example.com',
    clientId: 'rollcall',
    ...draft,
  });
  try {
    checkProtocolSettings({ kind: 'oidc', settings });
    return undefined;
  } catch (error) {
    if (!isDomainError(error, 'sso_connection.invalid')) throw error;
    return error.field;
  }
}

describe('settings of an OpenID Connect connection', () => {
  it.each(OIDC_PRESET_NAMES)('are whole by the preset %s alone', (preset) => {
    expect(faultOf(preset)).toBeUndefined();
  });

  it('may differ from the preset claim by claim', () => {
    const { claims } = oidcSettings('okta', {
      issuer: 'https://idp.example.com',
      clientId: 'rollcall',
      claims: { groups: ['teams'] },
    });
    expect(claims).toMatchObject({ groups: ['teams'], email: ['email'] });
  });

  it.each([
    [
      'a discovery address for an issuer',
      { issuer: 'https://a.example/.well-known/openid-configuration' },
      'settings.issuer',
    ],
    ['a query in the issuer', { issuer: 'https://a.example/?x' }, 'settings.issuer'],
    ['no client id', { clientId: ' ' }, 'settings.clientId'],
    ['no openid scope', { scopes: ['profile'] }, 'settings.scopes'],
    ['a scope with a space', { scopes: ['openid', 'a b'] }, 'settings.scopes'],
    ['too many scopes', { scopes: ['openid', ...Array.from({ length: 20 }, String)] }, 'settings.scopes'],
    ['an empty claim name', { claims: { email: [''] } }, 'settings.claims.email'],
    [
      'too many claim names',
      { claims: { email: Array.from({ length: 11 }, String) } },
      'settings.claims.email',
    ],
    ['a required claim without values', { requiredClaims: { hd: [] } }, 'settings.requiredClaims.hd'],
  ])('are refused with %s', (_name, draft, field) => {
    expect(faultOf('custom', draft)).toBe(field);
  });
});

describe('an issuer at which everybody signs in, not one company', () => {
  it('is taken at Google with the domain of the Workspace', () => {
    const issuer = 'https://accounts.google.com';
    expect(faultOf('google', { issuer })).toBe('settings.requiredClaims');
    expect(faultOf('custom', { issuer: `${issuer}/` })).toBe('settings.requiredClaims');
    expect(faultOf('google', { issuer, requiredClaims: { hd: ['example.com'] } })).toBeUndefined();
  });

  it('is taken at Microsoft for one tenant by its id', () => {
    expect(faultOf('entra', { issuer: TENANT })).toBeUndefined();
    for (const tenant of [
      'common',
      'organizations',
      'consumers',
      '{tenantid}',
      '9188040d-6c67-4c5b-b112-36a304b66dad',
    ])
      expect(faultOf('entra', { issuer: TENANT.replace(/8eaef[^/]+/, tenant) })).toBe('settings.issuer');
  });
});
