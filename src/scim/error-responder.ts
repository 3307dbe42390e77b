import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';
import { isDomainError } from '../kernel/errors.js';
import { errorBody, ScimError, scimErrorOf } from './errors.js';
import { traceOf } from './steps/request-trace.js';

/** As much of the logger as errors need. */
export interface ScimLogger {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/**
 * Any error as a SCIM error. What is no refusal of ours becomes a 500 with a reference, the request's id, under which
 * the log has the cause; the client learns nothing else.
 */
export function describeError(error: unknown, logger: ScimLogger, requestId?: string): ScimError {
  if (error instanceof ScimError) return error;
  if (isDomainError(error)) {
    if (error.kind === 'unavailable')
      logger.warn({ code: error.code, err: error.cause }, 'database unavailable');
    return scimErrorOf(error);
  }
  if (isMalformedUrl(error))
    return new ScimError({ status: 404, detail: 'There is no resource at this address.' });
  const reference = requestId ?? randomUUID();
  logger.error({ err: error, reference }, 'request failed');
  return new ScimError({ status: 500, detail: `Internal error. Reference: ${reference}` });
}

/** Express could not decode a path parameter. */
const isMalformedUrl = (error: unknown): boolean =>
  (error as { status?: unknown } | null)?.status === 400 && (error as { name?: unknown }).name === 'URIError';

/** The one place that answers errors on the SCIM surface (RFC 7644 section 3.12). */
export function createErrorResponder(logger: ScimLogger) {
  return (error: unknown, _request: Request, response: Response, _next: NextFunction): void => {
    const trace = traceOf(response);
    const described = describeError(error, logger, trace.requestId);
    trace.error = described;
    const { problem, headers } = described;
    if (response.headersSent) {
      response.destroy();
      return;
    }
    response.statusCode = problem.status;
    response.setHeader('Content-Type', 'application/scim+json; charset=utf-8');
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    response.end(errorBody(problem));
  };
}
