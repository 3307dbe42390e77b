import { errors as joseErrors } from 'jose';
import {
  AuthorizationResponseError,
  ClientError,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
} from 'openid-client';
import { isOutboundError, type OutboundError } from '../../http/index.js';
import { refusal, type OidcRefusal, type OidcRefusalReason } from './refusal.js';

/** Where in the flow an error arose. */
export type Stage = 'discovery' | 'callback' | 'token' | 'keys' | 'userinfo';

/** Error codes of RFC 6749 are short words; what is not one is not repeated. */
const ERROR_CODE = /^[\w.-]{1,64}$/;

/** Codes of jose's errors about keys and signatures; claims are told apart below. */
const JOSE_REASONS: Readonly<Record<string, OidcRefusalReason>> = {
  ERR_JOSE_ALG_NOT_ALLOWED: 'algorithm_refused',
  ERR_JWKS_NO_MATCHING_KEY: 'signature_invalid',
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: 'signature_invalid',
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: 'signature_invalid',
  ERR_JWS_INVALID: 'signature_invalid',
  ERR_JWT_INVALID: 'token_invalid',
  ERR_JWT_EXPIRED: 'token_invalid',
  ERR_JWT_CLAIM_VALIDATION_FAILED: 'token_invalid',
  ERR_JOSE_NOT_SUPPORTED: 'algorithm_refused',
};

/**
 * Turns what openid-client, jose and the network throw into a refusal. Their errors carry whole tokens and claims as
 * causes, so nothing of them but codes and names of claims is kept. What they do not throw is a bug, and thrown on.
 */
export function refusalOf(error: unknown, stage: Stage): OidcRefusal {
  const outbound = outboundErrorIn(error);
  if (outbound) return refusalOfOutbound(outbound, stage);
  if (error instanceof AuthorizationResponseError) return refusal('provider_refused', errorCode(error.error));
  if (error instanceof ResponseBodyError) return refusalOfBody(error, stage);
  if (error instanceof WWWAuthenticateChallengeError)
    return refusal(stage === 'token' ? 'client_rejected' : 'provider_unavailable', `${stage}: challenge`);
  if (error instanceof joseErrors.JOSEError) return refusalOfJose(error, stage);
  if (error instanceof ClientError) return refusalOfClient(error, stage);
  throw error;
}

/** The word that a provider gives as its error, when it is one. */
export const errorCode = (code: string): string => (ERROR_CODE.test(code) ? code : 'not an error code');

function outboundErrorIn(error: unknown): OutboundError | undefined {
  if (isOutboundError(error)) return error;
  return error instanceof Error && isOutboundError(error.cause) ? error.cause : undefined;
}

function refusalOfOutbound({ problem }: OutboundError, stage: Stage): OidcRefusal {
  const isForbidden = problem === 'forbidden_address' || problem === 'forbidden_url';
  return refusal(isForbidden ? 'provider_forbidden' : 'provider_unavailable', `${stage}: ${problem}`);
}

function refusalOfBody({ error, status }: ResponseBodyError, stage: Stage): OidcRefusal {
  const evidence = `${stage}: ${status} ${errorCode(error)}`;
  if (stage !== 'token' || status >= 500) return refusal('provider_unavailable', evidence);
  const isClient = error === 'invalid_client' || error === 'unauthorized_client';
  return refusal(isClient ? 'client_rejected' : 'code_rejected', evidence);
}

function refusalOfJose(error: joseErrors.JOSEError, stage: Stage): OidcRefusal {
  const reason = JOSE_REASONS[error.code];
  if (reason === undefined) return refusal('provider_unavailable', `${stage}: ${error.code}`);
  const isClaim =
    error instanceof joseErrors.JWTClaimValidationFailed || error instanceof joseErrors.JWTExpired;
  return refusal(reason, isClaim ? errorCode(error.claim) : error.code);
}

function refusalOfClient(error: ClientError, stage: Stage): OidcRefusal {
  const cause = innermost(error);
  const evidence = `${stage}: ${error.code ?? 'unknown'}`;
  switch (error.code) {
    case 'OAUTH_JWT_CLAIM_COMPARISON_FAILED':
    case 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED':
      return refusal('token_invalid', claimIn(cause));
    case 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED':
      return stage === 'userinfo'
        ? refusal('subject_mismatch')
        : refusal('discovery_invalid', 'issuer differs from the one of the connection');
    case 'OAUTH_INVALID_RESPONSE':
    case 'OAUTH_UNSUPPORTED_OPERATION':
      if ('header' in cause || 'alg' in cause) return refusal('algorithm_refused', evidence);
      if (stage === 'discovery') return refusal('discovery_invalid', evidence);
      return refusal(stage === 'callback' ? 'response_invalid' : 'token_invalid', claimIn(cause) ?? evidence);
    case 'OAUTH_PARSE_ERROR':
    case 'OAUTH_RESPONSE_IS_NOT_JSON':
    case 'OAUTH_RESPONSE_IS_NOT_CONFORM':
      return stage === 'discovery' && !isServerError(cause)
        ? refusal('discovery_invalid', `${evidence}${statusIn(cause)}`)
        : refusal('provider_unavailable', `${evidence}${statusIn(cause)}`);
    case 'OAUTH_MISSING_SERVER_METADATA':
    case 'OAUTH_INVALID_SERVER_METADATA':
      return refusal('discovery_invalid', evidence);
    default:
      return refusal('provider_unavailable', evidence);
  }
}

/** The library wraps its reasons: ClientError, then an OperationProcessingError, then an object with what was compared. */
function innermost(error: Error): object {
  let cause: unknown = error;
  while (cause instanceof Error && typeof cause.cause === 'object' && cause.cause !== null)
    cause = cause.cause;
  return cause as object;
}

const claimIn = (cause: object): string | undefined =>
  'claim' in cause && typeof cause.claim === 'string' ? errorCode(cause.claim) : undefined;

const isServerError = (cause: object): boolean => cause instanceof Response && cause.status >= 500;

const statusIn = (cause: object): string => (cause instanceof Response ? ` (status ${cause.status})` : '');
