import type { Filter } from '../../directory/filter/index.js';
import { pathKey, type AttributePath } from '../../directory/schema/index.js';

type NamePath = (path: AttributePath) => string;

/**
 * Writes a filter in the grammar of RFC 7644 section 3.4.2.2, with canonical names, lower-case operators and only the
 * parentheses it needs. Parsing the text gives the same filter back, if it is in the form the parser makes: `and` and
 * `or` with two operands or more, none of their own kind, and presence instead of comparisons with null.
 */
export const printFilter = (filter: Filter): string => print(filter, pathKey);

/** Inside brackets, names are relative to the element. */
const nameInElement: NamePath = (path) => path.sub?.name ?? path.attribute.name;

function print(filter: Filter, nameOf: NamePath): string {
  switch (filter.kind) {
    case 'and':
      return filter.operands.map((operand) => printOperandOfAnd(operand, nameOf)).join(' and ');
    case 'or':
      return filter.operands.map((operand) => print(operand, nameOf)).join(' or ');
    case 'not':
      return `not (${print(filter.operand, nameOf)})`;
    case 'present':
      return `${nameOf(filter.path)} pr`;
    case 'compare':
      return `${nameOf(filter.path)} ${filter.operator} ${JSON.stringify(filter.value)}`;
    case 'element':
      return `${nameOf(filter.path)}[${print(filter.filter, nameInElement)}]`;
  }
}

const printOperandOfAnd = (filter: Filter, nameOf: NamePath): string =>
  filter.kind === 'or' ? `(${print(filter, nameOf)})` : print(filter, nameOf);
