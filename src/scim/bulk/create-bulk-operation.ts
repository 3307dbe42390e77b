import type { ScimError } from '../errors.js';
import type { ScimReply, ScimWriteRequest } from '../exchange.js';
import { PatchWork } from '../patch/index.js';
import { unwrap } from '../unwrap.js';
import { readBulkRequest } from './bulk-request.js';
import { renderBulkResponse } from './bulk-response.js';
import { BulkRun } from './bulk-run.js';
import type { BulkOperations } from './perform-action.js';

/**
 * `POST /Bulk` (RFC 7644 section 3.7): many operations in one request, each by the rules it has over HTTP. Answers 200
 * with the outcome of each; see BulkRun for their order.
 * @param describeError - how the error of one operation is told
 * @param charge - takes from the connection's rate limit what the operations are beyond one request; may throw
 * @throws ScimError 400 or 413, and what `charge` throws, with nothing done; DomainError database.unavailable at any point
 */
export const createBulkOperation =
  (
    operations: BulkOperations,
    describeError: (error: unknown) => ScimError,
    charge: (connectionId: string, requests: number) => void,
  ) =>
  async (request: ScimWriteRequest): Promise<ScimReply> => {
    const { connection } = request.context;
    const bulk = unwrap(readBulkRequest(request.body, connection.settings.mode));
    charge(connection.id, bulk.operations.length - 1);
    const shared = { ...request, patchWork: new PatchWork() };
    const results = await new BulkRun(bulk, shared, { operations, describeError }).run();
    const problems = results.flatMap(({ problem }) => problem ?? []);
    const [first] = problems;
    return {
      status: 200,
      body: renderBulkResponse(results),
      ...(first && {
        failedOperations: { count: problems.length, of: bulk.operations.length, first },
      }),
    };
  };
