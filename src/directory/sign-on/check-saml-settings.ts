import { X509Certificate } from 'node:crypto';
import { LIMITS } from '../../kernel/limits.js';
import { checkText, checkUrl, invalid } from './check-values.js';
import type { SamlSettings } from './saml-settings.js';

const PEM_CERTIFICATE = /^-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]{1,16000}-----END CERTIFICATE-----\s*$/;
const MAX_CERTIFICATES = 5;
const MAX_ATTRIBUTE_NAMES = 10;
/** Bits of an RSA key below which forging a signature is within reach (NIST SP 800-131A). */
const MIN_RSA_BITS = 2_048;
const URI = /^[a-z][a-z0-9+.-]*:[\x21-\x7e]{1,500}$/i;

/** @throws DomainError sso_connection.invalid, naming the field */
export function checkSaml(settings: SamlSettings): void {
  checkText('settings.idpEntityId', settings.idpEntityId);
  checkUrl('settings.entryPoint', settings.entryPoint);
  if (settings.logoutUrl !== undefined) checkUrl('settings.logoutUrl', settings.logoutUrl);
  if (settings.metadataUrl !== undefined) checkUrl('settings.metadataUrl', settings.metadataUrl);
  if (settings.nameIdFormat !== undefined && !URI.test(settings.nameIdFormat))
    throw invalid(
      'settings.nameIdFormat',
      'is a URI, such as urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
    );
  checkCertificates(settings);
  const { subject, ...lists } = settings.attributes;
  checkNames('settings.attributes.subject', [subject]);
  for (const [attribute, names] of Object.entries(lists))
    checkNames(`settings.attributes.${attribute}`, names);
}

function checkCertificates({ certificates, metadataUrl }: SamlSettings): void {
  if (certificates.length > MAX_CERTIFICATES)
    throw invalid('settings.certificates', `at most ${MAX_CERTIFICATES} certificates`);
  if (certificates.length === 0 && metadataUrl === undefined)
    throw invalid('settings.certificates', 'a signing certificate, or settings.metadataUrl, is required');
  for (const pem of certificates) {
    const problem = findCertificateProblem(pem);
    if (problem !== undefined) throw invalid('settings.certificates', problem);
  }
}

/** Why `pem` cannot be a signing certificate of an identity provider; undefined when it can. Its dates do not matter. */
export function findCertificateProblem(pem: string): string | undefined {
  if (!PEM_CERTIFICATE.test(pem)) return 'each is an X.509 certificate in PEM';
  const { asymmetricKeyType, asymmetricKeyDetails } = readPublicKey(pem) ?? {};
  if (asymmetricKeyType === undefined) return 'one of them cannot be read as an X.509 certificate';
  if (asymmetricKeyType !== 'rsa' || (asymmetricKeyDetails?.modulusLength ?? 0) < MIN_RSA_BITS)
    return `each holds an RSA key of at least ${MIN_RSA_BITS} bits`;
  return undefined;
}

function readPublicKey(pem: string): X509Certificate['publicKey'] | undefined {
  try {
    return new X509Certificate(pem).publicKey;
  } catch {
    return undefined;
  }
}

function checkNames(field: string, names: readonly string[]): void {
  if (names.length > MAX_ATTRIBUTE_NAMES) throw invalid(field, `at most ${MAX_ATTRIBUTE_NAMES} names`);
  if (names.some((name) => name.trim() === '' || name.length > LIMITS.nameLength))
    throw invalid(field, `each has 1 to ${LIMITS.nameLength} characters`);
}
