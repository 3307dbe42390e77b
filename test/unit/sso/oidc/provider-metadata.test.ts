import { describe, expect, it } from '@jest/globals';
import type { OutboundPolicy } from '../../../../src/http/index.js';
import { checkMetadata } from '../../../../src/sso/oidc/provider-metadata.js';

const POLICY: OutboundPolicy = { allowsLoopback: false, allowsPrivate: true, maxBytes: 1, timeoutMs: 1 };
const ISSUER = 'https://idp.example.com';
const DOCUMENT = {
  issuer: ISSUER,
  authorization_endpoint: `${ISSUER}/authorize`,
  token_endpoint: `${ISSUER}/token`,
  jwks_uri: `${ISSUER}/keys`,
  response_types_supported: ['code'],
  id_token_signing_alg_values_supported: ['HS256', 'none', 'ES256', 'RS256'],
};

describe('checkMetadata (OpenID Connect Discovery 1.0 section 4.3)', () => {
  it('keeps only signatures that prove who signed', () => {
    expect(checkMetadata(DOCUMENT, ISSUER, POLICY)).toMatchObject({
      ok: true,
      value: {
        algorithms: ['RS256', 'ES256'],
        document: { id_token_signing_alg_values_supported: ['RS256', 'ES256'] },
      },
    });
  });

  it('takes RS256 when the provider names no algorithm', () => {
    const { id_token_signing_alg_values_supported: _offered, ...document } = DOCUMENT;
    expect(checkMetadata(document, ISSUER, POLICY)).toMatchObject({
      ok: true,
      value: { algorithms: ['RS256'] },
    });
  });

  it('takes an issuer with or without the slash that ends it', () => {
    expect(checkMetadata({ ...DOCUMENT, issuer: `${ISSUER}/` }, ISSUER, POLICY).ok).toBe(true);
    expect(checkMetadata(DOCUMENT, `${ISSUER}/`, POLICY).ok).toBe(true);
  });

  it.each([
    ['another issuer', { issuer: 'https://evil.example.com' }],
    ['an issuer that begins the same', { issuer: `${ISSUER}.evil.example` }],
    ['no issuer', { issuer: undefined }],
    ['a template for an issuer', { issuer: 'https://login.microsoftonline.com/{tenantid}/v2.0' }],
    ['no authorization endpoint', { authorization_endpoint: undefined }],
    ['a script for an authorization endpoint', { authorization_endpoint: 'javascript:alert(1)' }],
    ['a token endpoint without TLS', { token_endpoint: 'http://idp.example.com/token' }],
    ['a token endpoint on this machine', { token_endpoint: 'http://127.0.0.1/token' }],
    ['keys with a password in the address', { jwks_uri: 'https://a:b@idp.example.com/keys' }],
    ['a userinfo endpoint without TLS', { userinfo_endpoint: 'http://idp.example.com/me' }],
    ['a logout that is a script', { end_session_endpoint: 'javascript:alert(1)' }],
    ['no code flow', { response_types_supported: ['id_token'] }],
    ['signatures by HMAC only', { id_token_signing_alg_values_supported: ['HS256'] }],
    ['no signatures', { id_token_signing_alg_values_supported: ['none'] }],
  ])('refuses a document with %s', (_name, change) => {
    const document = { ...DOCUMENT, ...change } as typeof DOCUMENT;
    expect(checkMetadata(document, ISSUER, POLICY)).toMatchObject({
      ok: false,
      error: { reason: 'discovery_invalid' },
    });
  });
});
