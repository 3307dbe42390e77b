import type { RequestContext } from '../request-context.js';
import type { ListQuery, Page } from '../query.js';
import type {
  AccountType,
  OrganizationRole,
  Seat,
  ListedUser,
  UserDocument,
  UserProfile,
  UserRecord,
} from './user.js';

/** Through which connection users are seen: whose externalIds, under which addresses. */
export interface UserScope {
  readonly organizationId: string;
  readonly connectionId: string | undefined;
  /** Base of addresses in documents: `https://host/scim/v2`. */
  readonly baseUrl: string;
}

/** What a read shows; teams cost a join. */
export interface UserReadScope extends UserScope {
  readonly withTeams: boolean;
}

export interface UserDraft {
  readonly id: string;
  readonly profile: UserProfile;
  readonly isActive: boolean;
  readonly organizationRole: OrganizationRole;
  readonly seat: Seat;
  readonly accountType: AccountType;
  readonly defaultTeamId: string | undefined;
  readonly isProtected: boolean;
  /** True when an open invitation of the person's addresses has to be settled with the account: it is not made then. */
  readonly yieldsToInvitation?: true;
}

export interface UserWrite {
  readonly profile?: UserProfile;
  readonly isActive?: boolean;
  readonly organizationRole?: OrganizationRole;
  readonly seat?: Seat;
  readonly accountType?: AccountType;
  readonly expectedVersion?: number;
  /** True when seats are limited, so that a write which takes one must hold the organization lock. */
  readonly limitsSeats?: boolean;
  /** True for a connection that may not make admins: it may not bring a deactivated one back either. */
  readonly forbidsAdmin?: boolean;
  /** Raise the version although no column changes: the caller changed team roles in the same transaction. */
  readonly touch?: boolean;
  /**
   * True outside the organization lock: a write that could take the last admin away or occupy a limited seat is not
   * done and answers `needs_lock`.
   */
  readonly isGuarded: boolean;
}

export type UserWriteVerdict =
  | 'written'
  | 'unchanged'
  | 'stale'
  | 'protected'
  | 'admin_forbidden'
  | 'account_type'
  | 'service_account'
  | 'needs_lock';

export interface UserWriteOutcome {
  readonly verdict: UserWriteVerdict;
  /** The user after the write, or as found when nothing was written. */
  readonly user: UserDocument;
}

export interface UserRemoval {
  readonly expectedVersion: number | undefined;
  /** Refuses to take an active admin, who may be the last one. */
  readonly isGuarded: boolean;
  readonly isForGood: boolean;
}

export interface UserRestoration {
  readonly profile: UserProfile;
  readonly isActive: boolean;
  readonly organizationRole: OrganizationRole;
  readonly seat: Seat;
}

export type UserRemovalVerdict = 'removed' | 'stale' | 'protected' | 'needs_lock';

export interface MembershipRole {
  readonly teamId: string;
  readonly role: 'admin' | 'member' | 'viewer' | 'custom';
  readonly customRoleId: string | undefined;
}

/** Who somebody is, in the words of a page. */
export interface Person {
  readonly userName: string;
  /** displayName, or userName when there is none. */
  readonly displayName: string;
  readonly organizationRole: OrganizationRole;
  readonly organizationName: string;
}

/** Reads and writes of users. Every write and its audit event travel together. */
export interface UserStore {
  find(scope: UserReadScope, id: string): Promise<UserDocument | undefined>;
  list(scope: UserReadScope, query: ListQuery): Promise<Page<ListedUser>>;
  /** What the rules need to know, teams included; inside a transaction the user is locked until its end. */
  findRecord(organizationId: string, id: string): Promise<UserRecord | undefined>;
  /**
   * @returns the new user, or `removed_account` when a removed account has this userName and must be restored instead,
   *   or a draft yields to an open invitation
   * @throws DomainError user.user_name_taken, user.external_id_taken
   */
  insert(
    context: RequestContext,
    scope: UserScope,
    draft: UserDraft,
  ): Promise<UserDocument | 'removed_account'>;
  /** @throws DomainError user.user_name_taken, user.external_id_taken */
  write(
    context: RequestContext,
    scope: UserScope,
    id: string,
    write: UserWrite,
  ): Promise<UserWriteOutcome | undefined>;
  /** Removed for good, its personal data go as well: several statements, for which a transaction has to be open. */
  remove(context: RequestContext, id: string, removal: UserRemoval): Promise<UserRemovalVerdict | undefined>;
  /** Takes the personal data of an account away that was removed before. */
  erase(context: RequestContext, id: string): Promise<void>;
  /** Whether a live or a removed account has this userName. */
  isNameKnown(organizationId: string, userName: string): Promise<boolean>;
  /** A live account as it is shown to the person itself. */
  findPerson(organizationId: string, id: string): Promise<Person | undefined>;
  /** The live account with one of these userNames that SCIM may not change. */
  findProtected(
    organizationId: string,
    userNames: readonly string[],
  ): Promise<{ readonly id: string; readonly userName: string } | undefined>;
  /** Id of the removed account with this userName, locked. */
  findRemoved(organizationId: string, userName: string): Promise<string | undefined>;
  /** As `findRecord`, of a removed account that is not erased. */
  findRemovedRecord(organizationId: string, id: string): Promise<UserRecord | undefined>;
  /** Brings a removed account back as the restoring connection's; its memberships were never gone. */
  restore(context: RequestContext, id: string, restoration: UserRestoration): Promise<void>;
  countActiveAdmins(organizationId: string, exceptUserId: string): Promise<number>;
  /** Active people in seats of this kind. */
  countSeats(organizationId: string, seat: Seat, exceptUserId: string): Promise<number>;
  /** Sets team roles, adding the memberships that are missing. @returns whether anything changed */
  setTeamRoles(context: RequestContext, userId: string, roles: readonly MembershipRole[]): Promise<boolean>;
  /** Puts a service account into teams. @throws DomainError user.unknown_team for one that is archived */
  addServiceAccount(context: RequestContext, userId: string, teamIds: readonly string[]): Promise<void>;
}
