import { createPublicKey, randomBytes, sign, type KeyObject } from 'node:crypto';
import {
  bitString,
  explicit,
  objectIdentifier,
  positiveInteger,
  sequence,
  set,
  time,
  utf8String,
} from './der.js';

const OID_COMMON_NAME = '2.5.4.3';
const OID_SHA256_WITH_RSA = '1.2.840.113549.1.1.11';
const VERSION_3 = Buffer.of(2);
const SERIAL_BYTES = 16;
const NULL = Buffer.of(5, 0);
const LINE = /.{1,64}/g;
/** The longest a common name may be (RFC 5280 appendix A.1, ub-common-name). */
const COMMON_NAME_LENGTH = 64;

export interface CertificateOptions {
  readonly commonName: string;
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
}

/**
 * Wraps an RSA key into a self-signed X.509 v3 certificate (RFC 5280), as SAML metadata carries keys. Nobody is asked to
 * trust it for anything but the key inside. @returns PEM
 */
export function createSelfSignedCertificate(privateKey: KeyObject, options: CertificateOptions): string {
  const algorithm = sequence(objectIdentifier(OID_SHA256_WITH_RSA), NULL);
  const commonName = utf8String(options.commonName.slice(0, COMMON_NAME_LENGTH));
  const name = sequence(set(sequence(objectIdentifier(OID_COMMON_NAME), commonName)));
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  const toBeSigned = sequence(
    explicit(0, positiveInteger(VERSION_3)),
    positiveInteger(randomSerial()),
    algorithm,
    name,
    sequence(time(options.notBefore), time(options.notAfter)),
    name,
    publicKey,
  );
  const signature = bitString(sign('sha256', toBeSigned, privateKey));
  const base64 = sequence(toBeSigned, algorithm, signature).toString('base64');
  return `-----BEGIN CERTIFICATE-----\n${(base64.match(LINE) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`;
}

/** 127 random bits with the first of them set, so that the encoding is never padded. */
function randomSerial(): Buffer {
  const serial = randomBytes(SERIAL_BYTES);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  return serial;
}
