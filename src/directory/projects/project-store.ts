import type { KeysetPosition, Page } from '../query.js';
import type { RequestContext } from '../request-context.js';
import type { AccountType } from '../users/user.js';
import type { Project, ProjectMember, ProjectPlace, ProjectVisibility } from './project.js';
import type { ProjectPrivacy } from './project-privacy.js';
import type { TeamRole } from './project-role-rules.js';

export interface ProjectDraft {
  readonly id: string;
  readonly teamId: string;
  readonly name: string;
  readonly visibility: ProjectVisibility;
  readonly ownerId: string;
  readonly invitedIds: readonly string[];
}

export type ProjectChange = Partial<Pick<Project, 'name' | 'visibility' | 'ownerId'>>;

/** A live account that can have a place in the projects of a team. */
export interface TeamMembership {
  readonly userId: string;
  readonly accountType: AccountType;
  /** Undefined for an organization's service account that is not in the team. */
  readonly role: TeamRole | undefined;
}

export const PROJECT_SORT_KEYS = ['name', 'createdAt'] as const;
export type ProjectSortKey = (typeof PROJECT_SORT_KEYS)[number];
export const PROJECT_MEMBER_SORT_KEYS = ['name', 'id'] as const;
export type ProjectMemberSortKey = (typeof PROJECT_MEMBER_SORT_KEYS)[number];

export interface ProjectQuery {
  readonly teamId: string | undefined;
  readonly visibility: ProjectVisibility | undefined;
  readonly ownerId: string | undefined;
  /** A part of the name, in any case. */
  readonly search: string | undefined;
  readonly isArchived: boolean;
  /** Only what this user may see: open and public ones, and those of the user's teams, restricted ones if invited or team admin. */
  readonly readerId: string | undefined;
  readonly sort: { readonly key: ProjectSortKey; readonly descending: boolean };
  readonly after: KeysetPosition | undefined;
  readonly limit: number;
}

export interface ProjectMemberQuery {
  /** Only this one. */
  readonly userId: string | undefined;
  readonly sort: { readonly key: ProjectMemberSortKey; readonly descending: boolean };
  readonly after: KeysetPosition | undefined;
  readonly limit: number;
}

/** Reads and writes of projects. Every write and its audit event travel together; writes belong into a transaction. */
export interface ProjectStore {
  /** Archived projects included. */
  find(organizationId: string, id: string): Promise<Project | undefined>;
  /** The project, locked until the transaction ends. */
  lock(organizationId: string, id: string): Promise<Project | undefined>;
  list(organizationId: string, query: ProjectQuery): Promise<Page<Project>>;
  /** Undefined when there is no such live team. */
  findPrivacy(organizationId: string, teamId: string): Promise<ProjectPrivacy | undefined>;
  /**
   * Those of these accounts that are live and in the team, or service accounts of the organization; their membership
   * stays as it is until the transaction ends.
   */
  lockMemberships(
    organizationId: string,
    teamId: string,
    userIds: readonly string[],
  ): Promise<readonly TeamMembership[]>;
  /** @throws DomainError project.name_taken */
  insert(context: RequestContext, draft: ProjectDraft): Promise<void>;
  /** Raises the version. @throws DomainError project.name_taken */
  update(context: RequestContext, before: Project, change: ProjectChange): Promise<void>;
  archive(context: RequestContext, before: Project): Promise<void>;
  /** @throws DomainError project.name_taken */
  restore(context: RequestContext, before: Project): Promise<void>;
  findPlace(organizationId: string, projectId: string, userId: string): Promise<ProjectPlace | undefined>;
  /** What sets a member apart in the project from now on; nothing is kept for `NO_PLACE`. */
  setPlace(context: RequestContext, project: Project, userId: string, place: ProjectPlace): Promise<void>;
  /** @returns the ids of those who were not invited before */
  invite(context: RequestContext, project: Project, userIds: readonly string[]): Promise<readonly string[]>;
  /** Who is in the project: the team, or of a restricted project the invited. */
  members(organizationId: string, project: Project, query: ProjectMemberQuery): Promise<Page<ProjectMember>>;
}
