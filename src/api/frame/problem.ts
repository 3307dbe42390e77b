import { HTTP_PROBLEMS, type HttpProblemCode } from '../../http/index.js';
import { ERROR_CODES, type ErrorCode, type ErrorKind } from '../../kernel/error-codes.js';
import { isDomainError, type DomainError } from '../../kernel/errors.js';

export type ProblemCode = ErrorCode | HttpProblemCode;

/** What is wrong with one part of a request. `field` is its path in the body, or the name of the parameter. */
export interface FieldProblem {
  readonly field: string;
  readonly detail: string;
}

/** An error answer of the API (RFC 9457). */
export interface Problem {
  readonly code: ProblemCode;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly FieldProblem[];
  /** The request's id, under which the log has the cause. */
  readonly reference?: string;
}

/** A refusal in the terms of HTTP, with headers where the status needs them. */
export class ApiError extends Error {
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ProblemCode,
    options: { readonly detail?: string; readonly errors?: readonly FieldProblem[] } = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    const detail = options.detail ?? meaningOf(code);
    super(`${code}: ${detail}`);
    this.name = 'ApiError';
    this.problem = {
      code,
      status: statusOf(code),
      detail,
      ...(options.errors ? { errors: options.errors } : {}),
    };
    this.headers = headers;
  }
}

/** Seconds after which a client may try again when the database is away. */
const RETRY_AFTER = 5;
export const CHALLENGE = 'Bearer realm="Rollcall API"';

const STATUS_OF_KIND: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  not_found: 404,
  conflict: 409,
  permission_denied: 403,
  unauthenticated: 401,
  precondition_failed: 412,
  too_large: 413,
  rate_limited: 429,
  unavailable: 503,
};

/** Rules whose refusal is about the state of things, not about who asks; and RFC-named statuses. */
const STATUS_OF_CODE: Partial<Record<ErrorCode, number>> = {
  'user.last_admin': 409,
  'user.seat_limit_reached': 409,
  'idempotency.key_reused': 422,
};

const isHttpProblem = (code: ProblemCode): code is HttpProblemCode => Object.hasOwn(HTTP_PROBLEMS, code);

export const meaningOf = (code: ProblemCode): string =>
  isHttpProblem(code) ? HTTP_PROBLEMS[code].meaning : ERROR_CODES[code].meaning;

/** The status with which the API answers a problem. */
export const statusOf = (code: ProblemCode): number =>
  isHttpProblem(code)
    ? HTTP_PROBLEMS[code].status
    : (STATUS_OF_CODE[code] ?? STATUS_OF_KIND[ERROR_CODES[code].kind]);

/** How the API says what a domain rule refused. */
export function apiErrorOf(error: DomainError): ApiError {
  const { code, kind, detail, field } = error;
  return new ApiError(
    code,
    { detail, ...(field === undefined ? {} : { errors: [{ field, detail }] }) },
    headersOf(kind, error),
  );
}

function headersOf(kind: ErrorKind, error: DomainError): Readonly<Record<string, string>> {
  switch (kind) {
    case 'unauthenticated':
      return { 'WWW-Authenticate': CHALLENGE };
    case 'rate_limited':
    case 'unavailable':
      return { 'Retry-After': String(error.retryAfterSeconds ?? RETRY_AFTER) };
    case 'invalid':
    case 'not_found':
    case 'conflict':
    case 'permission_denied':
    case 'precondition_failed':
    case 'too_large':
      return {};
  }
}

/** As much of the logger as errors need. */
export interface ApiLogger {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/**
 * Any error as a problem. What is no refusal of ours becomes a 500 with a reference, the request's id, under which the log
 * has the cause; the client learns nothing else.
 */
export function describeError(error: unknown, logger: ApiLogger, requestId: string): ApiError {
  if (error instanceof ApiError) return error;
  if (isDomainError(error)) {
    if (error.kind === 'unavailable')
      logger.warn({ code: error.code, err: error.cause, requestId }, 'database unavailable');
    return apiErrorOf(error);
  }
  if (isMalformedUrl(error)) return new ApiError('request.unknown_address');
  logger.error({ err: error, requestId }, 'request failed');
  return new ApiError('request.internal_error', { detail: `Internal error. Reference: ${requestId}` });
}

/** Express could not decode a path parameter. */
const isMalformedUrl = (error: unknown): boolean =>
  (error as { status?: unknown } | null)?.status === 400 && (error as { name?: unknown }).name === 'URIError';

/** The body of an error answer: `application/problem+json`. */
export const problemBody = (
  { code, status, detail, errors }: Problem,
  { publicUrl, requestId }: { readonly publicUrl: string; readonly requestId: string },
): string =>
  JSON.stringify({
    type: `${publicUrl}/problems/${code}`,
    title: meaningOf(code),
    status,
    detail,
    code,
    ...(errors ? { errors } : {}),
    reference: requestId,
  });
