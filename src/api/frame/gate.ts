import type { IncomingMessage } from 'node:http';
import { principalContext, type Principal, type PrincipalContext } from '../../directory/principals/index.js';
import type { AttemptLimiter, ClientAddress, KnownCredentials, RateLimiter } from '../../http/index.js';
import type { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { LIMITS } from '../../kernel/limits.js';
import { ApiError, CHALLENGE } from './problem.js';

/** Longer credentials are not looked at: none of ours comes near. */
const MAX_CREDENTIAL_LENGTH = 1_024;
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Tells who a secret speaks for: of an API key, or of a session. */
export interface CredentialVerifier {
  verify(secret: string): Promise<Principal | undefined>;
}

export interface GateDependencies {
  readonly apiKeys: CredentialVerifier;
  readonly sessions: CredentialVerifier;
  /** The secret in the session cookie. */
  readonly readSessionSecret: (request: IncomingMessage) => string | undefined;
  /** Undefined: no limit. */
  readonly rateLimiter: RateLimiter | undefined;
  readonly attempts: AttemptLimiter;
  readonly known: KnownCredentials;
  readonly clientAddress: ClientAddress;
  readonly clock: Clock;
  readonly publicUrl: string;
}

/**
 * Lets a request in, known route or not: an API key as bearer token (RFC 6750), or a session cookie from our own pages. A
 * key needs the scope `admin`. A request with an Authorization header is never taken for the session's.
 * @throws ApiError 401, 403, 414; DomainError credential.too_many_attempts, request.rate_limited
 */
export async function admit(
  gate: GateDependencies,
  request: IncomingMessage,
  requestId: string,
): Promise<PrincipalContext> {
  const { url = '', method = 'GET' } = request;
  if (url.length > LIMITS.urlLength)
    throw new ApiError('request.target_too_long', {
      detail: `The address is longer than ${LIMITS.urlLength} characters.`,
    });
  const sourceAddress = gate.clientAddress(request);
  const principal = await authenticate(gate, request, sourceAddress);
  const { credential } = principal;
  const limit = gate.rateLimiter?.take(principal.userId, gate.clock.now());
  if (limit?.allowed === false)
    throw new DomainError('request.rate_limited', { retryAfterSeconds: limit.retryAfterSeconds });
  if (credential.kind === 'api_key' && !credential.scopes.includes('admin'))
    throw new ApiError('permission.denied', { detail: 'This needs an API key with the scope admin.' });
  if (credential.kind === 'session' && !SAFE_METHODS.has(method) && !isFromOurPages(request, gate.publicUrl))
    throw new ApiError('request.cross_site');
  return principalContext(principal, { requestId, sourceAddress });
}

async function authenticate(
  gate: GateDependencies,
  request: IncomingMessage,
  sourceAddress: string | undefined,
): Promise<Principal> {
  const { authorization } = request.headers;
  const verifier = authorization === undefined ? gate.sessions : gate.apiKeys;
  const secret = authorization === undefined ? gate.readSessionSecret(request) : readBearer(authorization);
  if (secret === undefined) throw unauthenticated(authorization !== undefined);
  const attempt = gate.known.has(secret) ? undefined : gate.attempts.begin(sourceAddress);
  let principal: Principal | undefined;
  try {
    principal = await verifier.verify(secret);
  } catch (error) {
    attempt?.forgive();
    throw error;
  }
  gate.known.note(secret, principal !== undefined);
  if (!principal) throw unauthenticated(true);
  attempt?.forgive();
  return principal;
}

function readBearer(authorization: string): string | undefined {
  if (authorization.length > MAX_CREDENTIAL_LENGTH) return undefined;
  return /^bearer +(\S+)$/i.exec(authorization)?.[1];
}

const unauthenticated = (hadCredential: boolean): ApiError =>
  new ApiError(
    'credential.invalid',
    {},
    { 'WWW-Authenticate': hadCredential ? `${CHALLENGE}, error="invalid_token"` : CHALLENGE },
  );

/**
 * Browsers send cookies along with requests that other sites make. A browser of today says where a request comes from
 * (Fetch Metadata, W3C); for others the origin has to be ours (RFC 6454 section 7).
 */
function isFromOurPages({ headers }: IncomingMessage, publicUrl: string): boolean {
  const site = headers['sec-fetch-site'];
  return site === undefined ? headers.origin === new URL(publicUrl).origin : site === 'same-origin';
}
