import type { ServerMetadata } from 'openid-client';
import { isOutboundUrl, type OutboundPolicy } from '../../http/index.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { refusal, type OidcRefusal } from './refusal.js';

/**
 * Signatures that prove who signed (RFC 7518 section 3.1, RFC 8037). Not `none`, and not HMAC: its key is the client
 * secret, or worse, the public key of a server that mistakes one for the other.
 */
export const SIGNATURE_ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const;

/** A discovery document that was found fit for its connection. */
export interface ProviderMetadata {
  readonly document: ServerMetadata;
  readonly jwksUri: URL;
  /** What ID tokens and logout tokens may be signed with: ours and the provider's lists together. */
  readonly algorithms: readonly string[];
}

const ENDPOINTS = [
  ['authorization_endpoint', 'required'],
  ['token_endpoint', 'required'],
  ['jwks_uri', 'required'],
  ['userinfo_endpoint', 'optional'],
  ['end_session_endpoint', 'optional'],
] as const;

/**
 * Checks a discovery document (OpenID Connect Discovery 1.0 section 4.3): it has to be of exactly the expected issuer, so
 * that no other provider can stand in for it, and every endpoint at an address that we and browsers may be sent to. What
 * the library does with the document afterwards is narrowed by it: `id_token_signing_alg_values_supported` has only
 * algorithms of ours left.
 */
export function checkMetadata(
  document: ServerMetadata,
  issuer: string,
  policy: OutboundPolicy,
): Result<ProviderMetadata, OidcRefusal> {
  if (document.issuer !== issuer && !differInLastSlash(document.issuer, issuer))
    return err(refusal('discovery_invalid', `issuer is not ${issuer}`));
  for (const [name, need] of ENDPOINTS) {
    const address = document[name];
    if (address === undefined && need === 'optional') continue;
    if (typeof address !== 'string' || !isOutboundUrl(address, policy))
      return err(refusal('discovery_invalid', `${name} is not an https address`));
  }
  const { response_types_supported: types, id_token_signing_alg_values_supported: offered } = document;
  if (Array.isArray(types) && !types.includes('code'))
    return err(refusal('discovery_invalid', 'response_types_supported is without code'));
  const algorithms = SIGNATURE_ALGORITHMS.filter((name) =>
    Array.isArray(offered) ? offered.includes(name) : name === 'RS256',
  );
  if (algorithms.length === 0)
    return err(
      refusal('discovery_invalid', 'id_token_signing_alg_values_supported has no asymmetric algorithm'),
    );
  return ok({
    document: { ...document, id_token_signing_alg_values_supported: [...algorithms] },
    jwksUri: new URL(document.jwks_uri ?? ''),
    algorithms,
  });
}

/** Consoles show issuers with and without the slash at the end; tokens are compared with what the document says. */
const differInLastSlash = (a: string, b: string): boolean => a === `${b}/` || b === `${a}/`;
