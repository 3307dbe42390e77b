import { describe, expect, it } from '@jest/globals';
import { oidcSettings, type OidcSettingsDraft } from '../../../../src/directory/sign-on/oidc-presets.js';
import type { OidcConnection } from '../../../../src/directory/sign-on/sso-connection.js';
import type { Result } from '../../../../src/kernel/result.js';
import { readIdentity, type ReadIdentity } from '../../../../src/sso/oidc/read-identity.js';
import type { OidcRefusal } from '../../../../src/sso/oidc/refusal.js';

const connection = (more: Partial<OidcSettingsDraft> = {}): OidcConnection =>
  ({
    id: 'connection',
    organizationId: 'organization',
    kind: 'oidc',
    settings: oidcSettings('custom', { issuer: 'https://idp.example.com', clientId: 'rollcall', ...more }),
  }) as unknown as OidcConnection;

const ADA = {
  sub: '248289761001',
  preferred_username: 'ada',
  name: 'Ada Lovelace',
  given_name: 'Ada',
  family_name: 'Lovelace',
  email: 'ada@example.com',
  email_verified: true,
};

const read = (claims: object, settings: Partial<OidcSettingsDraft> = {}): Result<ReadIdentity, OidcRefusal> =>
  readIdentity(connection(settings), { ...ADA, ...claims });

function identityOf(result: Result<ReadIdentity, OidcRefusal>): ReadIdentity['identity'] {
  if (!result.ok) throw new Error(result.error.reason);
  return result.value.identity;
}

describe('readIdentity: the standard claims (OpenID Connect Core 1.0 section 5.1)', () => {
  it('become the asserted person', () => {
    expect(identityOf(read({ sid: 'session-1' }))).toMatchObject({
      subject: '248289761001',
      userName: 'ada',
      email: 'ada@example.com',
      displayName: 'Ada Lovelace',
      givenName: 'Ada',
      familyName: 'Lovelace',
      groups: undefined,
      sessionIndex: 'session-1',
    });
  });

  it('are read by the names of the connection, in order, and from within objects', () => {
    const settings = { claims: { userName: ['upn', 'email'], groups: ['realm_access.roles'] } };
    const claims = { realm_access: { roles: ['staff'] } };
    expect(identityOf(read(claims, settings))).toMatchObject({
      userName: 'ada@example.com',
      groups: ['staff'],
    });
    expect(identityOf(read({ ...claims, upn: 'ada@corp' }, settings)).userName).toBe('ada@corp');
  });

  it('may have names with dots, as URLs have', () => {
    const settings = { claims: { groups: ['https://example.com/groups'] } };
    expect(identityOf(read({ 'https://example.com/groups': ['a'] }, settings)).groups).toEqual(['a']);
  });

  it.each(['constructor', '__proto__', 'constructor.name', 'toString'])(
    'are never found on a prototype: %s',
    (name) => {
      expect(identityOf(read({}, { claims: { userName: [name] } })).userName).toBeUndefined();
    },
  );

  it.each([
    ['a user name that is too long', { preferred_username: 'a'.repeat(257) }, 'preferred_username'],
    ['a line break in a name', { name: 'Ada\nLovelace' }, 'name'],
    ['a NUL in an address', { email: 'ada\u0000@example.com' }, 'email'],
    ['a group that is an object', { groups: [{ name: 'staff' }] }, 'groups'],
    ['a group that is a number', { groups: 7 }, 'groups'],
    ['too many groups', { groups: Array.from({ length: 2_001 }, String) }, 'groups'],
  ])('are refused with %s', (_name, claims, evidence) => {
    expect(read(claims)).toEqual({ ok: false, error: { reason: 'claims_invalid', evidence } });
  });

  it('that are no text count as absent', () => {
    expect(identityOf(read({ preferred_username: 7, name: null, given_name: ['Ada'] }))).toMatchObject({
      userName: 'ada@example.com',
      displayName: undefined,
      givenName: undefined,
    });
  });
});

describe('readIdentity: groups', () => {
  it.each([
    ['a list', ['staff', 'admins'], ['staff', 'admins']],
    ['one group as a string', 'staff', ['staff']],
    ['an empty list: the person is in no group', [], []],
    ['an empty string', '', []],
  ])('may be %s', (_name, groups, expected) => {
    expect(identityOf(read({ groups })).groups).toEqual(expected);
  });

  it.each([
    ['the claim is absent', {}],
    ['the claim is null', { groups: null }],
    ['Entra points to its Graph API instead', { _claim_names: { groups: 'src1' }, groups: undefined }],
    ['Entra says that there are groups', { hasgroups: true }],
  ])('are unknown, and not none, when %s', (_name, claims) => {
    expect(identityOf(read(claims)).groups).toBeUndefined();
  });

  it('that were too many for the token are noted', () => {
    const result = read({ _claim_names: { groups: 'src1' } });
    expect(result).toMatchObject({ ok: true, value: { notes: ['groups_overage'] } });
  });
});

describe('readIdentity: an address that the provider calls unverified', () => {
  it.each([false, 'false'])('is left out when email_verified is %p', (value) => {
    const result = read({ email_verified: value });
    expect(identityOf(result).email).toBeUndefined();
    expect(result).toMatchObject({ ok: true, value: { notes: ['email_not_verified'] } });
  });

  it('is left out as a user name too, which is the same claim under another name', () => {
    const claims = { email_verified: false, preferred_username: 'ada@example.com' };
    expect(identityOf(read(claims)).userName).toBeUndefined();
  });

  it('does not take a user name away that is no address', () => {
    expect(identityOf(read({ email_verified: false })).userName).toBe('ada');
  });

  it.each([
    ['true', true],
    ['absent, as Entra leaves it', undefined],
  ])('is taken when email_verified is %s', (_name, value) => {
    expect(identityOf(read({ email_verified: value })).email).toBe('ada@example.com');
  });

  it('is taken when the connection says so', () => {
    const result = read({ email_verified: false }, { acceptsUnverifiedEmail: true });
    expect(identityOf(result).email).toBe('ada@example.com');
  });
});

describe('readIdentity: required claims', () => {
  const requiredClaims = { hd: ['example.com', 'example.org'] };

  it('let in whom one of the values fits, alone or in a list', () => {
    expect(read({ hd: 'example.org' }, { requiredClaims }).ok).toBe(true);
    expect(read({ hd: ['other', 'example.com'] }, { requiredClaims }).ok).toBe(true);
  });

  it.each([undefined, 'example.net', 'EXAMPLE.COM', true, {}])('keep out %p', (hd) => {
    expect(read({ hd }, { requiredClaims })).toEqual({
      ok: false,
      error: { reason: 'required_claim_missing', evidence: 'hd' },
    });
  });
});

describe('readIdentity: what an admin is shown', () => {
  it('is every claim of the person as text, cut', () => {
    const { attributes } = identityOf(
      read({ nonce: 'n', aud: 'a', address: { country: 'GB' }, note: 'x'.repeat(900) }),
    );
    expect(attributes).toMatchObject({
      email: ['ada@example.com'],
      email_verified: ['true'],
      address: ['{"country":"GB"}'],
    });
    expect(attributes['note']?.[0]).toHaveLength(500);
    expect(Object.keys(attributes)).not.toContain('nonce');
  });
});
