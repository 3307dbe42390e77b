import type { ResourceType } from '../../directory/schema/index.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.js';
import { ok, type Result } from '../../kernel/result.js';
import type { ScimProblem } from '../problem.js';
import { isSameValue, readAttribute, refuseChange, withAttribute, withMember } from '../resource/index.js';
import { applyToList, listElements } from './apply-to-list.js';
import type { PatchOperation, PatchOptions } from './operation.js';
import { PatchWork } from './patch-work.js';

/**
 * Applies a PATCH to a resource in canonical form (RFC 7644 section 3.5.2): in order, each operation on the result of
 * the one before, all or nothing. The input is never changed, and the result is deeply equal to it when nothing
 * changed. 400 noTarget, mutability or invalidValue, or 413. Group members and team roles are not part of the resource; see
 * splitGroupOperations and splitUserOperations.
 * @param work - what other PATCHes of the same request have used up already
 */
export function applyPatch(
  type: ResourceType,
  resource: JsonObject,
  operations: readonly PatchOperation[],
  options: PatchOptions,
  work = new PatchWork(),
): Result<JsonObject, ScimProblem> {
  const context: PatchContext = { ...options, work };
  let current = resource;
  for (const operation of operations) {
    const applied = applyOperation(current, operation, context);
    if (!applied.ok) return applied;
    current = applied.value;
  }
  return ok(dropEmptyExtensions(type, current));
}

interface PatchContext extends PatchOptions {
  readonly work: PatchWork;
}

function applyOperation(
  resource: JsonObject,
  operation: PatchOperation,
  context: PatchContext,
): Result<JsonObject, ScimProblem> {
  const { path } = operation;
  const before = readAttribute(resource, path);
  if (!path.attribute.multiValued) {
    const after = applyToSingular(before, operation);
    if (path.attribute.mutability !== 'immutable' || before === undefined)
      return ok(withAttribute(resource, path, after));
    // RFC 7644 section 3.5.2: what is immutable may be set when it has no value, and set again to the same.
    return isSameValue(path.attribute, before, after)
      ? ok(resource)
      : refuseChange(path, 'cannot be changed once it is set');
  }
  const elements = listElements(before);
  const admitted = context.work.admit(elements, operation);
  if (!admitted.ok) return admitted;
  const after = applyToList(elements, operation, context);
  if (!after.ok) return after;
  return ok(withAttribute(resource, path, after.value.length > 0 ? [...after.value] : undefined));
}

function applyToSingular(
  before: JsonValue | undefined,
  { op, path, value }: PatchOperation,
): JsonValue | undefined {
  const next = op === 'remove' ? undefined : (value ?? undefined);
  if (!path.sub) return next;
  const complex = withMember(isJsonObject(before) ? before : {}, path.sub.name, next);
  return Object.keys(complex).length > 0 ? complex : undefined;
}

function dropEmptyExtensions(type: ResourceType, resource: JsonObject): JsonObject {
  return type.extensions.reduce((current, { id }) => {
    const extension = current[id];
    const isEmpty = isJsonObject(extension) && Object.keys(extension).length === 0;
    return isEmpty ? withMember(current, id, undefined) : current;
  }, resource);
}
