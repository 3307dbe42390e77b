import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import type { PrincipalContext } from '../../directory/principals/index.js';
import { etagOf, KnownCredentials, readEtags, requestIdOf, sendPieces } from '../../http/index.js';
import { Sealer } from '../../kernel/encryption.js';
import type { Metrics } from '../../observability/index.js';
import type { ApiServices } from '../api-services.js';
import { Cursors } from './cursor.js';
import { admit, type GateDependencies } from './gate.js';
import { Idempotency } from './idempotency.js';
import { ApiError, describeError, problemBody, type ApiLogger } from './problem.js';
import type { ApiReply, Route } from './route.js';
import { serveRoute, type RouteTools } from './serve-route.js';

export interface ApiDependencies extends Omit<GateDependencies, 'apiKeys' | 'sessions' | 'known'> {
  readonly services: ApiServices & Pick<GateDependencies, 'sessions'>;
  readonly metrics: Metrics;
  readonly logger: ApiLogger;
  readonly secretKey: string;
}

const ROOT = '/api/v1';

/** What the gate found, for the handler of the same request. */
interface Admission {
  readonly context: PrincipalContext;
  readonly search: string;
}

interface Locals {
  admission?: Admission;
  operation: string;
}

const localsOf = (response: Response): Locals => response.locals as Locals;

/** @throws Error when no gate has been passed: a route must never answer without one */
function admissionOf(response: Response): Admission {
  const { admission } = localsOf(response);
  if (!admission) throw new Error('an API route was reached without authentication');
  return admission;
}

/**
 * The admin REST API, to be mounted at `/api/v1`. Every request, known route or not, passes the same gate first; nothing
 * is registered before it.
 */
export function createApiRouter(routes: readonly Route[], dependencies: ApiDependencies): Router {
  const { services, clock, publicUrl, secretKey, logger } = dependencies;
  const gate: GateDependencies = {
    ...dependencies,
    apiKeys: services.apiKeys,
    sessions: services.sessions,
    known: new KnownCredentials(),
  };
  const tools: RouteTools = {
    services,
    publicUrl,
    cursors: new Cursors(new Sealer(secretKey, 'api-cursor'), clock),
    idempotency: new Idempotency({
      store: services.idempotency,
      sealer: new Sealer(secretKey, 'idempotency'),
      clock,
    }),
  };
  const router = express.Router({ caseSensitive: true, strict: true });
  router.use(measure(routes, dependencies.metrics));
  router.use(async (request: Request, response: Response, next: NextFunction) => {
    const requestId = requestIdOf(request.headers['x-request-id']);
    response.setHeader('X-Request-Id', requestId);
    response.setHeader('Cache-Control', 'no-store');
    const context = await admit(gate, request, requestId);
    const question = request.url.indexOf('?');
    localsOf(response).admission = { context, search: question === -1 ? '' : request.url.slice(question) };
    next();
  });
  for (const route of routes) register(router, route, tools);
  for (const [path, methods] of methodsByPath(routes)) router.all(path, refuseMethod(methods));
  router.use(() => {
    throw new ApiError('request.unknown_address');
  });
  router.use((error: unknown, _request: Request, response: Response, _next: NextFunction): void => {
    const requestId = String(response.getHeader('X-Request-Id') ?? '');
    const { problem, headers } = describeError(error, logger, requestId);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    response.statusCode = problem.status;
    response.setHeader('Content-Type', 'application/problem+json; charset=utf-8');
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    response.end(problemBody(problem, { publicUrl, requestId }));
  });
  return router;
}

const UNMATCHED = 'unmatched';

/** Counts every request, also those that the gate refuses, under the name of its route. */
function measure(routes: readonly Route[], metrics: Metrics) {
  const recorders = new Map(
    [UNMATCHED, ...routes.map(({ operationId }) => operationId)].map((operation) => [
      operation,
      metrics.requestRecorder('api', operation),
    ]),
  );
  return (_request: Request, response: Response, next: NextFunction): void => {
    const startedAt = performance.now();
    localsOf(response).operation = UNMATCHED;
    response.once('finish', () => {
      recorders.get(localsOf(response).operation)?.(
        response.statusCode,
        (performance.now() - startedAt) / 1_000,
      );
    });
    next();
  };
}

/** `/api/v1/users/{userId}` as Express writes it, below the mount point. */
const expressPath = ({ path }: Route): string => path.slice(ROOT.length).replaceAll(/\{(\w+)\}/g, ':$1');

function methodsByPath(routes: readonly Route[]): ReadonlyMap<string, readonly string[]> {
  const paths = new Map<string, string[]>();
  for (const route of routes) {
    const path = expressPath(route);
    const methods = paths.get(path) ?? [];
    methods.push(...(route.method === 'GET' ? ['GET', 'HEAD'] : [route.method]));
    paths.set(path, methods);
  }
  return paths;
}

const refuseMethod =
  (methods: readonly string[]) =>
  ({ method }: Request): never => {
    throw new ApiError(
      'request.method_not_allowed',
      { detail: `${method} is not possible here.` },
      { Allow: methods.join(', ') },
    );
  };

function register(router: Router, route: Route, tools: RouteTools): void {
  const handle = async (request: Request, response: Response): Promise<void> => {
    localsOf(response).operation = route.operationId;
    const { context, search } = admissionOf(response);
    const params = request.params as Readonly<Record<string, string>>;
    const reply = await serveRoute(route, tools, { context, request, params, search });
    await send(request, response, reply, tools.publicUrl);
  };
  const path = expressPath(route);
  switch (route.method) {
    case 'GET':
      router.get(path, handle);
      break;
    case 'POST':
      router.post(path, handle);
      break;
    case 'PUT':
      router.put(path, handle);
      break;
    case 'PATCH':
      router.patch(path, handle);
      break;
    case 'DELETE':
      router.delete(path, handle);
      break;
  }
}

async function send(request: Request, response: Response, reply: ApiReply, publicUrl: string): Promise<void> {
  const { status, body, stream, version, location, headers } = reply;
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value);
  if (location !== undefined) response.setHeader('Location', publicUrl + location);
  if (version) response.setHeader('ETag', etagOf(version));
  const known = request.headers['if-none-match'];
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (isRead && version && known !== undefined && readEtags(known, version.id).includes(version.version)) {
    response.statusCode = 304;
    response.end();
  } else if (stream) {
    await sendPieces(response, stream.pieces, () => {
      response.setHeader('Content-Type', stream.contentType);
    });
  } else if (body === undefined) {
    response.end();
  } else {
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
    response.end(JSON.stringify(body));
  }
}
