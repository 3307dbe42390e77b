import { constants, createCipheriv, publicEncrypt, randomBytes } from 'node:crypto';

export interface EncryptionOptions {
  /** Of XML Encryption 1.1. */
  readonly method?: 'aes256-gcm' | 'aes128-gcm' | 'aes256-cbc' | 'aes128-cbc';
  readonly keyTransport?: 'rsa-oaep-mgf1p' | 'rsa-1_5';
}

const GCM_IV_BYTES = 12;
const BLOCK_BYTES = 16;
const DSIG = 'http://www.w3.org/2000/09/xmldsig#';
const XMLENC = 'http://www.w3.org/2001/04/xmlenc#';

/** Encrypts any XML as an EncryptedAssertion for the holder of the private key of `certificate` (XML Encryption 1.1). */
export function encryptAssertion(xml: string, certificate: string, options: EncryptionOptions = {}): string {
  const { method = 'aes256-gcm', keyTransport = 'rsa-oaep-mgf1p' } = options;
  const bits = method.startsWith('aes128') ? 128 : 256;
  const key = randomBytes(bits / 8);
  const padding = keyTransport === 'rsa-1_5' ? constants.RSA_PKCS1_PADDING : constants.RSA_PKCS1_OAEP_PADDING;
  const encryptedKey = publicEncrypt({ key: certificate, padding, oaepHash: 'sha1' }, key);
  const data = method.endsWith('gcm') ? sealGcm(xml, key, bits) : sealCbc(xml, key, bits);
  const family = method.endsWith('gcm') ? 'http://www.w3.org/2009/xmlenc11#' : XMLENC;
  return (
    '<saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">' +
    `<xenc:EncryptedData xmlns:xenc="${XMLENC}" Type="${XMLENC}Element"><xenc:EncryptionMethod Algorithm="${family}${method}"/>` +
    `<ds:KeyInfo xmlns:ds="${DSIG}"><xenc:EncryptedKey><xenc:EncryptionMethod Algorithm="${XMLENC}${keyTransport}"/>` +
    `<xenc:CipherData><xenc:CipherValue>${encryptedKey.toString('base64')}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedKey></ds:KeyInfo>` +
    `<xenc:CipherData><xenc:CipherValue>${data.toString('base64')}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData></saml:EncryptedAssertion>`
  );
}

/** Replaces the assertion of a response by its encryption. */
export function encryptResponse(xml: string, certificate: string, options?: EncryptionOptions): string {
  return xml.replace(/<saml:Assertion .*<\/saml:Assertion>/s, (assertion) =>
    encryptAssertion(withNamespace(assertion), certificate, options),
  );
}

const withNamespace = (assertion: string): string =>
  assertion.includes('xmlns:saml=')
    ? assertion
    : assertion.replace(
        '<saml:Assertion ',
        '<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ',
      );

function sealGcm(xml: string, key: Buffer, bits: number): Buffer {
  const iv = randomBytes(GCM_IV_BYTES);
  const cipher = createCipheriv(bits === 128 ? 'aes-128-gcm' : 'aes-256-gcm', key, iv);
  return Buffer.concat([iv, cipher.update(xml, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

function sealCbc(xml: string, key: Buffer, bits: number): Buffer {
  const iv = randomBytes(BLOCK_BYTES);
  const cipher = createCipheriv(`aes-${bits}-cbc`, key, iv);
  return Buffer.concat([iv, cipher.update(xml, 'utf8'), cipher.final()]);
}
