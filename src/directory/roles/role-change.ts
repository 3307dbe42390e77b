import type { Role, RoleBase, RoleInput } from './role.js';

/** What to change; an absent part stays as it is, null clears it. */
export interface RoleChange {
  readonly name?: string | undefined;
  readonly description?: string | null | undefined;
  readonly inheritedFrom?: RoleBase | undefined;
  /** All that the role is to add to what it inherits. */
  readonly permissions?: readonly string[] | undefined;
}

export const changeRole = (role: Role, change: RoleChange): RoleInput => ({
  name: change.name ?? role.name,
  externalId: role.externalId,
  description: change.description === undefined ? role.description : (change.description ?? undefined),
  inheritedFrom: change.inheritedFrom ?? role.inheritedFrom,
  permissions: change.permissions ?? role.permissions,
});
