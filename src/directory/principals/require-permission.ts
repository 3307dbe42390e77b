import { DomainError } from '../../kernel/errors.js';
import { organizationPermissions, type OrganizationPermission } from '../../permissions/index.js';
import type { Principal } from './principal.js';

/** What the principal may do in the organization: what its role gives. */
export const permissionsOf = (principal: Principal): readonly OrganizationPermission[] =>
  organizationPermissions(principal.organizationRole);

export const hasPermission = (principal: Principal, permission: OrganizationPermission): boolean =>
  permissionsOf(principal).includes(permission);

/** @throws DomainError permission.denied, which names what is missing */
export function requirePermission(principal: Principal, permission: OrganizationPermission): void {
  if (!hasPermission(principal, permission))
    throw new DomainError('permission.denied', { detail: `This needs the permission ${permission}.` });
}
