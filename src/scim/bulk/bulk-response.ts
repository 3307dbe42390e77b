import { errorBody } from '../errors.js';
import type { ScimProblem } from '../problem.js';

const BULK_RESPONSE_URN = 'urn:ietf:params:scim:api:messages:2.0:BulkResponse';

/** What became of one operation. */
export interface BulkResult {
  readonly method: string;
  readonly bulkId: string | undefined;
  /** HTTP status code. */
  readonly status: number;
  /** Undefined for a failed POST, and where no resource can be told from the path. */
  readonly location: string | undefined;
  /** ETag. */
  readonly version: string | undefined;
  readonly problem?: ScimProblem;
}

/** A BulkResponse (RFC 7644 section 3.7.3): `status` is a string, and only an error carries a `response`. */
export const renderBulkResponse = (results: readonly BulkResult[]): string =>
  `{"schemas":["${BULK_RESPONSE_URN}"],"Operations":[${results.map(renderResult).join(',')}]}`;

function renderResult({ method, bulkId, status, location, version, problem }: BulkResult): string {
  const members = JSON.stringify({ method, bulkId, location, version, status: String(status) });
  return problem ? `${members.slice(0, -1)},"response":${errorBody(problem)}}` : members;
}
