import type { Filter } from '../../directory/filter/index.js';
import type { Page, PageWindow, Sort } from '../../directory/query.js';
import type { ResourceType } from '../../directory/schema/index.js';
import { ScimError } from '../errors.js';
import type { ScimRequest } from '../exchange.js';
import type { FilterOptions, FilterProblem } from '../filter/index.js';
import { sortOf, type ListParameters } from '../list/list-request.js';
import type { ScimProblem } from '../problem.js';
import { projectionOf } from '../projection.js';
import { ok, type Result } from '../../kernel/result.js';
import { unwrap } from '../unwrap.js';
import { narrowFilter } from './narrow-filter.js';
import type { SearchHit, SearchSource } from './search-source.js';

/** What a search reads of one resource type. */
export interface SearchPart {
  readonly type: ResourceType;
  /** Undefined where the type cannot be sorted so: all its resources then count as without a value. */
  readonly sort: Sort | undefined;
  list(window: PageWindow): Promise<Page<SearchHit>>;
}

/**
 * Reads the parameters of a search for each resource type, and leaves out the types of which nothing can match. A type
 * that cannot make sense of the filter or of sortBy is one thing; when no type can, the client is told.
 * @throws ScimError 400 invalidFilter or invalidValue, 403 sensitive
 */
export function planSearch(
  sources: readonly SearchSource[],
  request: ScimRequest,
  parameters: ListParameters,
): readonly SearchPart[] {
  const options = { isLenient: request.context.connection.settings.mode === 'lenient' };
  const filters = sources.map(({ type }) => filterFor(type, parameters, options));
  const sorts = sources.map(({ type }) => sortOf(type, parameters));
  const sensitive = filters.find((filter) => !filter.ok && filter.error.scimType === 'sensitive');
  if (sensitive) unwrap(sensitive);
  requireOne(filters);
  requireOne(sorts);
  return sources.flatMap((source, index) => {
    const projection = unwrap(
      projectionOf(source.type, parameters.attributes, parameters.excludedAttributes),
    );
    const filter = valueOf(filters[index]);
    const sort = valueOf(sorts[index]);
    if (filter === undefined || filter === false) return [];
    const query = { filter: filter === true ? undefined : filter, sort };
    return [
      {
        type: source.type,
        sort,
        list: (window: PageWindow) => source.list(request, { ...query, window }, projection),
      },
    ];
  });
}

/** True without a filter. */
const filterFor = (
  type: ResourceType,
  { filter }: ListParameters,
  options: FilterOptions,
): Result<Filter | boolean, FilterProblem> =>
  filter === undefined || filter.trim() === '' ? ok(true) : narrowFilter(type, filter, options);

/** Of several problems, that of a type which at least has the attributes says the most. */
function requireOne(results: readonly Result<unknown, FilterProblem>[]): void {
  if (results.some((result) => result.ok)) return;
  const problems: readonly FilterProblem[] = results.flatMap((result) => (result.ok ? [] : [result.error]));
  const problem = problems.find(({ unknownAttribute }) => unknownAttribute === undefined) ?? problems[0];
  if (problem) throw new ScimError(problem);
}

const valueOf = <T>(result: Result<T, ScimProblem> | undefined): T | undefined =>
  result?.ok ? result.value : undefined;
