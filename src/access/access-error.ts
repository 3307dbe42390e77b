import { isDomainError, type DomainError } from '../kernel/errors.js';

/** An error answer of the Authorization API (section 10.1.1), as a problem document (RFC 9457). */
export class AccessError extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  /** The member of the request at fault, as a path: `resource.properties.project`. */
  readonly field: string | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    options: {
      readonly detail: string;
      readonly field?: string | undefined;
      readonly headers?: Readonly<Record<string, string>>;
    },
  ) {
    super(`${code}: ${options.detail}`);
    this.name = 'AccessError';
    this.status = status;
    this.code = code;
    this.detail = options.detail;
    this.field = options.field;
    this.headers = options.headers ?? {};
  }
}

const CHALLENGE = 'Bearer realm="Rollcall access"';
/** Seconds after which a client may try again when the database is away. */
const RETRY_AFTER = 5;

export const invalidRequest = (field: string | undefined, detail: string): AccessError =>
  new AccessError(400, 'request.invalid', { detail, field });

/** @param hadCredential - whether there was one at all (RFC 6750 section 3) */
export const unauthenticated = (hadCredential: boolean): AccessError =>
  new AccessError(401, 'credential.invalid', {
    detail: 'The API key is missing, unknown, expired or revoked, or its account may not use it now.',
    headers: { 'WWW-Authenticate': hadCredential ? `${CHALLENGE}, error="invalid_token"` : CHALLENGE },
  });

/** How this API says what a domain rule refused. */
export function accessErrorOf(error: DomainError): AccessError | undefined {
  const { code, detail, field } = error;
  const retryAfter = { 'Retry-After': String(error.retryAfterSeconds ?? RETRY_AFTER) };
  switch (error.kind) {
    case 'unauthenticated':
      return unauthenticated(true);
    case 'rate_limited':
      return new AccessError(429, code, { detail, headers: retryAfter });
    case 'unavailable':
      return new AccessError(503, code, { detail, headers: retryAfter });
    case 'invalid':
      return new AccessError(400, code, { detail, field });
    case 'permission_denied':
      return new AccessError(403, code, { detail });
    case 'not_found':
    case 'conflict':
    case 'precondition_failed':
    case 'too_large':
      return undefined;
  }
}

/** As much of the logger as errors need. */
export interface AccessLogger {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Any error as an answer. What is no refusal of ours is a 500 with a reference, under which the log has the cause. */
export function describeError(error: unknown, logger: AccessLogger, requestId: string): AccessError {
  if (error instanceof AccessError) return error;
  if (isDomainError(error)) {
    if (error.kind === 'unavailable')
      logger.warn({ code: error.code, err: error.cause, requestId }, 'database unavailable');
    const known = accessErrorOf(error);
    if (known) return known;
  }
  logger.error({ err: error, requestId }, 'access request failed');
  return new AccessError(500, 'request.internal_error', {
    detail: `Internal error. Reference: ${requestId}`,
  });
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  429: 'Too Many Requests',
  500: 'Internal Error',
  503: 'Service Unavailable',
};

/** The body of an error answer: `application/problem+json`. */
export const problemBody = (
  { status, code, detail, field }: AccessError,
  { publicUrl, requestId }: { readonly publicUrl: string; readonly requestId: string },
): string =>
  JSON.stringify({
    type: `${publicUrl}/problems/${code}`,
    title: TITLES[status] ?? 'Error',
    status,
    detail,
    code,
    ...(field === undefined ? {} : { errors: [{ field, detail }] }),
    reference: requestId,
  });
