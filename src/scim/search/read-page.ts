import type { KeysetPosition } from '../../directory/query.js';
import type { SearchPart } from './search-part.js';
import type { SearchHit } from './search-source.js';

/** A page over several resource types. */
export interface SearchPage {
  readonly items: readonly SearchHit[];
  /** How many resources match, of all types, on all pages. */
  readonly total: number;
  /** Where the next page starts; undefined on the last one. */
  readonly next: KeysetPosition | undefined;
}

/** One type after the other, each by id: the resources `offset` to `offset + limit - 1` of that sequence. */
export async function readByOffset(
  parts: readonly SearchPart[],
  { offset, limit }: { readonly offset: number; readonly limit: number },
): Promise<SearchPage> {
  const items: SearchHit[] = [];
  let total = 0;
  for (const part of parts) {
    const page = await part.list({
      kind: 'offset',
      offset: Math.max(0, offset - total),
      limit: limit - items.length,
    });
    items.push(...page.items);
    total += page.total;
  }
  return { items, total, next: undefined };
}

/**
 * The same sequence from a position on, so that changes between two pages neither repeat nor skip a resource. The
 * position is the id of the last resource, and as sort key the name of its type.
 */
export async function readAfter(
  parts: readonly SearchPart[],
  { after, limit }: { readonly after: KeysetPosition | undefined; readonly limit: number },
): Promise<SearchPage> {
  const items: SearchHit[] = [];
  const start = after ? parts.findIndex(({ type }) => type.name === after.sortKey) : 0;
  let total = 0;
  let hasMore = false;
  let lastType: string | undefined;
  for (const [index, part] of parts.entries()) {
    const open = index < start ? 0 : limit - items.length;
    if (open === 0) {
      const { total: count } = await part.list({ kind: 'offset', offset: 0, limit: 0 });
      total += count;
      hasMore ||= index >= start && count > 0;
      continue;
    }
    const page = await part.list({
      kind: 'after',
      after: after && index === start ? { id: after.id } : undefined,
      limit: open,
    });
    items.push(...page.items);
    total += page.total;
    hasMore ||= page.next !== undefined;
    if (page.items.length > 0) lastType = part.type.name;
  }
  const last = items.at(-1);
  return {
    items,
    total,
    next: hasMore && last && lastType !== undefined ? { id: last.id, sortKey: lastType } : undefined,
  };
}
