import type { Instant } from '../../kernel/clock.js';
import type { RoleChoice } from '../roles/find-role-choice.js';
import type { AccountType } from '../users/user.js';

/**
 * Who may see a project and submit to it: anybody in the organization; anybody may see, the team submits; the team;
 * only the members of the team who are invited.
 */
export const PROJECT_VISIBILITIES = ['open', 'public', 'team', 'restricted'] as const;
export type ProjectVisibility = (typeof PROJECT_VISIBILITIES)[number];

export interface Project {
  readonly id: string;
  readonly teamId: string;
  readonly name: string;
  readonly visibility: ProjectVisibility;
  readonly ownerId: string;
  /** False once the owner has left the team: a team admin should set a new one. */
  readonly isOwnerInTeam: boolean;
  readonly version: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  readonly archivedAt: Instant | undefined;
}

/** What is kept of a member of the team for one project: nothing, unless something sets the member apart there. */
export interface ProjectPlace {
  /** Undefined: the project role is the team role, whatever that becomes. */
  readonly role: RoleChoice | undefined;
  /** Whether the member may enter while the project is restricted. */
  readonly isInvited: boolean;
}

export const NO_PLACE: ProjectPlace = { role: undefined, isInvited: false };

/** A member of the team as the project sees it. Roles by name; `service` is a service account's. */
export interface ProjectMember {
  readonly userId: string;
  readonly userName: string;
  readonly displayName: string;
  readonly accountType: AccountType;
  readonly isActive: boolean;
  readonly teamRole: string;
  /** What counts in the project: the role of its own, or the team role. */
  readonly projectRole: string;
  /** The role of its own that is kept, also while a View-Only team role hides it. */
  readonly ownRole: string | undefined;
  readonly isInvited: boolean;
}

export interface CreateProjectInput {
  readonly teamId: string;
  readonly name: string;
  /** Undefined: team, or restricted where the organization asks for it. */
  readonly visibility: ProjectVisibility | undefined;
  readonly ownerId: string;
  /** Members of the team to invite beside the owner, when it is restricted. */
  readonly invitedIds: readonly string[];
}

/** What an update may change; an absent part stays as it is. */
export interface UpdateProjectInput {
  readonly name?: string;
  readonly visibility?: ProjectVisibility;
  readonly ownerId?: string;
}
