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
 * Restores the rules of a multi-valued attribute after a write: elements with the same full value become one (RFC
 * 7644 section 3.5.2.1), and a new primary element makes the others not primary (section 3.5.2). 400 invalidValue
 * for two new primary elements or more elements than LIMITS.valuesPerAttribute.
 */
export function settleElements(
  path: AttributePath,
  { elements, written }: WrittenElements,
): Result<readonly JsonObject[], ScimProblem> {
  const { attribute } = path;
  const byKey = indexElements(attribute, elements);
  if (byKey.size > LIMITS.valuesPerAttribute && !isMembers(path)) return refuseCount(path);
  const primaries = new Set(
    written
      .filter((element) => element['primary'] === true)
      .map((element) => fullValueKey(attribute, element)),
  );
  if (primaries.size > 1) return refusePrimaries(path);
  if (primaries.size === 0) return ok([...byKey.values()]);
  return ok(
    [...byKey].map(([key, element]) =>
      element['primary'] === true && !primaries.has(key) ? { ...element, primary: false } : element,
    ),
  );
}
