import type { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { isUuid, newId } from '../../kernel/ids.js';
import { LIMITS } from '../../kernel/limits.js';
import type { RoleFacts } from '../access/access-facts.js';
import type { Page } from '../query.js';
import type { RequestContext } from '../request-context.js';
import { findRoleChoice } from '../roles/find-role-choice.js';
import type { Stores, UnitOfWork } from '../unit-of-work.js';
import {
  NO_PLACE,
  type CreateProjectInput,
  type Project,
  type ProjectMember,
  type UpdateProjectInput,
} from './project.js';
import { defaultVisibility, requireVisibility } from './project-privacy.js';
import { decideKeptRole, hasProjectRoles } from './project-role-rules.js';
import type { ProjectChange, ProjectMemberQuery, ProjectQuery, TeamMembership } from './project-store.js';

/**
 * The rules of projects: visibility under the privacy settings, who is in a restricted one, roles that differ from the
 * team role. Who may do what is decided before, by `directory/access`.
 */
export class ProjectService {
  readonly #unitOfWork: UnitOfWork;
  readonly #clock: Clock;

  constructor({ unitOfWork, clock }: { readonly unitOfWork: UnitOfWork; readonly clock: Clock }) {
    this.#unitOfWork = unitOfWork;
    this.#clock = clock;
  }

  /** Archived projects included. @throws DomainError project.not_found */
  async get(organizationId: string, id: string): Promise<Project> {
    const project = isUuid(id) ? await this.#unitOfWork.stores.projects.find(organizationId, id) : undefined;
    if (!project) throw new DomainError('project.not_found');
    return project;
  }

  list(organizationId: string, query: ProjectQuery): Promise<Page<Project>> {
    return this.#unitOfWork.stores.projects.list(organizationId, query);
  }

  /** Who is in a live project. @throws DomainError project.not_found */
  async members(organizationId: string, id: string, query: ProjectMemberQuery): Promise<Page<ProjectMember>> {
    const project = requireLive(await this.get(organizationId, id));
    return this.#unitOfWork.stores.projects.members(organizationId, project, query);
  }

  /** @throws DomainError project.not_found, user.not_found for who is not in the project */
  async member(organizationId: string, id: string, userId: string): Promise<ProjectMember> {
    const query = { userId, sort: { key: 'id', descending: false }, after: undefined, limit: 1 } as const;
    const [member] = (await this.members(organizationId, id, query)).items;
    if (!member) throw new DomainError('user.not_found', { detail: 'The project has no such member.' });
    return member;
  }

  /**
   * Creates a project of a team. The owner, and whoever is invited to a restricted one, is in the team.
   * @throws DomainError team.not_found, project.invalid, project.name_taken, project.visibility_forbidden,
   *   project.not_a_team_member, project.not_restricted
   */
  async create(context: RequestContext, input: CreateProjectInput): Promise<Project> {
    const id = newId(this.#clock.now());
    const name = readName(input.name);
    assertCount(input.invitedIds);
    await this.#unitOfWork.transaction(async (stores) => {
      const { organizationId } = context;
      const { teamId, ownerId, invitedIds } = input;
      const privacy = isUuid(teamId) ? await stores.projects.findPrivacy(organizationId, teamId) : undefined;
      if (!privacy) throw new DomainError('team.not_found', { field: 'teamId' });
      const visibility = input.visibility ?? defaultVisibility(privacy);
      requireVisibility(visibility, undefined, privacy);
      if (visibility !== 'restricted' && invitedIds.length > 0)
        throw new DomainError('project.not_restricted', { field: 'invitedIds' });
      await requireOwner(stores, context, teamId, ownerId);
      await requireMemberships(stores, context, teamId, invitedIds);
      const invited = visibility === 'restricted' ? [...new Set([ownerId, ...invitedIds])] : [];
      await stores.projects.insert(context, { id, teamId, name, visibility, ownerId, invitedIds: invited });
    });
    return this.get(context.organizationId, id);
  }

  /**
   * Changes what the input names. Who is invited to a restricted project is forgotten when it opens to the team; when it
   * becomes restricted, its owner is invited.
   * @throws DomainError project.not_found, project.invalid, project.name_taken, project.visibility_forbidden,
   *   project.not_a_team_member, resource.version_mismatch
   */
  async update(
    context: RequestContext,
    id: string,
    input: UpdateProjectInput,
    expectedVersion: number | undefined,
  ): Promise<Project> {
    await this.#change(context, id, expectedVersion, async (stores, project) => {
      const { visibility, ownerId } = input;
      const name = input.name === undefined ? undefined : readName(input.name);
      if (visibility !== undefined) {
        const privacy = await stores.projects.findPrivacy(context.organizationId, project.teamId);
        if (!privacy) throw new DomainError('project.not_found');
        requireVisibility(visibility, project.visibility, privacy);
      }
      if (ownerId !== undefined && ownerId !== project.ownerId)
        await requireOwner(stores, context, project.teamId, ownerId);
      const change: ProjectChange = {
        ...(name === undefined || name === project.name ? {} : { name }),
        ...(visibility === undefined || visibility === project.visibility ? {} : { visibility }),
        ...(ownerId === undefined || ownerId === project.ownerId ? {} : { ownerId }),
      };
      if (Object.keys(change).length > 0) await stores.projects.update(context, project, change);
    });
    return this.get(context.organizationId, id);
  }

  /** The project goes, its name is free; it can be restored. @throws DomainError project.not_found, resource.version_mismatch */
  async archive(context: RequestContext, id: string, expectedVersion: number | undefined): Promise<void> {
    await this.#change(context, id, expectedVersion, (stores, project) =>
      stores.projects.archive(context, project),
    );
  }

  /** Brings an archived project of a live team back. @throws DomainError project.not_found, project.name_taken */
  async restore(context: RequestContext, id: string): Promise<Project> {
    await this.#unitOfWork.transaction(async (stores) => {
      const project = await lock(stores, context, id);
      const privacy = await stores.projects.findPrivacy(context.organizationId, project.teamId);
      if (!privacy)
        throw new DomainError('project.not_found', { detail: 'The team of the project is archived.' });
      if (project.archivedAt !== undefined) await stores.projects.restore(context, project);
    });
    return this.get(context.organizationId, id);
  }

  /**
   * Gives a member a role in the project other than the team role, by name, or takes it back.
   * @param roleName - undefined: the team role counts again
   * @throws DomainError project.not_found, project.not_a_team_member, project.not_invited, project.no_project_roles,
   *   project.role_follows_team, project.role_unknown
   */
  async setMemberRole(
    context: RequestContext,
    id: string,
    userId: string,
    roleName: string | undefined,
  ): Promise<void> {
    await this.#change(context, id, undefined, async (stores, project) => {
      const [member] = await requireMemberships(stores, context, project.teamId, [userId]);
      if (!hasProjectRoles(project.visibility)) throw new DomainError('project.no_project_roles');
      const place = (await stores.projects.findPlace(context.organizationId, id, userId)) ?? NO_PLACE;
      if (project.visibility === 'restricted' && !place.isInvited)
        throw new DomainError('project.not_invited');
      const wanted =
        roleName === undefined ? undefined : await findRoleChoice(stores, context.organizationId, roleName);
      if (roleName !== undefined && !wanted) throw unknownRole(roleName);
      const role = decideKeptRole(member?.role ?? SERVICE, wanted);
      await stores.projects.setPlace(context, project, userId, { ...place, role });
    });
  }

  /**
   * What a role of this name gives, to be held against what the giver has.
   * @throws DomainError project.role_unknown
   */
  async roleNamed(organizationId: string, name: string): Promise<RoleFacts> {
    const { stores } = this.#unitOfWork;
    const choice = await findRoleChoice(stores, organizationId, name);
    if (!choice) throw unknownRole(name);
    if (choice.role !== 'custom') return { kind: 'predefined', name: choice.role };
    const scope = { organizationId, connectionId: undefined, baseUrl: '' };
    const role = await stores.roles.find(scope, choice.customRoleId);
    if (!role) throw unknownRole(name);
    return {
      kind: 'custom',
      name: role.name,
      inheritedFrom: role.inheritedFrom,
      permissions: role.permissions,
    };
  }

  /**
   * Lets members of the team into a restricted project, and service accounts of the team or the organization. They have
   * their team role in it.
   * @throws DomainError project.not_found, project.not_restricted, project.not_a_team_member
   */
  async invite(context: RequestContext, id: string, userIds: readonly string[]): Promise<void> {
    assertCount(userIds);
    await this.#change(context, id, undefined, async (stores, project) => {
      if (project.visibility !== 'restricted') throw new DomainError('project.not_restricted');
      await requireMemberships(stores, context, project.teamId, userIds);
      await stores.projects.invite(context, project, userIds);
    });
  }

  /**
   * Takes a member out of a restricted project, together with the role of its own: who comes back has the team role.
   * @throws DomainError project.not_found, project.not_restricted
   */
  async uninvite(context: RequestContext, id: string, userId: string): Promise<void> {
    await this.#change(context, id, undefined, async (stores, project) => {
      if (project.visibility !== 'restricted') throw new DomainError('project.not_restricted');
      const place = isUuid(userId)
        ? await stores.projects.findPlace(context.organizationId, id, userId)
        : undefined;
      if (place?.isInvited !== true) throw new DomainError('project.not_invited');
      await stores.projects.setPlace(context, project, userId, NO_PLACE);
    });
  }

  async #change(
    context: RequestContext,
    id: string,
    expectedVersion: number | undefined,
    work: (stores: Stores, project: Project) => Promise<unknown>,
  ): Promise<void> {
    await this.#unitOfWork.transaction(async (stores) => {
      const project = requireLive(await lock(stores, context, id));
      if (expectedVersion !== undefined && project.version !== expectedVersion)
        throw new DomainError('resource.version_mismatch');
      await work(stores, project);
    });
  }
}

const unknownRole = (name: string): DomainError =>
  new DomainError('project.role_unknown', { detail: `There is no role "${name}".`, field: 'role' });

const SERVICE = { role: 'service', customRoleId: undefined } as const;

async function lock(stores: Stores, { organizationId }: RequestContext, id: string): Promise<Project> {
  const project = isUuid(id) ? await stores.projects.lock(organizationId, id) : undefined;
  if (!project) throw new DomainError('project.not_found');
  return project;
}

function requireLive(project: Project): Project {
  if (project.archivedAt !== undefined) throw new DomainError('project.not_found');
  return project;
}

function readName(name: string): string {
  const trimmed = name.trim();
  if (trimmed === '' || trimmed.length > LIMITS.nameLength)
    throw new DomainError('project.invalid', {
      detail: `The name of a project has 1 to ${LIMITS.nameLength} characters.`,
      field: 'name',
    });
  return trimmed;
}

function assertCount(ids: readonly string[]): void {
  if (ids.length > LIMITS.valuesPerAttribute)
    throw new DomainError('project.invalid', {
      detail: `A request may invite ${LIMITS.valuesPerAttribute} members.`,
      field: 'userIds',
    });
}

async function requireOwner(
  stores: Stores,
  context: RequestContext,
  teamId: string,
  ownerId: string,
): Promise<void> {
  const [owner] = await requireMemberships(stores, context, teamId, [ownerId], 'ownerId');
  if (owner?.role?.role === 'viewer')
    throw new DomainError('project.invalid', {
      detail: 'A View-Only member cannot own a project.',
      field: 'ownerId',
    });
}

/** The memberships of all these accounts; service accounts of the organization become members where they are not yet. */
async function requireMemberships(
  stores: Stores,
  context: RequestContext,
  teamId: string,
  userIds: readonly string[],
  field = 'userIds',
): Promise<readonly TeamMembership[]> {
  const ids = [...new Set(userIds)];
  if (ids.length === 0) return [];
  const found = await stores.projects.lockMemberships(context.organizationId, teamId, ids.filter(isUuid));
  const known = new Set(found.map(({ userId }) => userId));
  const stranger = ids.find((id) => !known.has(id));
  if (stranger !== undefined)
    throw new DomainError('project.not_a_team_member', {
      detail: `"${stranger.slice(0, UUID_LENGTH)}" is not a member of the team.`,
      field,
    });
  for (const { userId, role } of found)
    if (role === undefined) await stores.users.addServiceAccount(context, userId, [teamId]);
  return found;
}

const UUID_LENGTH = 36;
