import { combineFilters, type Filter } from '../../directory/filter/index.js';
import { RESOURCE_TYPES, type AttributePath, type ResourceType } from '../../directory/schema/index.js';
import { ok, type Result } from '../../kernel/result.js';
import { parseFilter, type FilterOptions, type FilterProblem } from '../filter/index.js';

/**
 * What a filter over several resource types means for one of them (RFC 7644 section 3.4.2.1): an attribute that the
 * type does not have counts as one without a value. True or false when that alone decides for all its resources.
 */
export function narrowFilter(
  type: ResourceType,
  text: string,
  options: FilterOptions,
): Result<Filter | boolean, FilterProblem> {
  const parsed = parseFilter(widened.get(type) ?? type, text, options);
  return parsed.ok ? ok(narrow(parsed.value, type)) : parsed;
}

/** Each type with the attributes of all others behind its own, so that a filter can name them. */
const widened: ReadonlyMap<ResourceType, ResourceType> = new Map(
  RESOURCE_TYPES.map((type) => {
    const others = RESOURCE_TYPES.filter((other) => other !== type);
    const foreign = others.flatMap((other) => [other.schema, ...other.extensions]);
    return [type, { ...type, extensions: [...type.extensions, ...foreign] }];
  }),
);

function narrow(filter: Filter, type: ResourceType): Filter | boolean {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return narrowJoined(filter, type);
    case 'not': {
      const operand = narrow(filter.operand, type);
      return typeof operand === 'boolean' ? !operand : { kind: 'not', operand };
    }
    case 'compare':
      return hasAttribute(type, filter.path) ? filter : filter.operator === 'ne';
    case 'present':
    case 'element':
      return hasAttribute(type, filter.path) && filter;
  }
}

function narrowJoined(
  { kind, operands }: Extract<Filter, { kind: 'and' | 'or' }>,
  type: ResourceType,
): Filter | boolean {
  const decisive = kind === 'or';
  const open: Filter[] = [];
  for (const operand of operands) {
    const narrowed = narrow(operand, type);
    if (narrowed === decisive) return decisive;
    if (typeof narrowed !== 'boolean') open.push(narrowed);
  }
  const [first, ...rest] = open;
  return first === undefined ? !decisive : combineFilters(kind, [first, ...rest]);
}

const hasAttribute = (type: ResourceType, { schema }: AttributePath): boolean =>
  schema === type.schema || type.extensions.includes(schema);
