import type { Filter } from './filter.js';

/**
 * Joins filters by `and` or `or` in canonical form: a joined filter of the same kind is taken apart, and one filter
 * alone stays as it is, so that filters that differ only in parentheses are deeply equal.
 */
export function combineFilters(kind: 'and' | 'or', filters: readonly [Filter, ...Filter[]]): Filter {
  if (filters.length === 1) return filters[0];
  return { kind, operands: filters.flatMap((filter) => (filter.kind === kind ? filter.operands : [filter])) };
}
