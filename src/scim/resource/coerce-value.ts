import { findSubAttribute, leafOf, subPath, type AttributePath } from '../../directory/schema/index.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.js';
import { LIMITS } from '../../kernel/limits.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { normaliseValue } from '../compat/index.js';
import { badRequest, type ScimProblem } from '../problem.js';
import { coerceLeaf } from './coerce-leaf.js';
import { coerceMember, isMembers, type CoerceOptions } from './coerce-member.js';
import { indexElements } from './elements.js';
import { quoteText, refuseValue } from './problems.js';

/**
 * True for null and `[]` (RFC 7643 section 2.5), and for `""`, by which Entra clears an attribute (Microsoft, "SCIM
 * gallery requirements").
 */
export const isUnassigned = (value: JsonValue | undefined): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

/**
 * Reads the value of an attribute or sub-attribute into canonical form: canonical spelling of names and closed sets,
 * multi-valued attributes as arrays without duplicates, no readOnly sub-attributes and no unassigned ones. Undefined
 * when the attribute is left unassigned. 400 invalidValue names the attribute; an unknown sub-attribute is ignored
 * for a lenient Connection and 400 invalidSyntax for the others.
 */
export function coerceValue(
  path: AttributePath,
  value: JsonValue,
  options: CoerceOptions,
): Result<JsonValue | undefined, ScimProblem> {
  const isList = path.attribute.multiValued && !path.sub;
  const coerced = isList ? coerceList(path, value, options) : coerceSingle(path, value, options);
  if (coerced.ok && coerced.value === undefined && leafOf(path).required)
    return refuseValue(path, 'is required and cannot be empty');
  return coerced;
}

/** Reads one element of a multi-valued complex attribute; undefined when it holds nothing. Errors as coerceValue. */
export function coerceElement(
  path: AttributePath,
  value: JsonValue,
  options: CoerceOptions,
): Result<JsonObject | undefined, ScimProblem> {
  return isMembers(path) ? coerceMember(path, value, options) : coerceComplex(path, value, options);
}

function coerceList(
  path: AttributePath,
  value: JsonValue,
  options: CoerceOptions,
): Result<JsonValue | undefined, ScimProblem> {
  if (isUnassigned(value)) return ok(undefined);
  const items = Array.isArray(value) ? value : [value];
  if (!isMembers(path) && items.length > LIMITS.valuesPerAttribute) return refuseCount(path);
  const elements: JsonObject[] = [];
  for (const item of items) {
    if (item === null) return refuseValue(path, 'holds null in its list');
    const element = coerceElement(path, item, options);
    if (!element.ok) return element;
    if (element.value) elements.push(element.value);
  }
  if (elements.length === 0) return ok(undefined);
  if (options.isRemoval) return ok(elements);
  const distinct = elements.length === 1 ? elements : [...indexElements(path.attribute, elements).values()];
  return countPrimaries(distinct) > 1 ? refusePrimaries(path) : ok(distinct);
}

/** 400 for more elements than LIMITS.valuesPerAttribute. */
export const refuseCount = (path: AttributePath): ReturnType<typeof refuseValue> =>
  refuseValue(path, `has more than ${LIMITS.valuesPerAttribute} values`);

/** 400 for a request that makes more than one element primary (RFC 7643 section 2.4). */
export const refusePrimaries = (path: AttributePath): ReturnType<typeof refuseValue> =>
  refuseValue(path, 'has more than one primary value');

const countPrimaries = (elements: readonly JsonObject[]): number =>
  elements.filter((element) => element['primary'] === true).length;

function coerceSingle(
  path: AttributePath,
  raw: JsonValue,
  options: CoerceOptions,
): Result<JsonValue | undefined, ScimProblem> {
  if (leafOf(path).type === 'complex') return coerceComplex(path, raw, options);
  const value = normaliseValue(options.mode, path, raw);
  return isUnassigned(value) ? ok(undefined) : coerceLeaf(path, value);
}

function coerceComplex(
  path: AttributePath,
  raw: JsonValue,
  options: CoerceOptions,
): Result<JsonObject | undefined, ScimProblem> {
  const value = normaliseValue(options.mode, path, raw);
  if (isUnassigned(value)) return ok(undefined);
  if (!isJsonObject(value)) return refuseValue(path, 'must be an object');
  const result: JsonObject = {};
  for (const [key, member] of Object.entries(value)) {
    const sub = findSubAttribute(path.attribute, key);
    if (!sub && options.mode !== 'lenient') return err(unknownSubAttribute(path, key));
    if (!sub || sub.mutability === 'readOnly') continue;
    const coerced = coerceValue(subPath(path, sub), member ?? null, options);
    if (!coerced.ok) return coerced;
    if (coerced.value !== undefined) result[sub.name] = coerced.value;
  }
  return ok(Object.keys(result).length > 0 ? result : undefined);
}

const unknownSubAttribute = (path: AttributePath, key: string): ScimProblem =>
  badRequest('invalidSyntax', `${path.attribute.name} has no sub-attribute ${quoteText(key)}.`);
