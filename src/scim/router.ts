import express, {
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
  type Router,
} from 'express';
import type { Clock } from '../kernel/clock.js';
import { LIMITS } from '../kernel/limits.js';
import type { RoleService } from '../directory/roles/role-service.js';
import type { TeamService } from '../directory/teams/team-service.js';
import type { UserService } from '../directory/users/user-service.js';
import {
  requestIdOf,
  type AttemptLimiter,
  type ClientAddress,
  type ConcurrencyLimiter,
  type RateLimiter,
} from '../http/index.js';
import type { Metrics } from '../observability/index.js';
import { createBulkOperation } from './bulk/index.js';
import { createErrorResponder, describeError, type ScimLogger } from './error-responder.js';
import { ScimError } from './errors.js';
import type { ScimRequest } from './exchange.js';
import { CursorCodec } from './list/cursor.js';
import { listParametersOf } from './list/list-request.js';
import { createRequestLog, type RequestLogDependencies } from './log/log-requests.js';
import { roleToWire } from './mapping/role-wire.js';
import { userToWire } from './mapping/user-to-wire.js';
import { resourceRoutes } from './resource-routes.js';
import { createGroupOperations } from './resources/group-operations.js';
import type { ResourceOperations } from './resources/resource-operations.js';
import { createRoleOperations } from './resources/role-operations.js';
import { createUserOperations } from './resources/user-operations.js';
import { readRoute, writeRoute, type ScimRoute } from './routes.js';
import { createDiscoveryRouter } from './schema/index.js';
import { createRootSearch, readSearchRequest } from './search/index.js';
import { assertAdmitted } from './steps/assert-admitted.js';
import { createAuthenticator, type AuthenticatorDependencies } from './steps/authenticate.js';
import { normaliseUrl } from './steps/normalise-url.js';
import { readJson } from './steps/read-json.js';
import { readQuery } from './steps/read-query.js';
import { admissionOf, createTracer, traceOf, type RequestTrace } from './steps/request-trace.js';
import { sendReply } from './steps/send-reply.js';
import { unwrap } from './unwrap.js';

export interface ScimDependencies extends RequestLogDependencies, AuthenticatorDependencies {
  readonly users: UserService;
  readonly teams: TeamService;
  readonly roles: RoleService;
  /** Undefined: no limit. */
  readonly rateLimiter: RateLimiter | undefined;
  readonly attempts: AttemptLimiter;
  /** Lists and searches of each connection. */
  readonly searches: ConcurrencyLimiter;
  readonly clientAddress: ClientAddress;
  readonly metrics: Metrics;
  readonly logger: ScimLogger;
  readonly clock: Clock;
  readonly publicUrl: string;
  readonly secretKey: string;
}

/**
 * The SCIM 2.0 surface, to be mounted at `/scim`. Every request, known route or not, passes the same gate first: one URL
 * normaliser, authentication, rate limit. Nothing is registered before it.
 */
export function createScimRouter(dependencies: ScimDependencies): Router {
  const { rateLimiter, attempts, clientAddress, clock, metrics } = dependencies;
  const baseUrl = `${dependencies.publicUrl}/scim/v2`;
  const router = express.Router({ caseSensitive: true, strict: true });
  const authenticate = createAuthenticator(dependencies);
  const beginTrace = createTracer(metrics, createRequestLog(dependencies));

  router.use(async (request: Request, response: Response, next: NextFunction) => {
    const requestId = requestIdOf(request.headers['x-request-id']);
    const trace = beginTrace(request, response, requestId);
    response.setHeader('X-Request-Id', requestId);
    if (request.url.length > LIMITS.urlLength)
      throw new ScimError({
        status: 414,
        detail: `The address is longer than ${LIMITS.urlLength} characters.`,
      });
    const { path, search } = normaliseUrl(request.url);
    request.url = path + search;
    const sourceAddress = clientAddress(request);
    const caller = await authenticate(request.headers.authorization, { requestId, sourceAddress }, () =>
      attempts.begin(sourceAddress),
    );
    assertAdmitted(rateLimiter?.take(caller.connection.id, clock.now()));
    trace.admission = { caller, search };
    next();
  });

  for (const route of routesOf(dependencies)) register(router, route, dependencies, baseUrl);
  for (const path of ALLOWED_METHODS.keys()) router.all(path, refuseMethod(path));
  router.use(createDiscoveryRouter(baseUrl, countAs('discovery', metrics)));
  router.use((request: Request) => {
    throw new ScimError({
      status: 404,
      detail: `There is no resource at this address.${versionHint(request.url)}`,
    });
  });
  router.use(createErrorResponder(dependencies.logger));
  return router;
}

function routesOf(dependencies: ScimDependencies): readonly ScimRoute[] {
  const { users, teams, roles, rateLimiter, searches, clock } = dependencies;
  const cursors = new CursorCodec(dependencies.secretKey, dependencies.clock);
  const operations = {
    users: createUserOperations(users, cursors, searches),
    groups: bounded(createGroupOperations(teams, cursors), searches),
    roles: bounded(createRoleOperations(roles, cursors), searches),
  };
  const bulk = createBulkOperation(
    new Map([
      ['/Users', operations.users],
      ['/Groups', operations.groups],
      ['/Roles', operations.roles],
    ]),
    (error) => describeError(error, dependencies.logger),
    (connectionId, requests) => {
      if (requests > 0) assertAdmitted(rateLimiter?.charge(connectionId, clock.now(), requests));
    },
  );
  const searchRoot = createRootSearch({
    users,
    teams,
    roles,
    renderUser: userToWire,
    renderGroup: (request, team, projection) => operations.groups.render(request, team, projection),
    renderRole: roleToWire,
    cursors,
  });
  const search: typeof searchRoot = (request, parameters) =>
    searches.run(request.context.connection.id, () => searchRoot(request, parameters));
  return [
    ...resourceRoutes(operations),
    writeRoute('POST', '/Bulk', 'bulk', bulk),
    writeRoute('POST', '/.search', 'search', (request) =>
      search(request, readSearchRequest(request.body, request)),
    ),
    readRoute('GET', '/', 'search', (request) => search(request, unwrap(listParametersOf(request.query)))),
  ];
}

/** The same operations, of whose lists a connection gets only so many at a time. */
const bounded = <Operations extends ResourceOperations>(
  operations: Operations,
  searches: ConcurrencyLimiter,
): Operations => ({
  ...operations,
  list: (request, parameters) =>
    searches.run(request.context.connection.id, () => operations.list(request, parameters)),
});

/** Methods of the paths above, for 405 (RFC 9110 section 15.5.6). */
const ALLOWED_METHODS = new Map([
  ['/Users', 'GET, HEAD, POST'],
  ['/Groups', 'GET, HEAD, POST'],
  ['/Roles', 'GET, HEAD, POST'],
  ['/Users/.search', 'POST'],
  ['/Groups/.search', 'POST'],
  ['/Roles/.search', 'POST'],
  ['/Users/:id', 'GET, HEAD, PUT, PATCH, DELETE'],
  ['/Groups/:id', 'GET, HEAD, PUT, PATCH, DELETE'],
  ['/Roles/:id', 'GET, HEAD, PUT, PATCH, DELETE'],
  ['/Bulk', 'POST'],
  ['/.search', 'POST'],
]);

/** Stands where an id stands, and is none. */
const SEARCH = '.search';

const refuseMethod =
  (path: string) =>
  (request: Request): never => {
    throw new ScimError(
      { status: 405, detail: `${request.method} is not possible here.` },
      { Allow: ALLOWED_METHODS.get(path) ?? '' },
    );
  };

function countAs(operation: string, metrics: Metrics): RequestHandler {
  const route = { operation, record: metrics.requestRecorder('scim', operation) };
  return (_request, response, next) => {
    Object.assign(traceOf(response), route);
    next();
  };
}

const versionHint = (url: string): string =>
  /^\/v\d/i.test(url) ? ' This server speaks SCIM 2.0 at /scim/v2.' : '';

function register(router: Router, route: ScimRoute, dependencies: ScimDependencies, baseUrl: string): void {
  const record = dependencies.metrics.requestRecorder('scim', route.operation);
  const handle = async (request: Request, response: Response): Promise<void> => {
    const trace = traceOf(response);
    trace.operation = route.operation;
    trace.record = record;
    const scimRequest = toScimRequest(request, trace, dependencies, baseUrl);
    const id = String(request.params['id'] ?? '');
    if (id === SEARCH) refuseMethod(route.path.replace(':id', SEARCH))(request);
    trace.targetId = id;
    const reply =
      route.kind === 'read'
        ? await route.answer(scimRequest, id)
        : await route.answer({ ...scimRequest, body: (trace.body = await readJson(request)) }, id);
    trace.failedOperations = reply.failedOperations;
    await sendReply(response, reply);
  };
  switch (route.method) {
    case 'GET':
      router.get(route.path, handle);
      break;
    case 'POST':
      router.post(route.path, handle);
      break;
    case 'PUT':
      router.put(route.path, handle);
      break;
    case 'PATCH':
      router.patch(route.path, handle);
      break;
    case 'DELETE':
      router.delete(route.path, handle);
      break;
  }
}

function toScimRequest(
  request: Request,
  trace: RequestTrace,
  { clientAddress }: ScimDependencies,
  baseUrl: string,
): ScimRequest {
  const { caller, search } = admissionOf(trace);
  const { connection, actor } = caller;
  return {
    baseUrl,
    query: readQuery(search),
    ifMatch: request.headers['if-match'],
    ifNoneMatch: request.headers['if-none-match'],
    context: {
      organizationId: connection.organizationId,
      actor,
      connection,
      requestId: trace.requestId,
      sourceAddress: clientAddress(request),
    },
  };
}
