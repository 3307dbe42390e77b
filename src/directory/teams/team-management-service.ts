import type { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { newId } from '../../kernel/ids.js';
import { hasPermission, type PrincipalContext } from '../principals/index.js';
import type { Page } from '../query.js';
import type { UnitOfWork } from '../unit-of-work.js';
import type { ManagedTeam, NewTeam, TeamChange, TeamPrivacyChange, TeamQuery } from './managed-team.js';
import type { LockedTeam, TeamSettings, TeamViewer } from './managed-team-store.js';
import { enforcedSettings, type TeamPrivacy } from './team-privacy.js';

export interface TeamManagementDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly clock: Clock;
  /** Whether admins of the organization may join teams as they like. */
  readonly mayAdminsJoinTeams: boolean;
}

/** Teams as people manage them. Who may do what is decided before, by `directory/access`. */
export class TeamManagementService {
  readonly #unitOfWork: UnitOfWork;
  readonly #clock: Clock;
  readonly #mayAdminsJoinTeams: boolean;

  constructor({ unitOfWork, clock, mayAdminsJoinTeams }: TeamManagementDependencies) {
    this.#unitOfWork = unitOfWork;
    this.#clock = clock;
    this.#mayAdminsJoinTeams = mayAdminsJoinTeams;
  }

  /**
   * A team that the caller may see. Hidden teams show to their members and to admins of the organization, archived ones
   * to those admins.
   * @throws DomainError team.not_found
   */
  async get(context: PrincipalContext, id: string): Promise<ManagedTeam> {
    const team = await this.#unitOfWork.stores.managedTeams.find(viewerOf(context), id);
    if (!team) throw new DomainError('team.not_found');
    return team;
  }

  /** @throws DomainError permission.denied for archived teams */
  list(context: PrincipalContext, query: TeamQuery): Promise<Page<ManagedTeam>> {
    if (query.isArchived && !hasPermission(context.principal, 'team:delete'))
      throw new DomainError('permission.denied', {
        detail: 'Archived teams are for who has the permission team:delete.',
      });
    return this.#unitOfWork.stores.managedTeams.list(viewerOf(context), query);
  }

  /** @throws DomainError team.name_taken, team.unknown_member */
  async create(context: PrincipalContext, input: NewTeam): Promise<ManagedTeam> {
    const id = newId(this.#clock.now());
    const { displayName, storageBucket } = input;
    await this.#unitOfWork.transaction((stores) =>
      stores.managedTeams.insert(context, {
        id,
        displayName,
        storageBucket,
        adminId: input.adminId ?? this.#firstAdmin(context),
      }),
    );
    return this.get(context, id);
  }

  /** Who creates a team runs it, unless that would be a way around the switch. */
  #firstAdmin({ principal }: PrincipalContext): string | undefined {
    const isKeptOut = principal.organizationRole === 'admin' && !this.#mayAdminsJoinTeams;
    return principal.accountType === 'USER' && !isKeptOut ? principal.userId : undefined;
  }

  /**
   * @throws DomainError team.not_found, team.name_taken, team.setting_enforced, resource.version_mismatch
   */
  async update(
    context: PrincipalContext,
    id: string,
    change: TeamChange,
    expectedVersion: number | undefined,
  ): Promise<ManagedTeam> {
    await this.#unitOfWork.transaction(async ({ managedTeams }) => {
      const team = requireLive(await managedTeams.lock(context.organizationId, id), expectedVersion);
      await managedTeams.write(context, team, changed(team, change));
    });
    return this.get(context, id);
  }

  /** Takes the team away: no members, its name free, its projects kept. @throws DomainError team.not_found, resource.version_mismatch */
  async archive(context: PrincipalContext, id: string, expectedVersion: number | undefined): Promise<void> {
    await this.#unitOfWork.transaction(async (stores) => {
      requireLive(await stores.managedTeams.lock(context.organizationId, id), expectedVersion);
      await stores.teams.archive(context, id, undefined);
    });
  }

  /** Brings an archived team back, without its former members. @throws DomainError team.not_found, team.not_archived, team.name_taken */
  async restore(context: PrincipalContext, id: string): Promise<ManagedTeam> {
    await this.#unitOfWork.transaction(async ({ managedTeams }) => {
      const team = await managedTeams.lock(context.organizationId, id);
      if (!team) throw new DomainError('team.not_found');
      if (!team.isArchived) throw new DomainError('team.not_archived');
      await managedTeams.restore(context, team);
    });
    return this.get(context, id);
  }
}

const viewerOf = ({ principal, organizationId }: PrincipalContext): TeamViewer => ({
  organizationId,
  userId: principal.userId,
  seesHidden: hasPermission(principal, 'team:delete'),
});

function requireLive(team: LockedTeam | undefined, expectedVersion: number | undefined): LockedTeam {
  if (!team || team.isArchived) throw new DomainError('team.not_found');
  if (expectedVersion !== undefined && expectedVersion !== team.version)
    throw new DomainError('resource.version_mismatch');
  return team;
}

function changed(team: LockedTeam, change: TeamChange): TeamSettings {
  const { displayName, avatarUrl, introduction, links, privacy } = change;
  return {
    displayName: displayName ?? team.displayName,
    avatarUrl: avatarUrl === undefined ? team.avatarUrl : (avatarUrl ?? undefined),
    introduction: introduction === undefined ? team.introduction : (introduction ?? undefined),
    links: links ?? team.links,
    privacy: privacy === undefined ? team.privacy : changePrivacy(team, privacy),
  };
}

function changePrivacy(team: LockedTeam, change: TeamPrivacyChange): TeamPrivacy {
  const taken = enforcedSettings(team.enforced).find((setting) => change[setting] !== undefined);
  if (taken !== undefined)
    throw new DomainError('team.setting_enforced', {
      field: `privacy.${taken}`,
      detail: `The organization decides ${taken} for every team.`,
    });
  const { privacy } = team;
  return {
    hideFromNonMembers: change.hideFromNonMembers ?? privacy.hideFromNonMembers,
    keepProjectsPrivate: change.keepProjectsPrivate ?? privacy.keepProjectsPrivate,
    membersMayInvite: change.membersMayInvite ?? privacy.membersMayInvite,
    blockReportSharing: change.blockReportSharing ?? privacy.blockReportSharing,
    saveCode: change.saveCode ?? privacy.saveCode,
  };
}
