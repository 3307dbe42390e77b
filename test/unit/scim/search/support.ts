import {
  DEFAULT_CONNECTION_SETTINGS,
  type ConnectionMode,
} from '../../../../src/directory/connections/connection.js';
import { evaluate } from '../../../../src/directory/filter/index.js';
import type { ListQuery, Page } from '../../../../src/directory/query.js';
import type { Role } from '../../../../src/directory/roles/role.js';
import type { TeamRecord } from '../../../../src/directory/teams/team.js';
import type { ListedUser } from '../../../../src/directory/users/user.js';
import {
  GROUP_TYPE,
  ROLE_TYPE,
  USER_TYPE,
  type ResourceType,
} from '../../../../src/directory/schema/index.js';
import { compareCodePoints } from '../../../../src/kernel/fold.js';
import type { JsonObject } from '../../../../src/kernel/json.js';
import { ScimError } from '../../../../src/scim/errors.js';
import { NO_PARAMETERS, type ScimRequest } from '../../../../src/scim/exchange.js';
import { CursorCodec } from '../../../../src/scim/list/cursor.js';
import type { ListParameters } from '../../../../src/scim/list/list-request.js';
import { project } from '../../../../src/scim/projection.js';
import { createRootSearch } from '../../../../src/scim/search/index.js';
import { compareSortKeys, sortKeyOf } from '../../../../src/scim/search/sort-key.js';

const CREATED = '2026-01-15T09:00:00.000Z';

/** A resource in wire form; its id sorts as the number does. */
export type Resource = JsonObject & { readonly id: string };

export const idOf = (number: number): string => `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`;

const metaOf = ({ name }: ResourceType): JsonObject => ({
  resourceType: name,
  created: CREATED,
  lastModified: CREATED,
});

const resource = (type: ResourceType, number: number, attributes: JsonObject): Resource => ({
  schemas: [type.schema.id],
  id: idOf(number),
  ...attributes,
  meta: metaOf(type),
});

export const user = (number: number, attributes: JsonObject = {}): Resource =>
  resource(USER_TYPE, number, { userName: `user${number}`, ...attributes });

export const group = (number: number, displayName = `group${number}`): Resource =>
  resource(GROUP_TYPE, number, { displayName });

export const role = (number: number, name = `role${number}`): Resource =>
  resource(ROLE_TYPE, number, { name, inheritedFrom: 'member' });

/** What a database would hold. Tests may change it between two pages. */
export interface Store {
  users: Resource[];
  groups: Resource[];
  roles: Resource[];
  /** How many resources the searches have read. */
  read: number;
}

export const store = (contents: Partial<Store> = {}): Store => ({
  users: [],
  groups: [],
  roles: [],
  read: 0,
  ...contents,
});

/** Lists as the services do: filtered, sorted, by offset or after an id, with the exact total. */
function listPage(all: readonly Resource[], { filter, sort, window }: ListQuery): Page<Resource> {
  const selected = all.filter((item) => filter === undefined || evaluate(filter, item));
  const sorted = selected.toSorted((a, b) => {
    const order = sort
      ? compareSortKeys(sortKeyOf(a, sort.path), sortKeyOf(b, sort.path), sort.descending)
      : 0;
    return order === 0 ? compareCodePoints(a.id, b.id) : order;
  });
  const after = window.kind === 'after' ? (window.after?.id ?? '') : '';
  const rest = window.kind === 'after' ? sorted.filter(({ id }) => id > after) : sorted.slice(window.offset);
  const items = rest.slice(0, window.limit);
  const last = items.at(-1);
  const hasMore = window.kind === 'after' && rest.length > items.length;
  return { items, total: selected.length, next: hasMore && last ? { id: last.id } : undefined };
}

async function* inPieces(text: string): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += 7) yield await Promise.resolve(text.slice(at, at + 7));
}

export interface Setting {
  readonly mode?: ConnectionMode;
  readonly connectionId?: string;
}

export const requestOf = ({ mode = 'lenient', connectionId = 'c1' }: Setting = {}): ScimRequest => ({
  baseUrl: 'https://rollcall.test/scim/v2',
  query: NO_PARAMETERS,
  ifMatch: undefined,
  ifNoneMatch: undefined,
  context: {
    organizationId: 'o1',
    actor: { kind: 'connection', id: connectionId },
    requestId: 'r1',
    sourceAddress: undefined,
    connection: {
      id: connectionId,
      organizationId: 'o1',
      name: 'IdP',
      settings: { ...DEFAULT_CONNECTION_SETTINGS, mode },
      isEnabled: true,
      hasMappingRules: false,
      version: 1,
      createdAt: CREATED,
    },
  },
});

const NO_LIST_PARAMETERS: ListParameters = {
  filter: undefined,
  sortBy: undefined,
  sortOrder: undefined,
  startIndex: undefined,
  count: undefined,
  cursor: undefined,
  attributes: undefined,
  excludedAttributes: undefined,
};

/** A ListResponse as parsed JSON. */
export interface Found {
  readonly totalResults: number;
  readonly itemsPerPage: number;
  readonly startIndex?: number;
  readonly nextCursor?: string;
  readonly Resources: readonly Resource[];
}

/** Searches a store. @throws ScimError */
export async function search(
  contents: Store,
  parameters: Partial<ListParameters> = {},
  setting: Setting = {},
): Promise<Found> {
  const listOf = (items: () => readonly Resource[]) => (_scope: unknown, query: ListQuery) => {
    const page = listPage(items(), query);
    contents.read += page.items.length;
    // The records of the domain pass through the search unopened; the wire form stands for them.
    return Promise.resolve(page as unknown as Page<ListedUser & TeamRecord & Role>);
  };
  const asResource = (record: ListedUser | TeamRecord | Role): Resource => record as unknown as Resource;
  const run = createRootSearch({
    users: { list: listOf(() => contents.users) },
    teams: { list: listOf(() => contents.groups) },
    roles: { list: listOf(() => contents.roles) },
    renderUser: (record, projection) => JSON.stringify(project(projection, USER_TYPE, asResource(record))),
    renderGroup: (_request, record, projection) =>
      Promise.resolve(inPieces(JSON.stringify(project(projection, GROUP_TYPE, asResource(record))))),
    renderRole: (record, _baseUrl, projection) =>
      JSON.stringify(project(projection, ROLE_TYPE, asResource(record))),
    cursors: new CursorCodec('a secret key for tests, thirty-two characters or more', { now: () => 0 }),
  });
  const reply = await run(requestOf(setting), { ...NO_LIST_PARAMETERS, ...parameters });
  let text = '';
  for await (const piece of reply.body ?? '') text += piece;
  return JSON.parse(text) as Found;
}

export const namesOf = ({ Resources }: Found): readonly unknown[] =>
  Resources.map((item) => item['userName'] ?? item['displayName'] ?? item['name']);

/** The problem that a request is refused with. */
export async function problemOf(run: () => unknown): Promise<unknown> {
  try {
    return { accepted: await run() };
  } catch (error) {
    if (error instanceof ScimError) return error.problem;
    throw error;
  }
}
