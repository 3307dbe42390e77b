import type { Reply, ScimClient } from '../../../support/scim-client.js';
import { expectStatus } from './assertions.js';
import { GROUP, ROLE, USER } from './urns.js';

/** A resource as the server sent it; tests assert on arbitrary attributes of it. */
export type Resource = Reply['body'];
export type Endpoint = '/Users' | '/Groups' | '/Roles';

let serial = 0;

/** A name that no other test of this process uses. */
export const uniqueName = (stem: string): string => `${stem}-${(serial += 1)}`;

async function create(scim: ScimClient, endpoint: Endpoint, body: object): Promise<Resource> {
  const reply = await scim.post(endpoint, body);
  expectStatus(reply, 201);
  return reply.body;
}

/** Creates a user and answers the resource of the 201. */
export const createUser = (scim: ScimClient, attributes: object = {}): Promise<Resource> =>
  create(scim, '/Users', { schemas: [USER], userName: `${uniqueName('user')}@example.com`, ...attributes });

/** Creates a group and answers the resource of the 201. */
export const createGroup = (scim: ScimClient, attributes: object = {}): Promise<Resource> =>
  create(scim, '/Groups', { schemas: [GROUP], displayName: uniqueName('Team'), ...attributes });

/** Creates a role that extends `viewer` unless told otherwise, and answers the resource of the 201. */
export const createRole = (scim: ScimClient, attributes: object = {}): Promise<Resource> =>
  create(scim, '/Roles', {
    schemas: [ROLE],
    name: uniqueName('Role'),
    inheritedFrom: 'viewer',
    ...attributes,
  });

/** Reads a resource that must exist. */
export async function read(scim: ScimClient, path: string): Promise<Resource> {
  const reply = await scim.get(path);
  expectStatus(reply, 200);
  return reply.body;
}

export type QueryParameters = Readonly<Record<string, string | number>>;

/** A path with percent-encoded query parameters. */
export function withQuery(path: string, parameters: QueryParameters): string {
  const pairs = Object.entries(parameters).map(
    ([name, value]) => `${name}=${encodeURIComponent(String(value))}`,
  );
  return `${path}?${pairs.join('&')}`;
}

/** The resources of a query that must succeed, in the server's order; none when `Resources` is absent. */
export async function query(
  scim: ScimClient,
  path: string,
  parameters: QueryParameters,
): Promise<Resource[]> {
  const body = await read(scim, withQuery(path, parameters));
  return body.Resources ?? [];
}

const nameOf = (resource: Resource): string => resource.userName ?? resource.displayName ?? resource.name;

/** The names (userName, displayName or name) of what a filter selects, sorted. */
export async function matching(scim: ScimClient, endpoint: Endpoint, filter: string): Promise<string[]> {
  const resources = await query(scim, endpoint, { filter });
  return resources.map(nameOf).sort();
}

/** The ids of a group's members, sorted; none when `members` is absent. */
export async function memberIds(scim: ScimClient, groupId: string): Promise<string[]> {
  const group = await read(scim, `/Groups/${groupId}`);
  return (group.members ?? []).map((member: Resource) => member.value).sort();
}

/** The ids of the groups a user belongs to, sorted. */
export async function groupIds(scim: ScimClient, userId: string): Promise<string[]> {
  const user = await read(scim, `/Users/${userId}`);
  return (user.groups ?? []).map((group: Resource) => group.value).sort();
}
