import type { Filter } from '../../directory/filter/index.js';
import type { Sort } from '../../directory/query.js';
import { subPath, type ResourceType } from '../../directory/schema/index.js';
import { LIMITS } from '../../kernel/limits.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { parameter, type QueryParameters } from '../exchange.js';
import { parseAttributePath, parseFilter, type FilterOptions, type FilterProblem } from '../filter/index.js';
import { badRequest, type ScimProblem } from '../problem.js';

/** The parameters of a list as a client wrote them (RFC 7644 section 3.4.2, RFC 9865), from a URL or a SearchRequest. */
export interface ListParameters {
  readonly filter: string | undefined;
  readonly sortBy: string | undefined;
  readonly sortOrder: string | undefined;
  readonly startIndex: number | undefined;
  readonly count: number | undefined;
  readonly cursor: string | undefined;
  readonly attributes: readonly string[] | undefined;
  readonly excludedAttributes: readonly string[] | undefined;
}

/** Which part of the list is wanted. Offsets count from 0; `limit` is within the advertised page size. */
export type PageRequest =
  | { readonly kind: 'index'; readonly offset: number; readonly limit: number }
  | {
      readonly kind: 'cursor';
      readonly cursor: string;
      readonly requestedCount: number;
      readonly limit: number;
    };

/** The list parameters of a URL. */
export function listParametersOf(query: QueryParameters): Result<ListParameters, ScimProblem> {
  const startIndex = integerParameter(query, 'startindex', 'startIndex');
  if (!startIndex.ok) return startIndex;
  const count = integerParameter(query, 'count', 'count');
  if (!count.ok) return count;
  const names = (key: string) => query.get(key)?.flatMap((list) => list.split(','));
  return ok({
    filter: parameter(query, 'filter'),
    sortBy: parameter(query, 'sortby'),
    sortOrder: parameter(query, 'sortorder'),
    startIndex: startIndex.value,
    count: count.value,
    cursor: parameter(query, 'cursor'),
    attributes: names('attributes'),
    excludedAttributes: names('excludedattributes'),
  });
}

function integerParameter(
  query: QueryParameters,
  key: string,
  name: string,
): Result<number | undefined, ScimProblem> {
  const text = parameter(query, key);
  if (text === undefined || text === '') return ok(undefined);
  if (!/^[+-]?\d{1,15}$/.test(text.trim()))
    return err(badRequest('invalidValue', `${name} must be an integer.`));
  return ok(Number(text));
}

/** Rule 16: a negative count is 0, startIndex below 1 is 1, a huge count is cut. A cursor and a startIndex exclude each other. */
export function pageRequestOf({
  startIndex,
  count,
  cursor,
}: ListParameters): Result<PageRequest, ScimProblem> {
  const requestedCount = Math.max(0, count ?? LIMITS.defaultPageSize);
  const limit = Math.min(requestedCount, LIMITS.pageSize);
  if (cursor === undefined) return ok({ kind: 'index', offset: Math.max(1, startIndex ?? 1) - 1, limit });
  if (startIndex !== undefined)
    return err(badRequest('invalidValue', 'cursor and startIndex cannot be used together.'));
  return ok({ kind: 'cursor', cursor, requestedCount, limit });
}

/** The filter, or undefined without one. */
export function filterOf(
  type: ResourceType,
  { filter }: ListParameters,
  options: FilterOptions,
): Result<Filter | undefined, FilterProblem> {
  return filter === undefined || filter.trim() === '' ? ok(undefined) : parseFilter(type, filter, options);
}

/** Rule 18: a complex attribute sorts by its `value` or needs a sub-attribute; `sortOrder` alone means nothing. */
export function sortOf(
  type: ResourceType,
  { sortBy, sortOrder }: ListParameters,
): Result<Sort | undefined, ScimProblem> {
  if (sortBy === undefined || sortBy.trim() === '') return ok(undefined);
  const order = (sortOrder ?? 'ascending').toLowerCase();
  if (order !== 'ascending' && order !== 'descending')
    return err(badRequest('invalidValue', 'sortOrder must be ascending or descending.'));
  const path = sortBy.length > LIMITS.expressionLength ? undefined : parseAttributePath(type, sortBy.trim());
  if (!path || path.attribute.returned === 'never')
    return err(badRequest('invalidValue', 'sortBy names no attribute that can be sorted by.'));
  const { attribute, sub } = path;
  const value = attribute.subAttributes.find((part) => part.name === 'value');
  if (attribute.type === 'complex' && !sub && !value)
    return err(badRequest('invalidValue', `sortBy ${attribute.name} needs a sub-attribute.`));
  const leaf = attribute.type === 'complex' && !sub && value ? subPath(path, value) : path;
  return ok({ path: leaf, descending: order === 'descending' });
}
