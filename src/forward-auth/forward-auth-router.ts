import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import { isInAnyTeam } from '../directory/forward-auth/forward-auth-service.js';
import { requestIdOf } from '../http/index.js';
import { isDomainError } from '../kernel/errors.js';
import type { Logger, Metrics } from '../observability/index.js';
import { CredentialGate, type CredentialGateDependencies } from './credential-gate.js';
import { identityHeaders } from './identity-headers.js';
import { readQuestion } from './read-question.js';
import { isNavigation, signInAddress } from './sign-in-address.js';

export interface ForwardAuthRouterDependencies extends CredentialGateDependencies {
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** Absolute, without a slash at the end. */
  readonly publicUrl: string;
}

const PATH = '/auth/verify';
const CHALLENGE = 'Bearer realm="Rollcall"';
/** Seconds after which a proxy may try again when the database is away. */
const RETRY_AFTER = 5;

/**
 * Forward authentication, to be mounted at the root: a proxy asks before each request who makes it (`auth_request` of
 * nginx, ForwardAuth of Traefik). Answers have no body; the status is the decision. Nothing that the request says of
 * itself in X-Auth headers is read.
 */
export function createForwardAuthRouter(dependencies: ForwardAuthRouterDependencies): Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  const record = dependencies.metrics.requestRecorder('forward_auth', 'verify');
  const gate = new CredentialGate(dependencies);

  router.all(PATH, (request: Request, response: Response, next: NextFunction) => {
    const startedAt = performance.now();
    response.once('finish', () => {
      record(response.statusCode, (performance.now() - startedAt) / 1_000);
    });
    response.setHeader('X-Request-Id', requestIdOf(request.headers['x-request-id']));
    response.setHeader('Cache-Control', 'no-store');
    next();
  });
  router.get(PATH, (request: Request, response: Response) => verify(dependencies, gate, request, response));
  router.all(PATH, (_request: Request, response: Response) => {
    response.setHeader('Allow', 'GET, HEAD');
    answer(response, 405);
  });
  router.use(PATH, answerError(dependencies.logger));
  return router;
}

async function verify(
  { publicUrl }: ForwardAuthRouterDependencies,
  gate: CredentialGate,
  request: Request,
  response: Response,
): Promise<void> {
  const question = readQuestion(request);
  if (!question.ok) {
    response.setHeader('Content-Type', 'text/plain; charset=utf-8');
    response.statusCode = 400;
    response.end(`${question.error}\n`);
    return;
  }
  const { teams, isRedirecting } = question.value;
  const identity = await gate.identify(request);
  if (!identity) {
    refuse(request, response, { publicUrl, isRedirecting });
    return;
  }
  const { credential } = identity.principal;
  if (credential.kind === 'api_key' && !credential.scopes.includes('access')) {
    response.setHeader('WWW-Authenticate', `${CHALLENGE}, error="insufficient_scope", scope="access"`);
    answer(response, 403);
    return;
  }
  if (teams.length > 0 && !isInAnyTeam(identity.account, teams)) {
    answer(response, 403);
    return;
  }
  for (const [name, value] of Object.entries(identityHeaders(identity))) response.setHeader(name, value);
  answer(response, 200);
}

function refuse(
  request: Request,
  response: Response,
  { publicUrl, isRedirecting }: { readonly publicUrl: string; readonly isRedirecting: boolean },
): void {
  const address = signInAddress(request, publicUrl);
  if (isRedirecting && isNavigation(request)) {
    response.setHeader('Location', address);
    answer(response, 302);
    return;
  }
  const hadCredential = request.headers.authorization !== undefined;
  response.setHeader('WWW-Authenticate', hadCredential ? `${CHALLENGE}, error="invalid_token"` : CHALLENGE);
  response.setHeader('X-Auth-Sign-In', address);
  answer(response, 401);
}

function answer(response: Response, status: number): void {
  response.statusCode = status;
  response.end();
}

const answerError =
  (logger: Logger) =>
  (error: unknown, _request: Request, response: Response, _next: NextFunction): void => {
    const requestId = String(response.getHeader('X-Request-Id'));
    if (isDomainError(error) && (error.kind === 'unavailable' || error.kind === 'rate_limited')) {
      const isAway = error.kind === 'unavailable';
      if (isAway) logger.warn({ code: error.code, err: error.cause, requestId }, 'database unavailable');
      response.setHeader('Retry-After', String(error.retryAfterSeconds ?? RETRY_AFTER));
      answer(response, isAway ? 503 : 429);
      return;
    }
    logger.error({ err: error, requestId }, 'forward authentication failed');
    answer(response, 500);
  };
