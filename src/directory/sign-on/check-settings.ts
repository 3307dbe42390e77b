import { DomainError } from '../../kernel/errors.js';
import { LIMITS } from '../../kernel/limits.js';
import type { OidcSettings } from './oidc-settings.js';
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

function checkOidc(settings: OidcSettings): void {
  checkUrl('settings.issuer', settings.issuer);
  const { search, hash } = new URL(settings.issuer);
  if (search !== '' || hash !== '')
    throw invalid('settings.issuer', 'an issuer has no query and no fragment (OpenID Connect Discovery 1.0)');
  checkText('settings.clientId', settings.clientId);
  if (!settings.scopes.includes('openid')) throw invalid('settings.scopes', 'openid is required');
}

function checkText(field: string, value: string): void {
  if (value.trim() === '' || value.length > LIMITS.urlLength)
    throw invalid(field, 'must not be empty or longer than an address may be');
}

const isLoopback = (host: string): boolean => /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(host);

/** https, or http to this machine for trying out. */
function checkUrl(field: string, value: string): void {
  const url = value.length <= LIMITS.urlLength && URL.canParse(value) ? new URL(value) : undefined;
  const isAllowed = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  if (url === undefined || !isAllowed || url.username !== '' || url.password !== '')
    throw invalid(field, 'must be an https address without a user name');
}

const invalid = (field: string, problem: string): DomainError =>
  new DomainError('sso_connection.invalid', { detail: `${field}: ${problem}.`, field });
