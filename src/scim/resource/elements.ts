import type { Attribute } from '../../directory/schema/index.js';
import { foldCase } from '../../kernel/fold.js';
import type { JsonObject, JsonValue } from '../../kernel/json.js';

/**
 * A text that is equal for elements with the same full value (RFC 7644 section 3.5.2.1). What the server keeps
 * itself does not count, and `primary: false` equals no `primary` (RFC 7643 section 2.4).
 */
export function fullValueKey(attribute: Attribute, element: JsonObject): string {
  const parts: JsonValue[] = [];
  for (const sub of attribute.subAttributes) {
    const value = element[sub.name];
    const isImplied = value === undefined || (sub.name === 'primary' && value === false);
    if (sub.mutability !== 'readOnly' && !isImplied) parts.push(sub.name, value);
  }
  return JSON.stringify(parts);
}

/** The elements by full value, in order, without those that repeat an earlier one. */
export function indexElements(
  attribute: Attribute,
  elements: readonly JsonObject[],
): ReadonlyMap<string, JsonObject> {
  const byKey = new Map<string, JsonObject>();
  for (const element of elements) {
    const key = fullValueKey(attribute, element);
    if (!byKey.has(key)) byKey.set(key, element);
  }
  return byKey;
}

/** Whether two values of an attribute are equal, by its caseExact (RFC 7643 section 2.2). */
export function isSameValue(
  attribute: Attribute,
  left: JsonValue | undefined,
  right: JsonValue | undefined,
): boolean {
  if (typeof left !== 'string' || typeof right !== 'string' || attribute.caseExact) return left === right;
  return foldCase(left) === foldCase(right);
}
