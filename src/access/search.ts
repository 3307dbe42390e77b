import type { AccessSearch, SearchResults } from '../directory/access/access-search.js';
import type { AccessCaller } from '../directory/access/access-store.js';
import { placeOf, type RequestProblem } from '../directory/access/access-place.js';
import type { JsonObject } from '../kernel/json.js';
import type { Result } from '../kernel/result.js';
import { invalidRequest } from './access-error.js';
import {
  checkContext,
  readAction,
  readResource,
  readResourceWithoutId,
  readSubject,
  readSubjectType,
} from './read-entities.js';
import type { RequestedPage } from './search-page.js';

/** The answer to a search (Authorization API section 8.3). */
export interface WireResults {
  readonly page: { readonly next_token: string; readonly count: number };
  readonly results: readonly object[];
}

/** One of the three searches. @throws AccessError 400 */
export type SearchOperation = (
  search: AccessSearch,
  caller: AccessCaller,
  request: JsonObject,
  page: RequestedPage,
) => Promise<WireResults>;

/** Who may do something to a resource (section 8.4). */
export const searchSubjects: SearchOperation = async (search, caller, request, page) => {
  requireContext(request);
  const type = unwrap(readSubjectType(request['subject'], 'subject'));
  const action = unwrap(readAction(request['action'], 'action'));
  const resource = unwrap(readResource(request['resource'], 'resource'));
  unwrap(placeOf({ action, resource }));
  const found = await search.subjects(caller, { type, action, resource }, page);
  return toWire(found, page, (id) => ({ type, id }));
};

/** To which resources somebody may do something (section 8.5). */
export const searchResources: SearchOperation = async (search, caller, request, page) => {
  requireContext(request);
  const subject = unwrap(readSubject(request['subject'], 'subject'));
  const action = unwrap(readAction(request['action'], 'action'));
  const resource = unwrap(readResourceWithoutId(request['resource'], 'resource'));
  const found = unwrap(await search.resources(caller, { subject, action, resource }, page));
  return toWire(found, page, (id) => ({ type: resource.type, id }));
};

/** What somebody may do to a resource (section 8.6). */
export const searchActions: SearchOperation = async (search, caller, request, page) => {
  requireContext(request);
  const subject = unwrap(readSubject(request['subject'], 'subject'));
  const resource = unwrap(readResource(request['resource'], 'resource'));
  const found = unwrap(await search.actions(caller, { subject, resource }, page));
  return toWire(found, page, (name) => ({ name }));
};

const toWire = <T>(
  { results, next }: SearchResults<T>,
  page: RequestedPage,
  render: (result: T) => object,
): WireResults => ({
  page: { next_token: page.nextToken(next), count: results.length },
  results: results.map(render),
});

function unwrap<T>(read: Result<T, RequestProblem>): T {
  if (read.ok) return read.value;
  throw invalidRequest(read.error.field, read.error.detail);
}

function requireContext(request: JsonObject): void {
  const problem = checkContext(request, '');
  if (problem) throw invalidRequest(problem.field, problem.detail);
}
