import { PERMISSION_NAMES, permissionEntry, type PermissionScope } from '../../permissions/index.js';
import type { RoleHolders } from './role-holders.js';
import type { RoleInput } from './role.js';

/** How far a permission of the role reaches before and after. */
export interface PermissionShift {
  readonly name: string;
  readonly before: PermissionScope;
  readonly after: PermissionScope;
}

/** What a change of a role, or its deletion, would do. */
export interface RolePreview extends RoleHolders {
  readonly gained: readonly PermissionShift[];
  readonly lost: readonly PermissionShift[];
}

/** What a role gives. Without permissions of its own it is the predefined role it inherits from. */
type Granting = Pick<RoleInput, 'inheritedFrom' | 'permissions'>;

const REACH: Readonly<Record<PermissionScope, number>> = { none: 0, own: 1, any: 2 };

/** Which permissions reach further, and which less far, in the order of the catalogue. */
export function comparePermissions(before: Granting, after: Granting): Pick<RolePreview, 'gained' | 'lost'> {
  const shifts = PERMISSION_NAMES.map((name) => ({
    name,
    before: scopeIn(before, name),
    after: scopeIn(after, name),
  }));
  return {
    gained: shifts.filter((shift) => REACH[shift.after] > REACH[shift.before]),
    lost: shifts.filter((shift) => REACH[shift.after] < REACH[shift.before]),
  };
}

const scopeIn = (
  { inheritedFrom, permissions }: Granting,
  name: (typeof PERMISSION_NAMES)[number],
): PermissionScope => (permissions.includes(name) ? 'any' : permissionEntry(name)[inheritedFrom]);
