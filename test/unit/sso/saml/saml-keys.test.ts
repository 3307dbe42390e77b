import { createPrivateKey, X509Certificate } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { findCertificateProblem } from '../../../../src/directory/sign-on/check-saml-settings.js';
import { createSamlKeys } from '../../../../src/sso/saml/index.js';
import { createSelfSignedCertificate } from '../../../../src/sso/saml/keys/self-signed-certificate.js';
import { keyOf } from '../../../support/saml/fixture-world.js';
import { testClock } from '../../../support/clock.js';

describe('keys of our side of a SAML connection', () => {
  it('are RSA of 2048 bits in a certificate that they signed themselves, valid now and for ten years', async () => {
    const clock = testClock(Date.UTC(2026, 0, 15));
    const { privateKey, certificate } = await createSamlKeys(clock);
    const read = new X509Certificate(certificate);
    expect(read.checkPrivateKey(createPrivateKey(privateKey))).toBe(true);
    expect(read.verify(read.publicKey)).toBe(true);
    expect([read.subject, read.issuer]).toEqual([
      'CN=Rollcall SAML service provider',
      'CN=Rollcall SAML service provider',
    ]);
    expect([Date.parse(read.validFrom), Date.parse(read.validTo)]).toEqual([
      Date.UTC(2026, 0, 14),
      Date.UTC(2036, 0, 15),
    ]);
    expect(findCertificateProblem(certificate)).toBeUndefined();
  });

  it.each([
    ['2049 as UTCTime', Date.UTC(2049, 11, 31)],
    ['2050 as GeneralizedTime', Date.UTC(2050, 0, 1)],
  ])('may be valid until %s (RFC 5280 4.1.2.5)', (_case, notAfter) => {
    const certificate = createSelfSignedCertificate(createPrivateKey(keyOf('sp').privateKey), {
      commonName: 'x'.repeat(200),
      notBefore: 0,
      notAfter,
    });
    expect(Date.parse(new X509Certificate(certificate).validTo)).toBe(notAfter);
  });
});

describe('certificates of identity providers', () => {
  it.each([
    ['text', 'hello'],
    ['a certificate of nonsense', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'],
    ['a private key', keyOf('idp').privateKey],
  ])('are not %s', (_case, pem) => {
    expect(findCertificateProblem(pem)).toBeDefined();
  });
});
