import type { ErrorCode } from '../kernel/error-codes.js';
import type { DomainError } from '../kernel/errors.js';
import { badRequest, type ScimProblem, type ScimType } from './problem.js';

const ERROR_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:Error';
/** Seconds after which a client may try again when nothing more is known. */
const RETRY_AFTER = 5;

/** A refusal in SCIM's own terms, with headers where the status needs them. */
export class ScimError extends Error {
  readonly problem: ScimProblem;
  readonly headers: Readonly<Record<string, string>>;
  /** Of the rule that refused, where one did. */
  readonly code: ErrorCode | undefined;

  constructor(problem: ScimProblem, headers: Readonly<Record<string, string>> = {}, code?: ErrorCode) {
    super(problem.detail);
    this.name = 'ScimError';
    this.problem = problem;
    this.headers = headers;
    this.code = code;
  }
}

/** The body of an error answer (RFC 7644 section 3.12): `status` is a string. */
export const errorBody = ({ status, scimType, detail }: ScimProblem): string =>
  JSON.stringify({
    schemas: [ERROR_SCHEMA],
    status: String(status),
    ...(scimType === undefined ? {} : { scimType }),
    detail,
  });

/** Keywords of conflicts and bad values that are not simply invalidValue. */
const SCIM_TYPES: Partial<Record<ErrorCode, ScimType>> = {
  'user.account_type_immutable': 'mutability',
  'user.default_team_immutable': 'mutability',
  'role.inherited_permission': 'mutability',
};

/** How SCIM says what a domain rule refused. */
export function scimErrorOf(error: DomainError): ScimError {
  const { problem, headers } = describe(error);
  return new ScimError(problem, headers, error.code);
}

interface Description {
  readonly problem: ScimProblem;
  readonly headers?: Readonly<Record<string, string>>;
}

function describe(error: DomainError): Description {
  const { kind, code, detail, retryAfterSeconds } = error;
  const retryAfter = { 'Retry-After': String(retryAfterSeconds ?? RETRY_AFTER) };
  switch (kind) {
    case 'invalid':
      return { problem: badRequest(SCIM_TYPES[code] ?? 'invalidValue', detail) };
    case 'not_found':
      return { problem: { status: 404, detail } };
    case 'conflict':
      return { problem: { status: 409, scimType: 'uniqueness', detail } };
    case 'permission_denied':
      return { problem: { status: 403, detail } };
    case 'unauthenticated':
      return {
        problem: { status: 401, detail },
        headers: { 'WWW-Authenticate': 'Bearer realm="Rollcall SCIM"' },
      };
    case 'precondition_failed':
      return { problem: { status: 412, detail } };
    case 'too_large':
      return { problem: { status: 413, detail } };
    case 'rate_limited':
      return { problem: { status: 429, detail }, headers: retryAfter };
    case 'unavailable':
      return { problem: { status: 503, detail }, headers: retryAfter };
  }
}
