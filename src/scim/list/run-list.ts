import type { ListQuery, Page } from '../../directory/query.js';
import type { ResourceType } from '../../directory/schema/index.js';
import type { ScimRequest } from '../exchange.js';
import { projectionOf, type Projection } from '../projection.js';
import { unwrap } from '../unwrap.js';
import type { CursorCodec, CursorScope } from './cursor.js';
import { filterOf, pageRequestOf, sortOf, type ListParameters } from './list-request.js';
import type { ListResponseHead } from './list-response.js';

/** A list request, read and checked, and how to describe the page that answers it. */
export interface PreparedList {
  readonly query: ListQuery;
  readonly projection: Projection;
  headOf(page: Page<unknown>): ListResponseHead;
}

/**
 * Reads a list request for one resource type.
 * @throws ScimError 400 with the keyword of what is wrong
 */
export function prepareList(
  type: ResourceType,
  request: ScimRequest,
  parameters: ListParameters,
  cursors: CursorCodec,
): PreparedList {
  const isLenient = request.context.connection.settings.mode === 'lenient';
  const projection = unwrap(projectionOf(type, parameters.attributes, parameters.excludedAttributes));
  const filter = unwrap(filterOf(type, parameters, { isLenient }));
  const sort = unwrap(sortOf(type, parameters));
  const page = unwrap(pageRequestOf(parameters));
  if (page.kind === 'index')
    return {
      projection,
      query: { filter, sort, window: { kind: 'offset', offset: page.offset, limit: page.limit } },
      headOf: ({ total, items }) => ({
        totalResults: total,
        itemsPerPage: items.length,
        startIndex: page.offset + 1,
        nextCursor: undefined,
      }),
    };
  const scope = cursorScope(type.endpoint, request, parameters, page.requestedCount);
  const after = unwrap(cursors.read(scope, page.cursor));
  return {
    projection,
    query: { filter, sort, window: { kind: 'after', after, limit: page.limit } },
    headOf: ({ total, items, next }) => ({
      totalResults: total,
      itemsPerPage: items.length,
      startIndex: undefined,
      nextCursor: next && cursors.write(scope, next),
    }),
  };
}

/** RFC 9865 section 2.3: all other parameters must equal those of the first request. */
export const cursorScope = (
  endpoint: string,
  request: ScimRequest,
  parameters: ListParameters,
  requestedCount: number,
): CursorScope => ({
  connectionId: request.context.connection.id,
  requestedCount,
  request: [
    endpoint,
    parameters.filter,
    parameters.sortBy,
    parameters.sortOrder,
    parameters.attributes?.join(),
    parameters.excludedAttributes?.join(),
  ],
});
