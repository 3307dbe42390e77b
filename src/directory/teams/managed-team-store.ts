import type { Page } from '../query.js';
import type { RequestContext } from '../request-context.js';
import type { ManagedTeam, StorageBucket, TeamLink, TeamQuery } from './managed-team.js';
import type { EnforcedPrivacy, TeamPrivacy } from './team-privacy.js';

/** Who looks at teams: those that are hidden from others show to their members, and to who sees all. */
export interface TeamViewer {
  readonly organizationId: string;
  readonly userId: string;
  readonly seesHidden: boolean;
}

/** What of a team can be changed, as it is stored. */
export interface TeamSettings {
  readonly displayName: string;
  readonly avatarUrl: string | undefined;
  readonly introduction: string | undefined;
  readonly links: readonly TeamLink[];
  readonly privacy: TeamPrivacy;
}

export interface LockedTeam extends TeamSettings {
  readonly id: string;
  readonly version: number;
  readonly isArchived: boolean;
  readonly enforced: EnforcedPrivacy;
}

export interface ManagedTeamDraft {
  readonly id: string;
  readonly displayName: string;
  readonly storageBucket: StorageBucket | undefined;
  readonly adminId: string | undefined;
}

/** Reads and writes of teams as people manage them. Every write and its audit event travel together. */
export interface ManagedTeamStore {
  /** Archived teams included, for who sees all. */
  find(viewer: TeamViewer, id: string): Promise<ManagedTeam | undefined>;
  list(viewer: TeamViewer, query: TeamQuery): Promise<Page<ManagedTeam>>;
  /** Locked until the end of the transaction. */
  lock(organizationId: string, id: string): Promise<LockedTeam | undefined>;
  /** @throws DomainError team.name_taken, team.unknown_member */
  insert(context: RequestContext, draft: ManagedTeamDraft): Promise<void>;
  /** Writes what differs; nothing when nothing does. @throws DomainError team.name_taken */
  write(context: RequestContext, team: LockedTeam, next: TeamSettings): Promise<void>;
  /** Back with its name and projects, and with the organization's service accounts. @throws DomainError team.name_taken */
  restore(context: RequestContext, team: LockedTeam): Promise<void>;
}
