import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { VerificationSettings } from '../../../src/sso/saml/verify/verification-settings.js';
import type { SigningKey } from './sign-xml.js';

/** Where the stored responses live, and the keys they were made with. */
export const FIXTURES = join(import.meta.dirname, '../../protocol/sso/saml/fixtures');

/** Identity provider, connection and moment of the stored responses. */
export const ISSUER = 'https://idp.example.com/saml';
export const BASE_URL = 'https://rollcall.example.com/sso/saml/019bc0de-0000-7000-8000-000000000001';
export const ENTITY_ID = `${BASE_URL}/metadata`;
export const ACS_URL = `${BASE_URL}/acs`;
export const NOW = Date.UTC(2026, 0, 15, 9);
export const REQUEST_ID = '_request-1';

export const keyOf = (name: 'idp' | 'idp-next' | 'stranger' | 'sp'): SigningKey => ({
  privateKey: readFileSync(join(FIXTURES, `keys/${name}.key.pem`), 'utf8'),
  certificate: readFileSync(join(FIXTURES, `keys/${name}.crt.pem`), 'utf8'),
});

export const SETTINGS: VerificationSettings = {
  entityId: ENTITY_ID,
  acsUrl: ACS_URL,
  issuer: ISSUER,
  certificates: [keyOf('idp').certificate, keyOf('idp-next').certificate],
  wantAssertionSigned: true,
  wantResponseSigned: false,
  wantAssertionEncrypted: false,
  decryptionKey: keyOf('sp').privateKey,
};
