import type { AttributePath } from '../../directory/schema/index.js';
import type { JsonObject } from '../../kernel/json.js';
import { LIMITS } from '../../kernel/limits.js';
import { ok, type Result } from '../../kernel/result.js';
import type { ScimProblem } from '../problem.js';
import { fullValueKey, indexElements, isMembers, refuseCount, refusePrimaries } from '../resource/index.js';

export interface WrittenElements {
  readonly elements: readonly JsonObject[];
  /** Those of `elements` that the operation wrote. */
  readonly written: readonly JsonObject[];
}

/**
 * Restores the rules of a multi-valued attribute after a write: a new primary element makes the others not primary
 * (RFC 7644 section 3.5.2), and elements with the same full value become one (section 3.5.2.1). 400 invalidValue for
 * two new primary elements or more elements than LIMITS.valuesPerAttribute.
 */
export function settleElements(
  path: AttributePath,
  { elements, written }: WrittenElements,
): Result<readonly JsonObject[], ScimProblem> {
  const { attribute } = path;
  const primaries = new Set(written.filter(isPrimary).map((element) => fullValueKey(attribute, element)));
  if (primaries.size > 1) return refusePrimaries(path);
  const isDemoted = (element: JsonObject): boolean =>
    primaries.size > 0 && isPrimary(element) && !primaries.has(fullValueKey(attribute, element));
  const settled = elements.map((element) => (isDemoted(element) ? { ...element, primary: false } : element));
  const distinct = [...indexElements(attribute, settled).values()];
  return distinct.length > LIMITS.valuesPerAttribute && !isMembers(path) ? refuseCount(path) : ok(distinct);
}

const isPrimary = (element: JsonObject): boolean => element['primary'] === true;
