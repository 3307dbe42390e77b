import type { ListQuery } from '../query.js';

/**
 * The name in a filter that is exactly `userName eq "…"`, asked for its first page: what IdPs ask before every create.
 * At most one user has it, found by an index.
 */
export function matchedUserName({ filter, window }: ListQuery): string | undefined {
  if (filter?.kind !== 'compare' || filter.operator !== 'eq' || typeof filter.value !== 'string')
    return undefined;
  if (filter.path.attribute.name !== 'userName' || window.limit === 0) return undefined;
  const isFirst = window.kind === 'offset' ? window.offset === 0 : window.after === undefined;
  return isFirst ? filter.value : undefined;
}
