import { checkOidc } from './check-oidc-settings.js';
import { checkText, checkUrl, invalid } from './check-values.js';
import type { SamlSettings } from './saml-settings.js';
import type { ProtocolSettings } from './sso-connection.js';

const PEM_CERTIFICATE = /^-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]{1,16000}-----END CERTIFICATE-----\s*$/;
const MAX_CERTIFICATES = 5;

/** What every way to write settings has to hold. @throws DomainError sso_connection.invalid, naming the field */
export function checkProtocolSettings(protocol: ProtocolSettings): void {
  if (protocol.kind === 'saml') checkSaml(protocol.settings);
  else checkOidc(protocol.settings);
}

function checkSaml(settings: SamlSettings): void {
  checkText('settings.idpEntityId', settings.idpEntityId);
  checkUrl('settings.entryPoint', settings.entryPoint);
  if (settings.logoutUrl !== undefined) checkUrl('settings.logoutUrl', settings.logoutUrl);
  if (settings.metadataUrl !== undefined) checkUrl('settings.metadataUrl', settings.metadataUrl);
  if (settings.certificates.length > MAX_CERTIFICATES)
    throw invalid('settings.certificates', `at most ${MAX_CERTIFICATES} certificates`);
  if (settings.certificates.length === 0 && settings.metadataUrl === undefined)
    throw invalid('settings.certificates', 'a signing certificate, or settings.metadataUrl, is required');
  if (settings.certificates.some((pem) => !PEM_CERTIFICATE.test(pem)))
    throw invalid('settings.certificates', 'each is an X.509 certificate in PEM');
}
