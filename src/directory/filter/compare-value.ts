import { compareCodePoints, foldCase } from '../../kernel/fold.js';
import type { JsonValue } from '../../kernel/json.js';
import type { Attribute } from '../schema/index.js';
import type { ComparisonOperator, FilterLiteral } from './filter.js';
import { compareInstant, parseInstant, type OrderOperator } from './instant.js';

/** One comparison of a filter, without the place where the value stands. */
export interface Comparison {
  readonly leaf: Attribute;
  readonly operator: ComparisonOperator;
  readonly literal: FilterLiteral;
}

/**
 * Whether one value meets a comparison (RFC 7644 section 3.4.2.2 Table 3). Text of attributes that are not caseExact
 * is compared folded, order is by code point, date-times compare as moments. An absent value, or one of another type
 * than the literal, meets `ne` alone.
 */
export function matchesValue(value: JsonValue | undefined, { leaf, operator, literal }: Comparison): boolean {
  if (typeof value === 'string' && typeof literal === 'string') {
    if (leaf.type === 'dateTime') return matchesMoment(value, operator, literal);
    return leaf.caseExact
      ? matchesText(value, operator, literal)
      : matchesText(foldCase(value), operator, foldCase(literal));
  }
  if (typeof value === 'number' && typeof literal === 'number')
    return isOrderOperator(operator) && matchesOrder(value - literal, operator);
  return (operator === 'eq' && value === literal) || (operator === 'ne' && value !== literal);
}

function matchesText(value: string, operator: ComparisonOperator, literal: string): boolean {
  switch (operator) {
    case 'co':
      return value.includes(literal);
    case 'sw':
      return value.startsWith(literal);
    case 'ew':
      return value.endsWith(literal);
    default:
      return matchesOrder(compareCodePoints(value, literal), operator);
  }
}

function matchesMoment(value: string, operator: ComparisonOperator, literal: string): boolean {
  const actual = parseInstant(value);
  const expected = parseInstant(literal);
  if (!actual || !expected || !isOrderOperator(operator)) return operator === 'ne';
  const comparison = compareInstant(operator, expected);
  if (comparison.kind === 'constant') return comparison.value;
  return matchesOrder(signOf(actual.micros - comparison.micros), comparison.operator);
}

/** Whether a value that differs from the literal by `difference` (only its sign counts) meets the operator. */
function matchesOrder(difference: number, operator: OrderOperator): boolean {
  switch (operator) {
    case 'eq':
      return difference === 0;
    case 'ne':
      return difference !== 0;
    case 'gt':
      return difference > 0;
    case 'ge':
      return difference >= 0;
    case 'lt':
      return difference < 0;
    case 'le':
      return difference <= 0;
  }
}

const isOrderOperator = (operator: ComparisonOperator): operator is OrderOperator =>
  operator !== 'co' && operator !== 'sw' && operator !== 'ew';

const signOf = (difference: bigint): number => (difference > 0n ? 1 : difference < 0n ? -1 : 0);
