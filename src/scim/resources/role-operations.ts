import { DomainError } from '../../kernel/errors.js';
import { inheritedPermissions } from '../../permissions/index.js';
import { matchesElement } from '../../directory/filter/index.js';
import type { Role } from '../../directory/roles/role.js';
import type { RoleService } from '../../directory/roles/role-service.js';
import type { RoleReadScope } from '../../directory/roles/role-store.js';
import { ROLE_TYPE } from '../../directory/schema/index.js';
import { etagOf } from '../../http/index.js';
import type { ScimReply, ScimRequest, ScimWriteRequest } from '../exchange.js';
import type { CursorCodec } from '../list/cursor.js';
import type { ListParameters } from '../list/list-request.js';
import { renderList } from '../list/list-response.js';
import { prepareList } from '../list/run-list.js';
import {
  permissionNames,
  roleDocument,
  roleFromWire,
  roleLocation,
  roleToWire,
  withoutInherited,
} from '../mapping/role-wire.js';
import { applyPatch, readPatch, type PatchOperation } from '../patch/index.js';
import { assertIfMatch, expectedVersion, isNotModified } from '../preconditions.js';
import { readProjection, type Projection } from '../projection.js';
import { readResource } from '../resource/index.js';
import { unwrap } from '../unwrap.js';
import { knownId, modeOf } from './request-parts.js';
import type { ResourceOperations } from './resource-operations.js';

/** `/Roles`: custom roles as a SCIM resource. */
export function createRoleOperations(roles: RoleService, cursors: CursorCodec): ResourceOperations {
  const scopeOf = (request: ScimRequest): RoleReadScope => ({
    organizationId: request.context.organizationId,
    connectionId: request.context.connection.id,
    baseUrl: request.baseUrl,
  });

  const read = async (request: ScimRequest, id: string): Promise<ScimReply> => {
    const projection = unwrap(readProjection(ROLE_TYPE, request.query));
    const role = await roles.get(scopeOf(request), knownId(id, 'role.not_found'));
    assertIfMatch(request, role);
    if (isNotModified(request, role)) return { status: 304, headers: { ETag: etagOf(role) } };
    return roleReply(200, role, request, projection);
  };

  const list = async (request: ScimRequest, parameters: ListParameters): Promise<ScimReply> => {
    const prepared = prepareList(ROLE_TYPE, request, parameters, cursors);
    const page = await roles.list(scopeOf(request), prepared.query);
    const resources = page.items.map((role) => roleToWire(role, request.baseUrl, prepared.projection));
    return { status: 200, body: renderList(prepared.headOf(page), resources) };
  };

  const create = async (request: ScimWriteRequest): Promise<ScimReply> => {
    const projection = unwrap(readProjection(ROLE_TYPE, request.query));
    const { body } = withoutInherited(request.body);
    const resource = unwrap(readResource(ROLE_TYPE, body, { mode: modeOf(request), purpose: 'create' }));
    const role = await roles.create(request.context, scopeOf(request), roleFromWire(resource, []));
    const reply = roleReply(201, role, request, projection);
    return { ...reply, headers: { ...reply.headers, Location: roleLocation(role.id, request.baseUrl) } };
  };

  const currentOf = (request: ScimRequest, id: string) => () => roles.get(scopeOf(request), id);

  const replace = async (request: ScimWriteRequest, id: string): Promise<ScimReply> => {
    const projection = unwrap(readProjection(ROLE_TYPE, request.query));
    const { body, hasPermissions } = withoutInherited(request.body);
    const resource = unwrap(readResource(ROLE_TYPE, body, { mode: modeOf(request), purpose: 'replace' }));
    const version = await expectedVersion(request, knownId(id, 'role.not_found'), currentOf(request, id));
    const role = await roles.update(request.context, scopeOf(request), id, version, (current) =>
      roleFromWire(resource, hasPermissions ? [] : current.permissions),
    );
    return roleReply(200, role, request, projection);
  };

  const patch = async (request: ScimWriteRequest, id: string): Promise<ScimReply> => {
    const projection = unwrap(readProjection(ROLE_TYPE, request.query));
    const operations = unwrap(readPatch(ROLE_TYPE, request.body, { mode: modeOf(request) }));
    const version = await expectedVersion(request, knownId(id, 'role.not_found'), currentOf(request, id));
    const role = await roles.update(request.context, scopeOf(request), id, version, (current) => {
      assertRemovesOnlyOwn(current, operations);
      const after = unwrap(
        applyPatch(
          ROLE_TYPE,
          roleDocument(current),
          operations,
          { mode: modeOf(request) },
          request.patchWork,
        ),
      );
      return roleFromWire(after, []);
    });
    return roleReply(200, role, request, projection);
  };

  const remove = async (request: ScimRequest, id: string): Promise<ScimReply> => {
    const version = await expectedVersion(request, knownId(id, 'role.not_found'), currentOf(request, id));
    await roles.delete(request.context, scopeOf(request), id, version);
    return { status: 204 };
  };

  return { create, read, list, replace, patch, remove };
}

const roleReply = (status: number, role: Role, request: ScimRequest, projection: Projection): ScimReply => ({
  status,
  headers: { ETag: etagOf(role) },
  body: roleToWire(role, request.baseUrl, projection),
});

/** Roles only add: asking by name for an inherited permission to go is refused, not quietly forgotten. */
function assertRemovesOnlyOwn(role: Role, operations: readonly PatchOperation[]): void {
  for (const { op, path, filter, value } of operations) {
    if (op !== 'remove' || path.attribute.name !== 'permissions') continue;
    const named = new Set(permissionNames(value));
    const isTouched = (name: string): boolean =>
      named.has(name) || (filter !== undefined && matchesElement(filter, { name, isInherited: true }));
    const inherited = inheritedPermissions(role.inheritedFrom).find(isTouched);
    if (inherited !== undefined)
      throw new DomainError('role.inherited_permission', {
        detail: `permissions: "${inherited}" is inherited from ${role.inheritedFrom} and cannot be removed.`,
        field: 'permissions',
      });
  }
}
