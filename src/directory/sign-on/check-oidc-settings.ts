import { LIMITS } from '../../kernel/limits.js';
import { checkText, checkUrl, invalid } from './check-values.js';
import type { OidcSettings } from './oidc-settings.js';

const MAX_SCOPES = 20;
const MAX_CLAIM_NAMES = 10;
const MAX_REQUIRED_CLAIMS = 10;
const MAX_REQUIRED_VALUES = 50;
/** RFC 6749 section 3.3. */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/;
const MICROSOFT =
  /^https:\/\/login\.(?:microsoftonline\.com|microsoftonline\.us|partner\.microsoftonline\.cn)\//i;
const TENANT = /^https:\/\/[^/]+\/([^/]+)/;
const TENANT_ID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
/** The tenant of everybody's personal Microsoft account. */
const PERSONAL_TENANT = '9188040d-6c67-4c5b-b112-36a304b66dad';
const GOOGLE = 'https://accounts.google.com';

/** @throws DomainError sso_connection.invalid, naming the field */
export function checkOidc(settings: OidcSettings): void {
  checkUrl('settings.issuer', settings.issuer);
  const { search, hash, pathname } = new URL(settings.issuer);
  if (search !== '' || hash !== '')
    throw invalid('settings.issuer', 'an issuer has no query and no fragment (OpenID Connect Discovery 1.0)');
  if (pathname.includes('/.well-known/'))
    throw invalid('settings.issuer', 'give the address before /.well-known/');
  checkText('settings.clientId', settings.clientId);
  if (!settings.scopes.includes('openid')) throw invalid('settings.scopes', 'openid is required');
  if (settings.scopes.length > MAX_SCOPES || !settings.scopes.every((scope) => SCOPE.test(scope)))
    throw invalid('settings.scopes', `at most ${MAX_SCOPES} names without spaces`);
  for (const [attribute, names] of Object.entries(settings.claims) as [string, readonly string[]][])
    checkNames(`settings.claims.${attribute}`, names, MAX_CLAIM_NAMES);
  const required = Object.entries(settings.requiredClaims);
  if (required.length > MAX_REQUIRED_CLAIMS)
    throw invalid('settings.requiredClaims', `at most ${MAX_REQUIRED_CLAIMS} claims`);
  for (const [name, values] of required) {
    checkNames('settings.requiredClaims', [name], 1);
    if (values.length === 0) throw invalid(`settings.requiredClaims.${name}`, 'at least one value');
    checkNames(`settings.requiredClaims.${name}`, values, MAX_REQUIRED_VALUES);
  }
  checkSharedIssuer(settings);
}

function checkNames(field: string, names: readonly string[], limit: number): void {
  if (names.length > limit) throw invalid(field, `at most ${limit}`);
  if (names.some((name) => name === '' || name.length > LIMITS.nameLength))
    throw invalid(field, `each has 1 to ${LIMITS.nameLength} characters`);
}

/** At some issuers everybody signs in, not only the people of one company: there, the issuer alone proves nothing. */
function checkSharedIssuer({ issuer, requiredClaims }: OidcSettings): void {
  if (issuer.replace(/\/$/, '') === GOOGLE && requiredClaims['hd'] === undefined)
    throw invalid(
      'settings.requiredClaims',
      'at accounts.google.com everybody with a Google account signs in: require hd, the domain of your Google Workspace',
    );
  if (!MICROSOFT.test(issuer)) return;
  const tenant = TENANT.exec(issuer)?.[1] ?? '';
  if (!TENANT_ID.test(tenant) || tenant.toLowerCase() === PERSONAL_TENANT)
    throw invalid(
      'settings.issuer',
      'name your own tenant by its id: https://login.microsoftonline.com/TENANT-ID/v2.0',
    );
}
