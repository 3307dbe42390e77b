import { createPrivateKey, generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import type { SamlSecrets } from '../../../directory/sign-on/saml-settings.js';
import type { Clock } from '../../../kernel/clock.js';
import { createSelfSignedCertificate } from './self-signed-certificate.js';

const MODULUS_BITS = 2_048;
const COMMON_NAME = 'Rollcall SAML service provider';
const DAY = 86_400_000;
/** Days before now that the certificate begins, for identity providers whose clock is behind. */
const BACKDATED_DAYS = 1;
/** Ten years: a certificate that ends takes sign-in down with it, and its end protects nobody from a key that leaked. */
const VALID_DAYS = 3_652;

const generate = promisify(generateKeyPair);

/** Makes the RSA key of our side for one connection, with a certificate for identity providers that want one. */
export async function createSamlKeys(clock: Clock): Promise<Required<SamlSecrets>> {
  const { privateKey } = await generate('rsa', {
    modulusLength: MODULUS_BITS,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const now = clock.now();
  const certificate = createSelfSignedCertificate(createPrivateKey(privateKey), {
    commonName: COMMON_NAME,
    notBefore: now - BACKDATED_DAYS * DAY,
    notAfter: now + VALID_DAYS * DAY,
  });
  return { privateKey, certificate };
}
