import { DomainError } from '../../kernel/errors.js';
import type { RoleChoice } from '../roles/find-role-choice.js';
import type { ProjectVisibility } from './project.js';

/** The role of a member in the team. */
export type TeamRole = RoleChoice | { readonly role: 'service'; readonly customRoleId: undefined };

export const isSameRole = (a: TeamRole, b: TeamRole): boolean =>
  a.role === b.role && a.customRoleId === b.customRoleId;

/** Whether projects of this visibility have roles of their own. */
export const hasProjectRoles = (visibility: ProjectVisibility): boolean =>
  visibility === 'team' || visibility === 'restricted';

/**
 * What to keep when a member shall have a role in a project: the role, or nothing when it is the team role, which the
 * project role then follows.
 * @throws DomainError project.role_follows_team for View-Only members and service accounts
 */
export function decideKeptRole(teamRole: TeamRole, wanted: RoleChoice | undefined): RoleChoice | undefined {
  if (wanted === undefined || isSameRole(teamRole, wanted)) return undefined;
  if (teamRole.role === 'viewer' || teamRole.role === 'service')
    throw new DomainError('project.role_follows_team', {
      detail:
        teamRole.role === 'viewer'
          ? 'The member is View-Only in the team, and so in each of its projects.'
          : 'A service account has no project role of its own.',
      field: 'role',
    });
  return wanted;
}
