export { combineFilters } from './combine.js';
export { evaluate, matchesElement } from './evaluate.js';
export type { ComparisonOperator, Filter, FilterLiteral } from './filter.js';
export {
  compareInstant,
  parseInstant,
  type InstantComparison,
  type OrderOperator,
  type ParsedInstant,
} from './instant.js';
