import type { Request, Response } from 'express';
import type { JsonObject } from '../../kernel/json.js';
import type { Metrics, RecordRequest } from '../../observability/index.js';
import type { ScimError } from '../errors.js';
import type { FailedOperations } from '../exchange.js';
import type { ScimCaller } from './authenticate.js';

/** What becomes known of a request on its way, for those who look at it when it is answered. */
export interface RequestTrace {
  readonly requestId: string;
  /** On the monotonic clock, in milliseconds. */
  readonly startedAt: number;
  /** Name of the route it took; undefined when it was refused before one. */
  operation: string | undefined;
  /** Counts it for that route. */
  record: RecordRequest | undefined;
  /** Undefined until the gate has let it in. */
  admission: Admission | undefined;
  /** The id in its address, as it came. */
  targetId: string | undefined;
  body: JsonObject | undefined;
  /** Why it failed. */
  error: ScimError | undefined;
  failedOperations: FailedOperations | undefined;
}

/** What the gate found, for the handler of the same request. */
export interface Admission {
  readonly caller: ScimCaller;
  /** The query as it came, with its question mark. */
  readonly search: string;
}

const TRACE = Symbol('trace');

interface Traced {
  [TRACE]?: RequestTrace;
}

type BeginTrace = (request: Request, response: Response, requestId: string) => RequestTrace;

/**
 * Begins the trace of a request. When it is answered it is counted, for its route or as what refused it before, and then
 * looked at by `onAnswered`.
 */
export function createTracer(
  metrics: Metrics,
  onAnswered: (trace: RequestTrace, request: Request, response: Response) => void,
): BeginTrace {
  const refusals = createRefusals(metrics);
  return (request, response, requestId) => {
    const trace: RequestTrace = {
      requestId,
      startedAt: performance.now(),
      operation: undefined,
      record: undefined,
      admission: undefined,
      targetId: undefined,
      body: undefined,
      error: undefined,
      failedOperations: undefined,
    };
    (response.locals as Traced)[TRACE] = trace;
    response.once('finish', () => {
      if (!trace.record) Object.assign(trace, refusals(response.statusCode));
      trace.record?.(response.statusCode, (performance.now() - trace.startedAt) / 1000);
      onAnswered(trace, request, response);
    });
    return trace;
  };
}

/** @throws Error for a response that no gate has seen */
export function traceOf(response: Response): RequestTrace {
  const trace = (response.locals as Traced)[TRACE];
  if (!trace) throw new Error('a SCIM request is not traced');
  return trace;
}

/** The admission of a request. @throws Error when the gate has not let it in: a route must never answer without one */
export function admissionOf({ admission }: RequestTrace): Admission {
  if (!admission) throw new Error('a SCIM route was reached without authentication');
  return admission;
}

/** Names of what refuses a request before it has a route, by status; anything else is `refused`. */
const REFUSALS = {
  401: 'unauthenticated',
  404: 'unknown_address',
  405: 'unknown_method',
  429: 'rate_limited',
} as const;

type TracedRoute = Pick<RequestTrace, 'operation' | 'record'>;

function createRefusals(metrics: Metrics): (status: number) => TracedRoute {
  const routeOf = (operation: string): TracedRoute => ({
    operation,
    record: metrics.requestRecorder('scim', operation),
  });
  const routes = new Map(Object.entries(REFUSALS).map(([status, name]) => [Number(status), routeOf(name)]));
  const others = routeOf('refused');
  return (status) => routes.get(status) ?? others;
}
