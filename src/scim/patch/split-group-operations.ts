import type { Filter } from '../../directory/filter/index.js';
import type { JsonObject, JsonValue } from '../../kernel/json.js';
import { isJsonObject } from '../../kernel/json.js';
import { ok, type Result } from '../../kernel/result.js';
import type { ScimProblem } from '../problem.js';
import { isMembers, refuseChange } from '../resource/index.js';
import type { PatchOperation } from './operation.js';

/** A change of the members of a group. `ids` are as the client sent them, without duplicates. */
export type MemberChange =
  | { readonly kind: 'add' | 'remove' | 'replace'; readonly ids: readonly string[] }
  | { readonly kind: 'removeWhere'; readonly filter: Filter };

export interface GroupPatch {
  readonly attributes: readonly PatchOperation[];
  /** In the order of the request; changes of members and of attributes do not see each other. */
  readonly members: readonly MemberChange[];
}

/**
 * Takes the operations on `members` out of a PATCH of a group, so that a group with a hundred thousand members is
 * changed without being read. An absent member may be removed and an existing one added (RFC 7644 section 3.5.2).
 * 400 mutability for a change within a member: `value`, `$ref` and `type` are immutable (RFC 7643 section 4.2).
 */
export function splitGroupOperations(operations: readonly PatchOperation[]): Result<GroupPatch, ScimProblem> {
  const attributes: PatchOperation[] = [];
  const members: MemberChange[] = [];
  for (const operation of operations) {
    if (!isMembers(operation.path)) {
      attributes.push(operation);
      continue;
    }
    const change =
      operation.filter || operation.path.sub ? readSelected(operation) : ok(readWhole(operation));
    if (!change.ok) return change;
    if (change.value) members.push(change.value);
  }
  return ok({ attributes, members });
}

/** An operation on `members` as a list; undefined when it names nobody and so changes nothing. */
function readWhole({ op, value }: PatchOperation): MemberChange | undefined {
  if (op === 'replace' || value === undefined) return { kind: 'replace', ids: readIds(value) };
  const ids = readIds(value);
  return ids.length > 0 ? { kind: op, ids } : undefined;
}

/** An operation on `members[filter]` or on a sub-attribute. */
function readSelected(operation: PatchOperation): Result<MemberChange | undefined, ScimProblem> {
  const { op, path, filter, value } = operation;
  const ids = filter && readNamedIds(filter);
  if (!path.sub && filter && (op === 'remove' || (op === 'replace' && value === null)))
    return ok(ids ? { kind: 'remove', ids } : { kind: 'removeWhere', filter });
  if (op === 'add' && !path.sub && value === null) return ok(undefined);
  if (op === 'add' && ids?.length === 1 && readWrittenId(operation) === ids[0])
    return ok({ kind: 'add', ids });
  return refuseChange(path, 'cannot be changed within a member; remove the member and add another');
}

/** The id that `members[…]` or `members[…].value` is to have. */
function readWrittenId({ path, value = null }: PatchOperation): JsonValue | undefined {
  if (path.sub) return path.sub.name === 'value' ? value : undefined;
  return isJsonObject(value) ? value['value'] : undefined;
}

/** The ids in a filter that does nothing but name members: `value eq "a"`, also joined by `or`. */
function readNamedIds(filter: Filter): readonly string[] | undefined {
  if (filter.kind === 'or') {
    const named = filter.operands.map(readNamedIds);
    return named.every((ids) => ids !== undefined) ? [...new Set(named.flat())] : undefined;
  }
  const isId = filter.kind === 'compare' && filter.operator === 'eq' && filter.path.sub?.name === 'value';
  return isId && typeof filter.value === 'string' ? [filter.value] : undefined;
}

function readIds(value: JsonValue | undefined): readonly string[] {
  const elements = Array.isArray(value) ? (value as readonly JsonObject[]) : [];
  return [...new Set(elements.map((element) => element['value']))].filter((id) => typeof id === 'string');
}
