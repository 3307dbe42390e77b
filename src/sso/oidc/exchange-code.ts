import { errors as joseErrors, jwtVerify, type JWTPayload, type JWTVerifyOptions } from 'jose';
import { authorizationCodeGrant, type Configuration } from 'openid-client';
import type { Clock } from '../../kernel/clock.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { OidcFlowSecrets } from './authorization-request.js';
import { CLOCK_TOLERANCE_SECONDS } from './client.js';
import { refusalOf } from './library-errors.js';
import type { Provider } from './provider-directory.js';
import { refusal, type OidcRefusal } from './refusal.js';

/** What came back for a code, all of it verified. */
export interface VerifiedTokens {
  readonly claims: JWTPayload & { readonly sub: string };
  readonly idToken: string;
  readonly accessToken: string;
}

export interface CodeAnswer {
  /** Without query: exactly what the provider was given. */
  readonly redirectUri: string;
  /** Query of the callback as it came. */
  readonly query: URLSearchParams;
  readonly state: string;
  readonly secrets: OidcFlowSecrets;
}

/**
 * Exchanges the code of a callback for tokens and verifies the ID token (Core section 3.1.3.7). The library checks state,
 * `iss` of the answer (RFC 9207), and the claims iss, aud, azp, nonce, exp, iat and nbf. It leaves the signature alone,
 * since the token came from the provider over TLS; here it is checked as well, so that what stands between us and the
 * provider, such as a proxy that opens TLS, cannot sign anybody in.
 */
export async function exchangeCode(
  provider: Provider,
  client: Configuration,
  { redirectUri, query, state, secrets }: CodeAnswer,
  clock: Clock,
): Promise<Result<VerifiedTokens, OidcRefusal>> {
  const issuer = checkAnswerIssuer(provider, query);
  if (!issuer.ok) return issuer;
  if (!query.has('code') && !query.has('error')) return err(refusal('response_invalid', 'code'));
  let tokens;
  try {
    tokens = await authorizationCodeGrant(client, new URL(`${redirectUri}?${query.toString()}`), {
      expectedState: state,
      expectedNonce: secrets.nonce,
      pkceCodeVerifier: secrets.codeVerifier,
      idTokenExpected: true,
    });
  } catch (error) {
    return err(refusalOf(error, 'token'));
  }
  const idToken = tokens.id_token ?? '';
  const claims = await verifySignature(provider, idToken, client.clientMetadata().client_id, clock);
  if (!claims.ok) return claims;
  const { sub, azp, nonce } = claims.value;
  if (azp !== undefined && azp !== secrets.clientId) return err(refusal('token_invalid', 'azp'));
  if (nonce !== secrets.nonce) return err(refusal('token_invalid', 'nonce'));
  if (typeof sub !== 'string' || !SUBJECT.test(sub)) return err(refusal('claims_invalid', 'sub'));
  return ok({ claims: { ...claims.value, sub }, idToken, accessToken: tokens.access_token });
}

/** At most 255 ASCII characters (Core section 2). */
const SUBJECT = /^[\x20-\x7e]{1,255}$/;

/** RFC 9207 section 2.4: a provider that says it sends `iss` has to; sent by anybody, it has to be right. */
function checkAnswerIssuer(
  { metadata: { document } }: Provider,
  query: URLSearchParams,
): Result<undefined, OidcRefusal> {
  const [named, ...more] = query.getAll('iss');
  if (more.length > 0) return err(refusal('response_invalid', 'iss'));
  if (named === undefined)
    return document.authorization_response_iss_parameter_supported === true
      ? err(refusal('issuer_mismatch', 'iss is missing'))
      : ok(undefined);
  return named === document.issuer ? ok(undefined) : err(refusal('issuer_mismatch', 'iss'));
}

/** A key that is not known yet may be new: the provider has just handed the token out, so its keys are asked for again. */
async function verifySignature(
  { metadata, keys }: Provider,
  idToken: string,
  clientId: string,
  clock: Clock,
): Promise<Result<JWTPayload, OidcRefusal>> {
  const options: JWTVerifyOptions = {
    issuer: metadata.document.issuer,
    audience: clientId,
    algorithms: [...metadata.algorithms],
    requiredClaims: ['sub', 'iat', 'exp', 'nonce'],
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    currentDate: new Date(clock.now()),
  };
  try {
    const verified = await jwtVerify(idToken, keys, options).catch(async (error: unknown) => {
      if (!(error instanceof joseErrors.JWKSNoMatchingKey)) throw error;
      await keys.reload();
      return jwtVerify(idToken, keys, options);
    });
    return ok(verified.payload);
  } catch (error) {
    return err(refusalOf(error, 'keys'));
  }
}
