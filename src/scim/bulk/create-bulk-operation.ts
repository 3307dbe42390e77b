import type { ScimError } from '../errors.js';
import type { ScimReply, ScimWriteRequest } from '../exchange.js';
import { unwrap } from '../unwrap.js';
import { readBulkRequest } from './bulk-request.js';
import { renderBulkResponse } from './bulk-response.js';
import { BulkRun } from './bulk-run.js';
import type { BulkOperations } from './perform-action.js';

/**
 * `POST /Bulk` (RFC 7644 section 3.7): many operations in one request, each by the rules it has over HTTP. Answers 200
 * with the outcome of each; see BulkRun for their order.
 * @param describeError - how the error of one operation is told
 * @throws ScimError 400 or 413, with nothing done; DomainError database.unavailable at any point
 */
export const createBulkOperation =
  (operations: BulkOperations, describeError: (error: unknown) => ScimError) =>
  async (request: ScimWriteRequest): Promise<ScimReply> => {
    const bulk = unwrap(readBulkRequest(request.body, request.context.connection.settings.mode));
    const results = await new BulkRun(bulk, request, { operations, describeError }).run();
    return { status: 200, body: renderBulkResponse(results) };
  };
