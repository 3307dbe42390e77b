import type { ConnectionMode } from '../../directory/connections/connection.js';
import type { JsonObject, JsonValue } from '../../kernel/json.js';
import { LIMITS } from '../../kernel/limits.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { badRequest, type ScimProblem } from '../problem.js';
import { checkSchemas, quoteText, readMember } from '../resource/index.js';
import { readBulkOperation, type BulkOperation } from './bulk-operation.js';

const BULK_REQUEST_URN = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';

export interface BulkRequest {
  /** Errors after which nothing more is done; Infinity when the client set no number. */
  readonly failOnErrors: number;
  readonly operations: readonly BulkOperation[];
}

/**
 * Reads a BulkRequest (RFC 7644 section 3.7) before anything of it is done. 413 above LIMITS.bulkOperations, naming
 * the limits (section 3.7.4); 400 invalidSyntax or invalidValue for a message that cannot be followed as a whole.
 */
export function readBulkRequest(body: JsonObject, mode: ConnectionMode): Result<BulkRequest, ScimProblem> {
  const problem = checkSchemas(body, { required: BULK_REQUEST_URN, optional: [] }, mode);
  if (problem) return err(problem);
  const items = readMember(body, 'Operations');
  if (!Array.isArray(items)) return err(badRequest('invalidSyntax', 'Operations must be an array.'));
  if (items.length > LIMITS.bulkOperations) return err(tooLarge);
  const failOnErrors = readMember(body, 'failOnErrors') ?? Infinity;
  if (typeof failOnErrors !== 'number' || !isCount(failOnErrors))
    return err(badRequest('invalidValue', 'failOnErrors must be an integer of 1 or more.'));
  const operations = readOperations(items);
  return operations.ok ? ok({ failOnErrors, operations: operations.value }) : operations;
}

function readOperations(items: readonly JsonValue[]): Result<readonly BulkOperation[], ScimProblem> {
  const operations: BulkOperation[] = [];
  const bulkIds = new Set<string>();
  for (const [index, item] of items.entries()) {
    const operation = readBulkOperation(item, index);
    if (!operation.ok) return operation;
    const { bulkId } = operation.value;
    if (bulkId !== undefined && bulkIds.has(bulkId))
      return err(badRequest('invalidValue', `The bulkId ${quoteText(bulkId)} is given twice.`));
    if (bulkId !== undefined) bulkIds.add(bulkId);
    operations.push(operation.value);
  }
  return ok(operations);
}

const isCount = (value: number): boolean => value === Infinity || (Number.isSafeInteger(value) && value >= 1);

const tooLarge: ScimProblem = {
  status: 413,
  detail:
    `A Bulk request may have at most ${LIMITS.bulkOperations} operations (maxOperations) ` +
    `and ${LIMITS.bodyBytes} bytes (maxPayloadSize). Nothing was done.`,
};
