import express, {
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
  type Router,
} from 'express';
import { ACCESS_TOKEN_SECONDS, type ConnectionService } from '../directory/connections/connection-service.js';
import type { LiveToken } from '../directory/connections/connection-store.js';
import type { TokenVerifier } from '../directory/connections/token-verifier.js';
import {
  RateLimiter,
  readBody,
  requestIdOf,
  type AttemptLimiter,
  type ClientAddress,
} from '../http/index.js';
import type { Clock } from '../kernel/clock.js';
import { DomainError, isDomainError } from '../kernel/errors.js';
import { constantTimeEquals } from '../kernel/secrets.js';
import type { Logger, Metrics } from '../observability/index.js';

/** Bytes of a token request; a client assertion is the longest thing in one. */
const BODY_BYTES = 16_384;
const SCOPE = 'scim';
/** Access tokens for one client: each is a row, and one is good for an hour. */
const ISSUE_LIMIT = { ratePerSecond: 1, burst: 60 };
/** Seconds after which a client may try again when nothing more is known. */
const RETRY_AFTER = 5;

export interface OAuthDependencies {
  readonly connections: ConnectionService;
  readonly verifier: TokenVerifier;
  readonly attempts: AttemptLimiter;
  readonly clientAddress: ClientAddress;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly publicUrl: string;
}

/** An error answer of the token endpoint (RFC 6749 section 5.2). */
class OAuthError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, description: string) {
    super(description);
    this.status = status;
    this.code = code;
  }
}

const invalidClient = (): OAuthError =>
  new OAuthError(401, 'invalid_client', 'The client or its secret is unknown, expired or revoked.');

/**
 * `/oauth/token` for the client-credentials grant (RFC 6749 section 4.4), as Entra's gallery asks for it, and the metadata
 * that names it (RFC 8414). The client is a Connection, its id the client_id; several secrets are good at once.
 */
export function createOAuthRouter(dependencies: OAuthDependencies): Router {
  const router = express.Router({ caseSensitive: true });
  const { publicUrl, metrics, clock } = dependencies;
  const issued = new RateLimiter(ISSUE_LIMIT);
  const metadata = JSON.stringify({
    issuer: publicUrl,
    token_endpoint: `${publicUrl}/oauth/token`,
    grant_types_supported: ['client_credentials'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    scopes_supported: [SCOPE],
    response_types_supported: [],
  });

  router.get(
    '/.well-known/oauth-authorization-server',
    countAs(metrics, 'metadata'),
    (_request, response) => {
      response.type('application/json').send(metadata);
    },
  );
  router.all('/oauth/token', countAs(metrics, 'token'));
  router.post('/oauth/token', async (request: Request, response: Response) => {
    const form = await readForm(request);
    const grant = form.get('grant_type');
    if (grant === null) throw new OAuthError(400, 'invalid_request', 'grant_type is required.');
    const client = await authenticateClient(request, form, dependencies);
    if (grant !== 'client_credentials')
      throw new OAuthError(400, 'unsupported_grant_type', 'Only client_credentials is supported.');
    requireScope(form.get('scope'));
    const decision = issued.take(client.connection.id, clock.now());
    if (!decision.allowed)
      throw new DomainError('request.rate_limited', { retryAfterSeconds: decision.retryAfterSeconds });
    const token = await dependencies.connections.issueAccessToken(
      {
        organizationId: client.connection.organizationId,
        actor: { kind: 'connection', id: client.connection.id },
        requestId: requestIdOf(request.headers['x-request-id']),
        sourceAddress: dependencies.clientAddress(request),
      },
      client,
    );
    response.setHeader('Cache-Control', 'no-store');
    response.json({
      access_token: token.secret,
      token_type: 'Bearer',
      expires_in: ACCESS_TOKEN_SECONDS,
      scope: SCOPE,
    });
  });
  router.all('/oauth/token', (_request, response) => {
    response.setHeader('Allow', 'POST');
    throw new OAuthError(405, 'invalid_request', 'The token endpoint takes POST.');
  });
  router.use(answerError(dependencies.logger));
  return router;
}

/** Counts and times each request that passes. */
function countAs(metrics: Metrics, operation: string): RequestHandler {
  const record = metrics.requestRecorder('oauth', operation);
  return (_request, response, next) => {
    const startedAt = performance.now();
    response.once('finish', () => {
      record(response.statusCode, (performance.now() - startedAt) / 1000);
    });
    next();
  };
}

async function readForm(request: Request): Promise<URLSearchParams> {
  const mediaType = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (mediaType !== 'application/x-www-form-urlencoded')
    throw new OAuthError(415, 'invalid_request', 'Content-Type must be application/x-www-form-urlencoded.');
  const body = await readBody(request, BODY_BYTES);
  if (!body.ok)
    throw body.error === 'too_large'
      ? new OAuthError(413, 'invalid_request', `The request exceeds ${BODY_BYTES} bytes.`)
      : new OAuthError(400, 'invalid_request', 'The request body cannot be read.');
  const form = new URLSearchParams(body.value.toString('utf8'));
  const names = [...form.keys()];
  if (new Set(names).size < names.length)
    throw new OAuthError(400, 'invalid_request', 'A parameter must not be repeated (RFC 6749 section 3.2).');
  return form;
}

/** HTTP Basic or the body, not both (RFC 6749 section 2.3). */
async function authenticateClient(
  request: Request,
  form: URLSearchParams,
  { verifier, attempts, clientAddress }: OAuthDependencies,
): Promise<LiveToken> {
  const basic = readBasic(request.headers.authorization);
  if (basic && form.has('client_secret'))
    throw new OAuthError(400, 'invalid_request', 'Only one way to authenticate the client may be used.');
  const id = basic?.id ?? form.get('client_id') ?? '';
  const secret = basic?.secret ?? form.get('client_secret') ?? '';
  if (id === '' || secret === '') throw invalidClient();
  const found = await verifier.verify(secret, () => attempts.begin(clientAddress(request)));
  if (found?.token.kind !== 'client_secret' || !constantTimeEquals(found.connection.id, id))
    throw invalidClient();
  return found;
}

/** Both parts are form-encoded inside Basic (RFC 6749 section 2.3.1). */
function readBasic(
  authorization: string | undefined,
): { readonly id: string; readonly secret: string } | undefined {
  const match = /^basic ([\w+/=-]{1,4096})$/i.exec(authorization ?? '');
  if (!match?.[1]) return undefined;
  const decoded = Buffer.from(match[1], 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  if (colon === -1) throw invalidClient();
  try {
    return {
      id: decodeURIComponent(decoded.slice(0, colon)),
      secret: decodeURIComponent(decoded.slice(colon + 1)),
    };
  } catch {
    throw invalidClient();
  }
}

function requireScope(scope: string | null): void {
  const scopes = (scope ?? '').split(' ').filter((name) => name !== '');
  if (scopes.some((name) => name !== SCOPE))
    throw new OAuthError(400, 'invalid_scope', 'The only scope is "scim".');
}

const answerError =
  (logger: Logger) =>
  (error: unknown, request: Request, response: Response, _next: NextFunction): void => {
    const { status, code, message, retryAfter } = describeError(error);
    if (status >= 500)
      logger.error(
        { err: error, requestId: requestIdOf(request.headers['x-request-id']) },
        'token request failed',
      );
    response.status(status);
    response.setHeader('Cache-Control', 'no-store');
    if (retryAfter !== undefined) response.setHeader('Retry-After', String(retryAfter));
    if (code === 'invalid_client' && request.headers.authorization !== undefined)
      response.setHeader('WWW-Authenticate', 'Basic realm="Rollcall OAuth"');
    response.json({ error: code, error_description: message });
  };

interface OAuthAnswer {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** Seconds. */
  readonly retryAfter?: number;
}

/** RFC 6749 has no code for "later" at this endpoint; the one of its section 4.1.2.1 says it. */
function describeError(error: unknown): OAuthAnswer {
  if (error instanceof OAuthError) return error;
  const later = { code: 'temporarily_unavailable', retryAfter: RETRY_AFTER };
  if (isDomainError(error) && error.kind === 'rate_limited') {
    const { detail, retryAfterSeconds = RETRY_AFTER } = error;
    return { ...later, status: 429, message: detail, retryAfter: retryAfterSeconds };
  }
  const message = 'The request cannot be answered now.';
  return isDomainError(error) && error.kind === 'unavailable'
    ? { ...later, status: 503, message }
    : { status: 500, code: 'server_error', message };
}
