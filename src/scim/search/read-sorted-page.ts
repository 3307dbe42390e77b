import { ScimError } from '../errors.js';
import { badRequest } from '../problem.js';
import type { SearchPage } from './read-page.js';
import type { SearchPart } from './search-part.js';
import type { SearchHit } from './search-source.js';
import { compareSortKeys, sortKeyOf, type SortKey } from './sort-key.js';

/** How far into a sorted search a page may reach: so many resources of each type are read for it. */
const MAX_DEPTH = 10_000;

const TOO_DEEP = badRequest(
  'tooMany',
  `A sorted search over several resource types reaches ${MAX_DEPTH} resources; use a narrower filter, or search one type.`,
);

/**
 * A page of a sorted search (RFC 7644 section 3.4.2.3): each type comes sorted from the database, and the sorted lists
 * are merged; equal resources come by type. With a cursor, the position of the next page is an offset too.
 * @throws ScimError 400 tooMany beyond 10,000 resources
 */
export async function readSortedPage(
  parts: readonly SearchPart[],
  { offset, limit }: { readonly offset: number; readonly limit: number },
): Promise<SearchPage> {
  const depth = limit === 0 ? 0 : offset + limit;
  if (depth > MAX_DEPTH) throw new ScimError(TOO_DEEP);
  const lists: SortedList[] = [];
  let total = 0;
  for (const part of parts) {
    const page = await part.list({ kind: 'offset', offset: 0, limit: depth });
    lists.push(new SortedList(part, page.items));
    total += page.total;
  }
  const descending = parts.some(({ sort }) => sort?.descending);
  const items = mergeSorted(lists, depth, descending).slice(offset);
  const last = items.at(-1);
  const end = offset + items.length;
  return { items, total, next: last && end < total ? { id: last.id, sortKey: end } : undefined };
}

/** The resources of one type that are not merged yet. Only the first one's key is ever looked at. */
class SortedList {
  readonly #part: SearchPart;
  readonly #hits: readonly SearchHit[];
  #position = 0;
  #key: SortKey;

  constructor(part: SearchPart, hits: readonly SearchHit[]) {
    this.#part = part;
    this.#hits = hits;
    this.#readKey();
  }

  get first(): SearchHit | undefined {
    return this.#hits[this.#position];
  }

  get key(): SortKey {
    return this.#key;
  }

  advance(): void {
    this.#position += 1;
    this.#readKey();
  }

  #readKey(): void {
    const { sort } = this.#part;
    this.#key = sort && this.first ? sortKeyOf(this.first.toDocument(), sort.path) : undefined;
  }
}

function mergeSorted(lists: readonly SortedList[], limit: number, descending: boolean): readonly SearchHit[] {
  const merged: SearchHit[] = [];
  while (merged.length < limit) {
    let next: SortedList | undefined;
    for (const list of lists)
      if (list.first && (!next || compareSortKeys(list.key, next.key, descending) < 0)) next = list;
    if (!next?.first) break;
    merged.push(next.first);
    next.advance();
  }
  return merged;
}
