import type { IncomingMessage } from 'node:http';
import { requirePermission, type PrincipalContext } from '../../directory/principals/index.js';
import { readEtags } from '../../http/index.js';
import { DomainError } from '../../kernel/errors.js';
import type { ApiServices } from '../api-services.js';
import type { Cursors } from './cursor.js';
import type { Idempotency } from './idempotency.js';
import { readPage } from './page-request.js';
import { ApiError } from './problem.js';
import { parseInput, readJsonBody, readQueryValues, type QueryValues } from './read-input.js';
import type { ApiReply, ApiRequest, PageRequest, Route } from './route.js';

/** Fits no resource: versions start at 1. */
const NEVER = 0;

export interface RouteTools {
  readonly services: ApiServices;
  readonly cursors: Cursors;
  readonly idempotency: Idempotency;
  readonly publicUrl: string;
}

export interface RouteCall {
  readonly context: PrincipalContext;
  readonly request: IncomingMessage;
  /** Values of the path's parameters, in their order. */
  readonly params: Readonly<Record<string, string>>;
  /** The query with its question mark. */
  readonly search: string;
}

/** Permits, validates and carries out one request, in this order. */
export async function serveRoute(route: Route, tools: RouteTools, call: RouteCall): Promise<ApiReply> {
  const { services, publicUrl } = tools;
  const { context, request } = call;
  const { permission } = route;
  if (typeof permission === 'string' && permission !== 'self')
    requirePermission(context.principal, permission);
  const params = readParams(route, call.params);
  if (typeof permission === 'object') await permission.check(services, context, params);

  const { page, query } = readQuery(route, tools, call);
  const json = route.body ? await readJsonBody(request) : undefined;
  const body = route.body ? parseInput(route.body, json) : undefined;
  const expectedVersion = readIfMatch(route, call);
  const apiRequest: ApiRequest<unknown, unknown, unknown> = {
    context,
    params,
    query,
    body,
    page,
    expectedVersion,
    publicUrl,
  };
  const key = request.headers['idempotency-key'];
  if (route.method !== 'POST' || key === undefined) return route.handle(services, apiRequest);
  return tools.idempotency.run(
    { context, operation: route.operationId, key: String(key), content: [call.params, call.search, json] },
    () => route.handle(services, apiRequest),
  );
}

/** An id that cannot be one is that of nothing. */
function readParams({ params }: Route, values: Readonly<Record<string, string>>): unknown {
  if (!params) return undefined;
  const parsed = params.safeParse(values);
  if (parsed.success) return parsed.data;
  throw new ApiError('request.unknown_address');
}

function readQuery(
  route: Route,
  { cursors }: RouteTools,
  { search, context, params }: RouteCall,
): { readonly page: PageRequest<string>; readonly query: unknown } {
  const values = readQueryValues(search);
  if (!route.list) return { page: NO_PAGE, query: readFilters(route, values) };
  const scope = [context.organizationId, route.operationId, ...Object.values(params)];
  const { page, filters } = readPage(route.list, values, { cursors, scope });
  return { page, query: readFilters(route, filters) };
}

function readFilters({ query }: Route, values: QueryValues): unknown {
  if (query) return parseInput(query, values);
  const [unknown] = Object.keys(values);
  if (unknown === undefined) return undefined;
  throw new DomainError('request.invalid', { field: unknown, detail: `${unknown} is not known here.` });
}

const NO_PAGE: PageRequest<string> = {
  get limit(): never {
    throw new Error('the route is not declared as a list');
  },
  after: undefined,
  sort: { key: '', descending: false },
  reply: () => {
    throw new Error('the route is not declared as a list');
  },
};

/** The version a write expects (RFC 9110 section 13.1.1). The tag names the resource of the path's last id. */
function readIfMatch(route: Route, { request, params, context }: RouteCall): number | undefined {
  const header = request.headers['if-match'];
  if (route.isVersioned !== true || header === undefined || header.trim() === '*') return undefined;
  if (header.includes(','))
    throw new DomainError('request.invalid', { field: 'If-Match', detail: 'If-Match takes one ETag here.' });
  return readEtags(header, Object.values(params).at(-1) ?? context.organizationId)[0] ?? NEVER;
}
