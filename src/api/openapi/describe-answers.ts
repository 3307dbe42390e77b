import type { ErrorCode } from '../../kernel/error-codes.js';
import type { JsonObject } from '../../kernel/json.js';
import { meaningOf, statusOf, type ProblemCode } from '../frame/problem.js';
import type { AnswerDeclaration, Route } from '../frame/route.js';
import type { SchemaCollector } from './json-schema.js';

const PROBLEM = {
  'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
};
const RETRY_AFTER = { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } };
const ALLOW = { Allow: { $ref: '#/components/headers/Allow' } };
const CHALLENGE = { 'WWW-Authenticate': { $ref: '#/components/headers/WWWAuthenticate' } };
const ETAG = { ETag: { $ref: '#/components/headers/ApiETag' } };
const LOCATION = { Location: { $ref: '#/components/headers/ApiLocation' } };

/** What the frame answers by itself, whatever the route. */
const COMMON: Readonly<
  Record<string, { readonly codes: readonly ProblemCode[]; readonly headers?: JsonObject }>
> = {
  400: { codes: ['request.invalid'] },
  401: { codes: ['credential.invalid'], headers: CHALLENGE },
  403: { codes: ['permission.denied', 'request.cross_site'] },
  404: { codes: ['request.unknown_address'] },
  405: { codes: ['request.method_not_allowed'], headers: ALLOW },
  409: { codes: ['idempotency.in_progress', 'idempotency.answer_lost'] },
  412: { codes: ['resource.version_mismatch'] },
  413: { codes: ['request.too_large'] },
  415: { codes: ['request.unsupported_media_type'] },
  422: { codes: ['idempotency.key_reused'] },
  429: { codes: ['request.rate_limited', 'credential.too_many_attempts'], headers: RETRY_AFTER },
  500: { codes: ['request.internal_error'] },
  503: { codes: ['database.unavailable', 'database.busy'], headers: RETRY_AFTER },
};

/** Names of the problems that the frame itself answers for a route, by status. */
function frameStatuses({ method, path, body, isVersioned }: Route): readonly number[] {
  return [
    ...[400, 401, 403, 405, 429, 500, 503],
    ...(path.includes('{') ? [404] : []),
    ...(method === 'POST' ? [409, 422] : []),
    ...(isVersioned === true && method !== 'GET' ? [412] : []),
    ...(body ? [413, 415] : []),
  ];
}

const withHeaders = (headers: JsonObject = {}): JsonObject =>
  Object.keys(headers).length === 0 ? {} : { headers };

const describeCodes = (codes: readonly ProblemCode[]): string =>
  codes.map((code) => `\`${code}\`: ${meaningOf(code)}`).join('\n');

const componentName = (status: number): string => `ApiProblem${status}`;

/** The answers that routes share; those that no route has are left out. */
export function commonResponses(routes: readonly Route[]): JsonObject {
  const used = new Set(
    routes.flatMap((route) => {
      const own = new Set((route.problems ?? []).map(statusOf));
      return frameStatuses(route).filter((status) => !own.has(status));
    }),
  );
  return Object.fromEntries(
    Object.entries(COMMON)
      .filter(([status]) => used.has(Number(status)))
      .map(([status, { codes, headers }]) => [
        componentName(Number(status)),
        { description: describeCodes(codes), ...withHeaders(headers), content: PROBLEM },
      ]),
  );
}

/** Every answer of a route by status. */
export function describeResponses(route: Route, schemas: SchemaCollector): JsonObject {
  const responses = new Map<number, JsonObject>();
  for (const [status, answer] of Object.entries(route.answers))
    responses.set(Number(status), describeAnswer(route, Number(status), answer, schemas));
  if (route.isVersioned === true && route.method === 'GET')
    responses.set(304, {
      description: 'The client has this version (RFC 9110 section 15.4.5).',
      headers: ETAG,
    });
  const shared = new Set(frameStatuses(route));
  const codes = route.problems ?? [];
  for (const status of [...shared, ...codes.map(statusOf)]) {
    const own = codes.filter((code) => statusOf(code) === status);
    responses.set(status, describeProblems(status, own, shared.has(status)));
  }
  return Object.fromEntries([...responses].sort(([a], [b]) => a - b));
}

function describeProblems(status: number, codes: readonly ErrorCode[], isShared: boolean): JsonObject {
  if (codes.length === 0) return { $ref: `#/components/responses/${componentName(status)}` };
  const common = isShared ? COMMON[String(status)] : undefined;
  return {
    description: describeCodes([...codes, ...(common?.codes ?? [])]),
    ...withHeaders(common?.headers),
    content: PROBLEM,
  };
}

function describeAnswer(
  route: Route,
  status: number,
  { description, schema, contentType, example }: AnswerDeclaration,
  schemas: SchemaCollector,
): JsonObject {
  const headers = withHeaders({
    ...(route.isVersioned === true && route.method !== 'DELETE' && schema ? ETAG : {}),
    ...(status === 201 ? LOCATION : {}),
  });
  if (!schema) return { description, ...headers };
  const content = {
    schema: schemas.describe(schema, 'output'),
    ...(example === undefined ? {} : { example: example as JsonObject }),
  };
  return { description, ...headers, content: { [contentType ?? 'application/json']: content } };
}
