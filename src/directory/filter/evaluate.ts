import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.js';
import { leafOf, type AttributePath } from '../schema/index.js';
import { matchesValue } from './compare-value.js';
import type { Filter } from './filter.js';

/** The values at a path: one for each element of a multi-valued attribute, undefined where one lacks the value. */
type ReadValues = (path: AttributePath) => readonly (JsonValue | undefined)[];

/**
 * What a filter means (RFC 7644 section 3.4.2.2), over a resource in wire form and canonical spelling, with extension
 * values under their URN. Any other way to run a filter, such as SQL, must select exactly the same resources.
 *
 * A multi-valued attribute matches when some element does. `ne` also matches an absent attribute, and an element that
 * lacks the sub-attribute; `not` is plain negation, so `not (emails.value eq "x")` means that no element is x.
 */
export const evaluate = (filter: Filter, resource: JsonObject): boolean =>
  holds(filter, (path) => readResource(path, resource));

/** Whether one element of a multi-valued attribute meets the filter inside its brackets (RFC 7644 Figure 1, valFilter). */
export const matchesElement = (filter: Filter, element: JsonObject): boolean =>
  holds(filter, (path) => [path.sub ? element[path.sub.name] : element]);

function holds(filter: Filter, read: ReadValues): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.operands.every((operand) => holds(operand, read));
    case 'or':
      return filter.operands.some((operand) => holds(operand, read));
    case 'not':
      return !holds(filter.operand, read);
    case 'present':
      return read(filter.path).some(isPresent);
    case 'compare':
      return holdsComparison(filter, read(filter.path));
    case 'element':
      return read(filter.path).some((value) => isJsonObject(value) && matchesElement(filter.filter, value));
  }
}

function holdsComparison(
  { path, operator, value: literal }: Extract<Filter, { kind: 'compare' }>,
  values: readonly (JsonValue | undefined)[],
): boolean {
  if (literal === null) {
    const hasValue = values.some(isPresent);
    return operator === 'eq' ? !hasValue : operator === 'ne' && hasValue;
  }
  if (operator === 'ne' && values.length === 0) return true;
  return values.some((value) => matchesValue(value, { leaf: leafOf(path), operator, literal }));
}

function readResource(path: AttributePath, resource: JsonObject): readonly (JsonValue | undefined)[] {
  const container = path.isExtension ? resource[path.schema.id] : resource;
  const value = isJsonObject(container) ? container[path.attribute.name] : undefined;
  if (value === undefined || value === null) return [];
  const elements = Array.isArray(value) ? value : [value];
  const { sub } = path;
  return sub ? elements.map((element) => (isJsonObject(element) ? element[sub.name] : undefined)) : elements;
}

/** False for nothing, null, an empty string, and arrays and objects that hold only such (RFC 7643 section 2.5). */
function isPresent(value: JsonValue | undefined): boolean {
  if (value === undefined || value === null || value === '') return false;
  return typeof value === 'object' ? Object.values(value).some(isPresent) : true;
}
