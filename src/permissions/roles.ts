import { foldCase } from '../kernel/fold.js';
import {
  ORGANIZATION_PERMISSIONS,
  PERMISSION_NAMES,
  permissionEntry,
  type OrganizationPermission,
  type Permission,
} from './catalogue.js';

/** What a custom role can inherit from. */
export type RoleBase = 'member' | 'viewer';

export type OrganizationRoleName = 'admin' | 'member' | 'viewer';

/** Names no custom role may take, in any case. `View-Only` and `Service` are the names people know. */
const PREDEFINED_ROLE_NAMES: ReadonlySet<string> = new Set([
  'admin',
  'member',
  'viewer',
  'view-only',
  'service',
]);

const INHERITED: Readonly<Record<RoleBase, readonly Permission[]>> = {
  member: PERMISSION_NAMES.filter((permission) => permissionEntry(permission).member === 'any'),
  viewer: PERMISSION_NAMES.filter((permission) => permissionEntry(permission).viewer === 'any'),
};

const ORGANIZATION_ROLES: Readonly<Record<OrganizationRoleName, readonly OrganizationPermission[]>> = {
  admin: ORGANIZATION_PERMISSIONS,
  member: ['organization:read_users'],
  viewer: [],
};

/** What a custom role has from its base without having added it: everything the base holds with scope `any`. */
export const inheritedPermissions = (base: RoleBase): readonly Permission[] => INHERITED[base];

/** What a custom role may add, always with scope `any`. */
export const ADDABLE_PERMISSIONS: readonly Permission[] = PERMISSION_NAMES.filter(
  (permission) => permissionEntry(permission).isAddable,
);

/** What an organization role allows in the organization; its teams' data is the team roles' business. */
export const organizationPermissions = (role: OrganizationRoleName): readonly OrganizationPermission[] =>
  ORGANIZATION_ROLES[role];

/** Tells whether `name` is that of a predefined role, in any case. */
export const isPredefinedRoleName = (name: string): boolean => PREDEFINED_ROLE_NAMES.has(foldCase(name));
