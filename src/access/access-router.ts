import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import type { AccessSearch } from '../directory/access/access-search.js';
import type { AccessService } from '../directory/access/access-service.js';
import type { AccessCaller } from '../directory/access/access-store.js';
import { requestIdOf } from '../http/index.js';
import type { Clock } from '../kernel/clock.js';
import { Sealer } from '../kernel/encryption.js';
import { isDomainError } from '../kernel/errors.js';
import type { JsonObject } from '../kernel/json.js';
import type { Metrics } from '../observability/index.js';
import { AccessError, describeError, problemBody, type AccessLogger } from './access-error.js';
import { CallerGate, type CallerGateDependencies } from './caller-gate.js';
import { answerEvaluation, answerEvaluations } from './evaluate.js';
import { readJsonBody } from './read-body.js';
import { SearchPages } from './search-page.js';
import { searchActions, searchResources, searchSubjects, type SearchOperation } from './search.js';

export interface AccessDependencies extends CallerGateDependencies {
  readonly access: AccessService;
  readonly accessSearch: AccessSearch;
  readonly metrics: Metrics;
  readonly logger: AccessLogger;
  readonly clock: Clock;
  /** Absolute, without a slash at the end. */
  readonly publicUrl: string;
  readonly secretKey: string;
}

const ENDPOINTS = {
  access_evaluation_endpoint: '/access/v1/evaluation',
  access_evaluations_endpoint: '/access/v1/evaluations',
  search_subject_endpoint: '/access/v1/search/subject',
  search_resource_endpoint: '/access/v1/search/resource',
  search_action_endpoint: '/access/v1/search/action',
} as const;

const WELL_KNOWN = '/.well-known/authzen-configuration';

type Answer = (caller: AccessCaller, request: JsonObject) => Promise<object>;

/**
 * OpenID AuthZEN Authorization API 1.0, to be mounted at the root: applications ask who may do what. Every address passes
 * the same gate; the metadata document is for everybody.
 */
export function createAccessRouter(dependencies: AccessDependencies): Router {
  const { access, accessSearch, clock, secretKey, publicUrl } = dependencies;
  const gate = new CallerGate(dependencies);
  const pages = new SearchPages(new Sealer(secretKey, 'access-page'), clock);
  const router = express.Router({ caseSensitive: true, strict: true });
  const serve = (path: string, operation: string, answer: Answer, isFresh: boolean): void => {
    register(router, path, { dependencies, gate, operation, answer, isFresh });
  };
  const serveSearch = (path: string, operation: string, search: SearchOperation): void => {
    serve(
      path,
      operation,
      (caller, request) => search(accessSearch, caller, request, pages.read(operation, caller, request)),
      true,
    );
  };

  const metadata = JSON.stringify(metadataOf(publicUrl));
  const path = new URL(publicUrl).pathname.replace(/\/$/, '');
  router.get(
    // A PUBLIC_URL with a path has its document behind the well-known part (section 9.2).
    path === '' ? WELL_KNOWN : [WELL_KNOWN, WELL_KNOWN + path],
    (_request: Request, response: Response) => {
      response.type('application/json').send(metadata);
    },
  );
  serve(
    ENDPOINTS.access_evaluation_endpoint,
    'evaluation',
    (...asked) => answerEvaluation(access, ...asked),
    false,
  );
  serve(
    ENDPOINTS.access_evaluations_endpoint,
    'evaluations',
    (...asked) => answerEvaluations(access, ...asked),
    false,
  );
  serveSearch(ENDPOINTS.search_subject_endpoint, 'search.subject', searchSubjects);
  serveSearch(ENDPOINTS.search_resource_endpoint, 'search.resource', searchResources);
  serveSearch(ENDPOINTS.search_action_endpoint, 'search.action', searchActions);
  const measureUnknown = measurer(dependencies, 'unmatched');
  router.use('/access', async (request: Request, response: Response) => {
    measureUnknown(response);
    begin(request, response);
    await gate.admit(request, { isFresh: true });
    throw new AccessError(404, 'request.unknown_address', { detail: 'There is nothing at this address.' });
  });
  router.use('/access', answerError(dependencies));
  return router;
}

const metadataOf = (publicUrl: string): object => ({
  policy_decision_point: publicUrl,
  ...Object.fromEntries(Object.entries(ENDPOINTS).map(([name, path]) => [name, publicUrl + path])),
});

interface Endpoint {
  readonly dependencies: AccessDependencies;
  readonly gate: CallerGate;
  readonly operation: string;
  readonly answer: Answer;
  readonly isFresh: boolean;
}

function register(router: Router, path: string, endpoint: Endpoint): void {
  const { dependencies, gate, operation, answer, isFresh } = endpoint;
  const measure = measurer(dependencies, operation);
  router.post(path, async (request: Request, response: Response) => {
    measure(response);
    begin(request, response);
    const admission = await gate.admit(request, { isFresh });
    const body = await readJsonBody(request);
    let found: object;
    try {
      found = await answer(admission.caller, body);
    } catch (error) {
      if (isDomainError(error, 'credential.invalid')) admission.forget();
      throw error;
    }
    response.statusCode = 200;
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(found));
  });
  router.all(path, async (request: Request, response: Response) => {
    measure(response);
    begin(request, response);
    await gate.admit(request, { isFresh: true });
    throw new AccessError(405, 'request.method_not_allowed', {
      detail: `${request.method} is not possible here.`,
      headers: { Allow: 'POST' },
    });
  });
}

/** Counts a request under the name of its operation when it has been answered. */
function measurer({ metrics }: AccessDependencies, operation: string): (response: Response) => void {
  const record = metrics.requestRecorder('access', operation);
  return (response) => {
    const startedAt = performance.now();
    response.once('finish', () => {
      record(response.statusCode, (performance.now() - startedAt) / 1_000);
    });
  };
}

/** What a caller may send as its own name for a request: visible ASCII, of a length that fits into a header. */
const ECHOED = /^[\x21-\x7e]{1,256}$/;

/** The id of the request comes back as it was sent (section 10.1.3). In the log it stands only if it is harmless. */
function begin(request: Request, response: Response): void {
  const sent = request.headers['x-request-id'];
  const id = requestIdOf(sent);
  (response.locals as Locals).requestId = id;
  response.setHeader('X-Request-Id', typeof sent === 'string' && ECHOED.test(sent) ? sent : id);
  response.setHeader('Cache-Control', 'no-store');
}

interface Locals {
  requestId?: string;
}

const answerError =
  ({ logger, publicUrl }: AccessDependencies) =>
  (error: unknown, _request: Request, response: Response, _next: NextFunction): void => {
    const requestId = (response.locals as Locals).requestId ?? '';
    const known = describeError(error, logger, requestId);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    response.statusCode = known.status;
    response.setHeader('Content-Type', 'application/problem+json; charset=utf-8');
    for (const [name, value] of Object.entries(known.headers)) response.setHeader(name, value);
    response.end(problemBody(known, { publicUrl, requestId }));
  };
