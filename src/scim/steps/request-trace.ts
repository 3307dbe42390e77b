import type { Response } from 'express';
import type { LiveToken } from '../../directory/connections/connection-store.js';
import type { Metrics, RecordRequest } from '../../observability/index.js';

/** What becomes known of a request on its way, for those who look at it when it is answered. */
export interface RequestTrace {
  readonly requestId: string;
  /** On the monotonic clock, in milliseconds. */
  readonly startedAt: number;
  /** Counts it for the route it took; undefined when it was refused before one. */
  record: RecordRequest | undefined;
  /** Undefined until the gate has let it in. */
  admission: Admission | undefined;
}

/** What the gate found, for the handler of the same request. */
export interface Admission {
  readonly live: LiveToken;
  /** The query as it came, with its question mark. */
  readonly search: string;
}

const TRACE = Symbol('trace');

interface Traced {
  [TRACE]?: RequestTrace;
}

/** Begins the trace of a request, and counts it when it is answered: for its route, or as what refused it before. */
export function createTracer(metrics: Metrics): (response: Response, requestId: string) => RequestTrace {
  const recordRefusal = createRefusalRecorder(metrics);
  return (response, requestId) => {
    const trace: RequestTrace = {
      requestId,
      startedAt: performance.now(),
      record: undefined,
      admission: undefined,
    };
    (response.locals as Traced)[TRACE] = trace;
    response.once('finish', () => {
      const record = trace.record ?? recordRefusal;
      record(response.statusCode, (performance.now() - trace.startedAt) / 1000);
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

function createRefusalRecorder(metrics: Metrics): RecordRequest {
  const recorders = new Map(
    Object.entries(REFUSALS).map(([status, name]) => [Number(status), metrics.requestRecorder('scim', name)]),
  );
  const others = metrics.requestRecorder('scim', 'refused');
  return (status, seconds) => {
    (recorders.get(status) ?? others)(status, seconds);
  };
}
