import {
  findSubAttribute,
  leafOf,
  pathKey,
  subPath,
  type AttributePath,
} from '../../directory/schema/index.js';
import { isJsonObject, type JsonValue } from '../../kernel/json.js';
import { ok, type Result } from '../../kernel/result.js';
import { normaliseValue } from '../compat/index.js';
import type { ScimProblem } from '../problem.js';
import {
  coerceElement,
  coerceValue,
  isUnassigned,
  quoteText,
  refuseChange,
  refuseValue,
} from '../resource/index.js';
import type { PatchOperation, PatchOptions } from './operation.js';
import { invalidPath } from './patch-path.js';

type Coerced = Result<readonly PatchOperation[], ScimProblem>;

/** Whether a client may never write what the path names. */
export const isReadOnly = (path: AttributePath): boolean =>
  path.attribute.mutability === 'readOnly' || path.sub?.mutability === 'readOnly';

/**
 * Gives an operation on a writable attribute its value in canonical form. A singular complex value becomes one
 * operation per sub-attribute, which leaves the others unchanged (RFC 7644 sections 3.5.2.1 and 3.5.2.3). What is
 * accepted and not kept becomes no operation at all.
 */
export function coerceOperation(operation: PatchOperation, options: PatchOptions): Coerced {
  const { op, path, filter, value = null } = operation;
  if (op === 'remove') return coerceRemoval(operation, options);
  if (filter && !path.sub) return coerceElementOperation(operation, options);
  const normalised = normaliseValue(options.mode, path, value);
  if (isComplex(path) && isJsonObject(normalised))
    return splitByName({ ...operation, value: normalised }, options);
  const coerced = coerceValue(path, value, options);
  if (!coerced.ok) return coerced;
  return ok(isKept(path) ? [{ ...operation, value: coerced.value ?? null }] : []);
}

const isComplex = (path: AttributePath): boolean =>
  path.attribute.type === 'complex' && !path.attribute.multiValued && !path.sub;

/** False for `password`, which is accepted and dropped. */
const isKept = (path: AttributePath): boolean => leafOf(path).mutability !== 'writeOnly';

/** RFC 7644 section 3.5.2.2, and the list of elements to remove that Entra and JumpCloud send as the value. */
function coerceRemoval({ op, path, filter, value }: PatchOperation, options: PatchOptions): Coerced {
  if (leafOf(path).required) return refuseChange(path, 'is required and cannot be removed');
  if (!isKept(path)) return ok([]);
  const target = { op, path, ...(filter ? { filter } : {}) };
  const isList = path.attribute.multiValued && !path.sub && !filter;
  if (!isList || value === undefined || value === null || value === '') return ok([target]);
  const coerced = coerceValue(path, value, { ...options, isRemoval: true });
  // An empty list names nothing to remove; only no list at all means every element.
  return coerced.ok ? ok([{ ...target, value: coerced.value ?? [] }]) : coerced;
}

/** The value of a path such as `emails[type eq "work"]` is one element; a list of one is the same. */
function coerceElementOperation(operation: PatchOperation, options: PatchOptions): Coerced {
  const { path, value = null } = operation;
  if (isUnassigned(value)) return ok([{ ...operation, value: null }]);
  const [only = null, ...others]: readonly JsonValue[] = Array.isArray(value) ? value : [value];
  if (others.length > 0) return refuseValue(path, 'takes one value after a filter, not several');
  const coerced = coerceElement(path, only, options);
  if (!coerced.ok) return coerced;
  return ok(coerced.value ? [{ ...operation, value: coerced.value }] : []);
}

function splitByName(operation: PatchOperation, options: PatchOptions): Coerced {
  const { op, path, value } = operation;
  const operations: PatchOperation[] = [];
  for (const [key, member] of Object.entries(isJsonObject(value) ? value : {})) {
    const sub = findSubAttribute(path.attribute, key);
    if (!sub && options.mode !== 'lenient')
      return invalidPath(`${pathKey(path)} has no sub-attribute ${quoteText(key)}.`);
    if (!sub || sub.mutability === 'readOnly') continue;
    const coerced = coerceOperation({ op, path: subPath(path, sub), value: member ?? null }, options);
    if (!coerced.ok) return coerced;
    operations.push(...coerced.value);
  }
  return ok(operations);
}
