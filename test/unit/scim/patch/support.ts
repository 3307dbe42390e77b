import type { ConnectionMode } from '../../../../src/directory/connections/connection.js';
import { pathKey, USER_TYPE, type ResourceType } from '../../../../src/directory/schema/index.js';
import type { JsonObject, JsonValue } from '../../../../src/kernel/json.js';
import type { Result } from '../../../../src/kernel/result.js';
import { applyPatch, readPatch, type PatchOperation } from '../../../../src/scim/patch/index.js';
import type { ScimProblem } from '../../../../src/scim/problem.js';

export const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

export interface Setting {
  readonly type?: ResourceType;
  readonly mode?: ConnectionMode;
}

/** Reads operations wrapped in a PatchOp message. */
export const readOperations = (
  operations: readonly JsonValue[],
  { type = USER_TYPE, mode = 'lenient' }: Setting = {},
): Result<readonly PatchOperation[], ScimProblem> =>
  readPatch(type, { schemas: [PATCH_OP], Operations: [...operations] }, { mode });

/** Reads and applies operations. */
export function patch(
  resource: JsonObject,
  operations: readonly JsonValue[],
  setting: Setting = {},
): Result<JsonObject, ScimProblem> {
  const { type = USER_TYPE, mode = 'lenient' } = setting;
  const read = readOperations(operations, setting);
  return read.ok ? applyPatch(type, resource, read.value, { mode }) : read;
}

/** The operations as texts, for comparisons that a reader can follow. */
export function describeOperations(result: Result<readonly PatchOperation[], ScimProblem>): JsonValue {
  if (!result.ok) return { refused: result.error.scimType ?? result.error.status };
  return result.value.map(({ op, path, filter, value }) =>
    [
      op,
      `${pathKey(path)}${filter ? ' [filter]' : ''}`,
      ...(value === undefined ? [] : [JSON.stringify(value)]),
    ].join(' '),
  );
}

/** The resource, or the error keyword. */
export const outcomeOf = (result: Result<JsonObject, ScimProblem>): JsonObject =>
  result.ok ? result.value : { refused: result.error.scimType ?? result.error.status };

/** The operations of a message, or a thrown error. */
export function requireOperations(
  result: Result<readonly PatchOperation[], ScimProblem>,
): readonly PatchOperation[] {
  if (!result.ok) throw new Error(result.error.detail);
  return result.value;
}
