import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.js';
import { inheritedPermissions } from '../../permissions/index.js';
import { ROLE_TYPE, ROLE_URN } from '../../directory/schema/index.js';
import type { Role, RoleBase, RoleInput } from '../../directory/roles/role.js';
import { etagOf } from '../../http/index.js';
import { project, type Projection } from '../projection.js';

export const roleLocation = (id: string, baseUrl: string): string => `${baseUrl}/Roles/${id}`;

/** A role as JSON text on the wire, with its effective permissions. */
export const roleToWire = (role: Role, baseUrl: string, projection: Projection): string =>
  JSON.stringify(project(projection, ROLE_TYPE, roleToResource(role, baseUrl)));

function roleToResource(role: Role, baseUrl: string): JsonObject {
  return {
    ...roleDocument(role),
    id: role.id,
    permissions: [
      ...inheritedPermissions(role.inheritedFrom).map((name) => ({ name, isInherited: true })),
      ...role.permissions.map((name) => ({ name, isInherited: false })),
    ],
    meta: {
      resourceType: 'Role',
      created: role.createdAt,
      lastModified: role.updatedAt,
      location: roleLocation(role.id, baseUrl),
      version: etagOf(role),
    },
  };
}

/** What a client may change of a role: its own permissions only, without the inherited ones. */
export const roleDocument = (role: Role): JsonObject => ({
  schemas: [ROLE_URN],
  ...(role.externalId === undefined ? {} : { externalId: role.externalId }),
  name: role.name,
  ...(role.description === undefined ? {} : { description: role.description }),
  inheritedFrom: role.inheritedFrom,
  ...(role.permissions.length > 0 ? { permissions: role.permissions.map((name) => ({ name })) } : {}),
});

/**
 * A wire resource, already read against the catalogue, as input.
 * @param keptPermissions - the permissions of a body that has none
 */
export function roleFromWire(resource: JsonObject, keptPermissions: readonly string[]): RoleInput {
  const { name, externalId, description, inheritedFrom, permissions } = resource;
  return {
    name: typeof name === 'string' ? name : '',
    externalId: typeof externalId === 'string' ? externalId : undefined,
    description: typeof description === 'string' ? description : undefined,
    inheritedFrom: inheritedFrom as RoleBase,
    permissions: permissions === undefined ? keptPermissions : permissionNames(permissions),
  };
}

export const permissionNames = (permissions: JsonValue | undefined): readonly string[] =>
  Array.isArray(permissions)
    ? permissions.flatMap((permission) =>
        isJsonObject(permission) && typeof permission['name'] === 'string' ? [permission['name']] : [],
      )
    : [];

/**
 * Takes the permissions marked `isInherited` out of a body: a client that sends back what it read does not ask to own
 * what the role inherits. Tells also whether the body has a list at all, for an empty one means "no permissions of its
 * own".
 */
export function withoutInherited(body: JsonObject): {
  readonly body: JsonObject;
  readonly hasPermissions: boolean;
} {
  const key = Object.keys(body).find((name) => name.toLowerCase() === 'permissions');
  const permissions = key === undefined ? undefined : body[key];
  if (key === undefined || !Array.isArray(permissions))
    return { body, hasPermissions: permissions !== undefined && permissions !== null };
  return {
    body: { ...body, [key]: permissions.filter((permission) => !isMarkedInherited(permission)) },
    hasPermissions: true,
  };
}

const isMarkedInherited = (permission: JsonValue): boolean =>
  isJsonObject(permission) &&
  Object.entries(permission).some(([name, value]) => name.toLowerCase() === 'isinherited' && value === true);
