import { DomainError } from '../../kernel/errors.js';
import { ADDABLE_PERMISSIONS, inheritedPermissions, isPredefinedRoleName } from '../../permissions/index.js';
import type { RoleInput } from './role.js';

const ADDABLE: ReadonlySet<string> = new Set<string>(ADDABLE_PERMISSIONS);

/**
 * A role as it is kept: its own permissions in order, once each, and none that it inherits.
 * @throws DomainError role.name_reserved, role.unknown_permission
 */
export function normaliseRole(input: RoleInput): RoleInput {
  if (isPredefinedRoleName(input.name)) throw new DomainError('role.name_reserved', { field: 'name' });
  const inherited = new Set<string>(inheritedPermissions(input.inheritedFrom));
  const permissions = new Set<string>();
  for (const name of input.permissions) {
    if (!ADDABLE.has(name))
      throw new DomainError('role.unknown_permission', {
        detail: `permissions: "${name.slice(0, 80)}" is not a permission that a custom role can have.`,
        field: 'permissions',
      });
    if (!inherited.has(name)) permissions.add(name);
  }
  return { ...input, permissions: [...permissions].sort() };
}
