import { permissionEntry, type Permission, type PermissionScope } from '../../permissions/index.js';
import type { RoleFacts, SubjectFacts } from './access-facts.js';

/** How far a role reaches with a permission. A service account has what a member has. */
export function scopeOf(role: RoleFacts, permission: Permission): PermissionScope {
  const entry = permissionEntry(permission);
  if (role.kind === 'custom')
    return role.permissions.includes(permission) ? 'any' : entry[role.inheritedFrom];
  switch (role.name) {
    case 'admin':
      return entry.teamAdmin;
    case 'member':
    case 'service':
      return entry.member;
    case 'viewer':
      return entry.viewer;
  }
}

/** Whether a role has at least what a member has: View-Only and what is made from it has not. */
export const isMemberAtLeast = (role: RoleFacts): boolean =>
  role.kind === 'custom' ? role.inheritedFrom === 'member' : role.name !== 'viewer';

const VIEW_ONLY: RoleFacts = { kind: 'predefined', name: 'viewer' };

/** Whether an organization role or a seat of viewer makes every role of the account View-Only. */
export const isViewOnlyAccount = ({ accountType, organizationRole, seat }: SubjectFacts): boolean =>
  accountType === 'USER' && (organizationRole === 'viewer' || seat === 'viewer');

/** Whether the account is a person without a seat, who has no role in any team. */
export const hasNoSeat = ({ accountType, seat }: SubjectFacts): boolean =>
  accountType === 'USER' && seat === 'none';

/** What is left of a role under the account's seat and organization role. */
export function capRole(subject: SubjectFacts, role: RoleFacts): RoleFacts | undefined {
  if (hasNoSeat(subject)) return undefined;
  return isViewOnlyAccount(subject) ? VIEW_ONLY : role;
}

/** The predefined roles that give a permission for everything in the team. */
export function rolesWith(permission: Permission): readonly string[] {
  const entry = permissionEntry(permission);
  return [
    ...(entry.viewer === 'any' ? ['viewer'] : []),
    ...(entry.member === 'any' ? ['member'] : []),
    ...(entry.teamAdmin === 'any' ? ['admin'] : []),
    ...(entry.registryAdmin === 'any' ? ['registryAdmin'] : []),
  ];
}
