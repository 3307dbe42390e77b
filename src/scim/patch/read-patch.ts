import type { ResourceType } from '../../directory/schema/index.js';
import type { JsonObject } from '../../kernel/json.js';
import { LIMITS } from '../../kernel/limits.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { badRequest, type ScimProblem } from '../problem.js';
import { checkSchemas, readMember } from '../resource/index.js';
import type { PatchOperation, PatchOptions } from './operation.js';
import { readOperation } from './read-operation.js';

const PATCH_OP_URN = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/**
 * Reads the body of a PATCH (RFC 7644 section 3.5.2) in every known client's dialect into operations that each have a
 * target. Nothing of the resource is looked at yet. An empty list of operations is fine for a lenient Connection,
 * because Entra is reported to send one. 413 above LIMITS.patchOperations; the detail of another problem starts with
 * the operation that has it.
 */
export function readPatch(
  type: ResourceType,
  body: JsonObject,
  options: PatchOptions,
): Result<readonly PatchOperation[], ScimProblem> {
  const problem = checkSchemas(body, { required: PATCH_OP_URN, optional: [] }, options.mode);
  if (problem) return err(problem);
  const items = readMember(body, 'Operations');
  if (!Array.isArray(items)) return err(badRequest('invalidSyntax', 'Operations must be an array.'));
  if (items.length === 0 && options.mode !== 'lenient')
    return err(badRequest('invalidSyntax', 'Operations must not be empty.'));
  if (items.length > LIMITS.patchOperations)
    return err({ status: 413, detail: `A PATCH may have at most ${LIMITS.patchOperations} operations.` });
  const operations: PatchOperation[] = [];
  for (const [index, item] of items.entries()) {
    const read = readOperation(type, item, options);
    if (!read.ok) return err({ ...read.error, detail: `Operations[${index}]: ${read.error.detail}` });
    operations.push(...read.value);
  }
  return ok(operations);
}
