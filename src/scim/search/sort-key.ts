import { leafOf, type AttributePath } from '../../directory/schema/index.js';
import { compareCodePoints, foldCase } from '../../kernel/fold.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.js';

/** What a resource is ordered by; undefined when it has no such value. */
export type SortKey = string | number | undefined;

/**
 * The sort key of a resource in wire form, as the database has it (RFC 7644 section 3.4.2.3): the primary element of a
 * multi-valued attribute, else the first; text folded unless caseExact.
 */
export function sortKeyOf(resource: JsonObject, path: AttributePath): SortKey {
  const container = path.isExtension ? resource[path.schema.id] : resource;
  const value = isJsonObject(container) ? container[path.attribute.name] : undefined;
  const element = Array.isArray(value) ? (value.find(isPrimary) ?? value[0]) : value;
  const leaf = path.sub && isJsonObject(element) ? element[path.sub.name] : element;
  if (typeof leaf === 'string') return leafOf(path).caseExact ? leaf : foldCase(leaf);
  if (typeof leaf === 'boolean') return Number(leaf);
  return typeof leaf === 'number' ? leaf : undefined;
}

const isPrimary = (element: JsonValue): boolean => isJsonObject(element) && element['primary'] === true;

/** Below 0 when `a` comes first. A missing key comes last when ascending and first when descending. */
export function compareSortKeys(a: SortKey, b: SortKey, descending: boolean): number {
  const order = compareAscending(a, b);
  return descending ? -order : order;
}

function compareAscending(a: SortKey, b: SortKey): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return compareCodePoints(String(a), String(b));
}
