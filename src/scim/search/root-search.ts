import type { ScimReply, ScimRequest } from '../exchange.js';
import type { CursorCodec } from '../list/cursor.js';
import { pageRequestOf, type ListParameters, type PageRequest } from '../list/list-request.js';
import { streamList } from '../list/list-response.js';
import { cursorScope } from '../list/run-list.js';
import { unwrap } from '../unwrap.js';
import { readAfter, readByOffset, type SearchPage } from './read-page.js';
import { readSortedPage } from './read-sorted-page.js';
import { planSearch, type SearchPart } from './search-part.js';
import { createSearchSources, type SearchSourceDependencies } from './search-source.js';

export interface RootSearchDependencies extends SearchSourceDependencies {
  readonly cursors: CursorCodec;
}

/** Stands for the root where a list has the path of its resource type. */
const ROOT = '/';

/**
 * `POST /.search` and `GET /` (RFC 7644 sections 3.4.2.1 and 3.4.3): one query over users, groups and roles, in this
 * order and each by id, or sorted across types. Filter and projection mean for each type what they can mean there.
 * @throws ScimError 400 with the keyword of what is wrong, 403 sensitive
 */
export function createRootSearch({
  cursors,
  ...dependencies
}: RootSearchDependencies): (request: ScimRequest, parameters: ListParameters) => Promise<ScimReply> {
  const sources = createSearchSources(dependencies);
  return async (request, parameters) => {
    const wanted = unwrap(pageRequestOf(parameters));
    const parts = planSearch(sources, request, parameters);
    if (wanted.kind === 'index') {
      const page = await readIndexPage(parts, wanted);
      return listReply(page, { startIndex: wanted.offset + 1, nextCursor: undefined });
    }
    const { cursor, requestedCount, limit } = wanted;
    const scope = cursorScope(ROOT, request, parameters, requestedCount);
    const after = unwrap(cursors.read(scope, cursor));
    const page = isSorted(parts)
      ? await readSortedPage(parts, { offset: typeof after?.sortKey === 'number' ? after.sortKey : 0, limit })
      : await readAfter(parts, { after, limit });
    return listReply(page, {
      startIndex: undefined,
      nextCursor: page.next && cursors.write(scope, page.next),
    });
  };
}

const readIndexPage = (
  parts: readonly SearchPart[],
  wanted: Extract<PageRequest, { kind: 'index' }>,
): Promise<SearchPage> => (isSorted(parts) ? readSortedPage(parts, wanted) : readByOffset(parts, wanted));

/** False also when no type that can match has the attribute: the order by type is then as good as any. */
const isSorted = (parts: readonly SearchPart[]): boolean => parts.some(({ sort }) => sort !== undefined);

const listReply = (
  { items, total }: SearchPage,
  paging: { readonly startIndex: number | undefined; readonly nextCursor: string | undefined },
): ScimReply => ({
  status: 200,
  body: streamList({ totalResults: total, itemsPerPage: items.length, ...paging }, items, (hit) =>
    hit.render(),
  ),
});
