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

  constructor(problem: ScimProblem, headers: Readonly<Record<string, string>> = {}) {
    super(problem.detail);
    this.name = 'ScimError';
    this.problem = problem;
    this.headers = headers;
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
  const { kind, code, detail, retryAfterSeconds } = error;
  const retryAfter = { 'Retry-After': String(retryAfterSeconds ?? RETRY_AFTER) };
  switch (kind) {
    case 'invalid':
      return new ScimError(badRequest(SCIM_TYPES[code] ?? 'invalidValue', detail));
    case 'not_found':
      return new ScimError({ status: 404, detail });
    case 'conflict':
      return new ScimError({ status: 409, scimType: 'uniqueness', detail });
    case 'permission_denied':
      return new ScimError({ status: 403, detail });
    case 'unauthenticated':
      return new ScimError({ status: 401, detail }, { 'WWW-Authenticate': 'Bearer realm="Rollcall SCIM"' });
    case 'precondition_failed':
      return new ScimError({ status: 412, detail });
    case 'too_large':
      return new ScimError({ status: 413, detail });
    case 'rate_limited':
      return new ScimError({ status: 429, detail }, retryAfter);
    case 'unavailable':
      return new ScimError({ status: 503, detail }, retryAfter);
  }
}
