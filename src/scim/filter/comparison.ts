import type { ComparisonOperator, Filter, FilterLiteral } from '../../directory/filter/index.js';
import { leafOf, pathKey, type AttributePath, type AttributeType } from '../../directory/schema/index.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { parseSubAttribute } from './attribute-path.js';
import { fitLiteral } from './literal.js';
import { invalidFilter, type FilterProblem } from './problem.js';

const OPERATORS: ReadonlySet<string> = new Set(['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le']);

/** True for a comparison operator in lower case (RFC 7644 section 3.4.2.2 Table 3, without `pr`). */
export const isComparisonOperator = (word: string): word is ComparisonOperator => OPERATORS.has(word);

/** A comparison as it was written, with the attribute resolved. */
export interface WrittenComparison {
  readonly path: AttributePath;
  readonly operator: ComparisonOperator;
  readonly literal: FilterLiteral;
}

/**
 * Gives a comparison its meaning: a complex attribute is compared by its `value` (RFC 7644 section 3.4.2.2), `eq null`
 * is absence and `ne null` is presence. Combinations of attribute, operator and literal that have no meaning are
 * refused as invalidFilter (RFC 7644 section 3.12 Table 9).
 */
export function buildComparison(
  { path, operator, literal }: WrittenComparison,
  isLenient: boolean,
): Result<Filter, FilterProblem> {
  if (literal === null) return buildNullComparison(path, operator);
  const compared = leafOf(path).type === 'complex' ? parseSubAttribute(path, 'value') : path;
  if (!compared)
    return err(
      invalidFilter(`${pathKey(path)} is complex and has no value; name one of its sub-attributes.`),
    );
  const { type } = leafOf(compared);
  if (!hasOperator(type, operator))
    return err(
      invalidFilter(`${operator} cannot be used with ${pathKey(compared)}, which is of type ${type}.`),
    );
  const value = fitLiteral(literal, type, isLenient);
  if (value === undefined)
    return err(
      invalidFilter(`${pathKey(compared)} is of type ${type} and cannot be compared with this value.`),
    );
  return ok({ kind: 'compare', path: compared, operator, value });
}

function buildNullComparison(
  path: AttributePath,
  operator: ComparisonOperator,
): Result<Filter, FilterProblem> {
  const present: Filter = { kind: 'present', path };
  if (operator === 'eq') return ok({ kind: 'not', operand: present });
  if (operator === 'ne') return ok(present);
  return err(invalidFilter(`${pathKey(path)} can be compared with null by eq and ne alone.`));
}

/** RFC 7644 section 3.4.2.2 Table 3: order has no meaning on boolean and binary, and parts only texts have. */
function hasOperator(type: AttributeType, operator: ComparisonOperator): boolean {
  switch (operator) {
    case 'eq':
    case 'ne':
      return true;
    case 'co':
    case 'sw':
    case 'ew':
      return type === 'string' || type === 'reference';
    case 'gt':
    case 'ge':
    case 'lt':
    case 'le':
      return type !== 'boolean' && type !== 'binary';
  }
}
