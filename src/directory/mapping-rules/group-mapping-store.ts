import type { Instant } from '../../kernel/clock.js';
import type { RequestContext } from '../request-context.js';
import type { OrganizationRole } from '../users/user.js';
import type { MembershipChanges } from '../sign-on/sign-on-store.js';

/** A membership as the mapping rules of one Connection see it. */
export interface GroupMembership {
  readonly teamId: string;
  readonly role: 'admin' | 'member' | 'viewer' | 'custom' | 'service';
  readonly customRoleId: string | undefined;
  readonly isRoleMapped: boolean;
  readonly mappingRuleId: string | undefined;
  /** Whether group claims of a sign-on made it. */
  readonly isMadeBySignOn: boolean;
  /** Whether the Connection pushed it. */
  readonly isPushed: boolean;
  /** Whether rules of the Connection made it. */
  readonly isMadeByRule: boolean;
  /** The folded name of the group, where the Connection pushed it and the team is a group of the Connection. */
  readonly groupKey: string | undefined;
}

/** The organization role that the rules of a Connection gave to a person. */
export interface GivenRole {
  readonly role: OrganizationRole;
  /** What the person goes back to when no rule gives a role any more. */
  readonly base: OrganizationRole;
  /** Stays admin though no rule says so any more, as the last one. */
  readonly isKept: boolean;
}

/** A person as the mapping rules of one Connection see it. */
export interface MappedPerson {
  readonly id: string;
  readonly organizationRole: OrganizationRole;
  /** The mapping rule that gave it, of this Connection or elsewhere. */
  readonly roleRuleId: string | undefined;
  /** Active, and not removed. */
  readonly isActive: boolean;
  readonly given: GivenRole | undefined;
  /** Those of the Connection's own, and those in teams that rules name. */
  readonly memberships: readonly GroupMembership[];
}

/** What becomes of a person. */
export interface PersonChange {
  readonly person: MappedPerson;
  /** Undefined: it stays. */
  readonly organizationRole: OrganizationRole | undefined;
  /** The rule that gives the role the person has from now on. */
  readonly roleRuleId: string | undefined;
  readonly given: GivenRole | undefined;
  readonly memberships: MembershipChanges;
}

/** A Connection whose people are gone through once more. */
export interface MappingRun {
  readonly afterUserId: string | undefined;
  readonly isLast: boolean;
  /** Of the request that changed rules or groups. */
  readonly requestId: string;
}

/** The names of a group: to whom it belongs, and what that Connection calls it. */
export interface GroupName {
  readonly connectionId: string;
  /** Folded. */
  readonly groupKey: string;
}

/** What mapping rules for pushed groups read and write beside the rules themselves. */
export interface GroupMappingStore {
  findGroup(organizationId: string, teamId: string): Promise<GroupName | undefined>;
  /**
   * People among these, locked until the end of the transaction; removed ones too, as they may come back. Service
   * accounts and accounts that are protected from SCIM are left out.
   */
  lockPeople(
    organizationId: string,
    connectionId: string,
    userIds: readonly string[],
    namedTeamIds: readonly string[],
  ): Promise<readonly MappedPerson[]>;
  /** Active admins that are none of these. */
  countOtherAdmins(organizationId: string, exceptUserIds: readonly string[]): Promise<number>;
  /** Writes what changes, with one audit event for each person whose roles or memberships do. */
  write(context: RequestContext, connectionId: string, changes: readonly PersonChange[]): Promise<void>;
  /** Ids of the people, in order, that the Connection's groups or rules concern or concerned. */
  peopleAfter(
    organizationId: string,
    connectionId: string,
    afterUserId: string | undefined,
    limit: number,
  ): Promise<readonly string[]>;
  /** Asks for everybody of a Connection to be gone through, from the start if that is under way. */
  requestRun(context: RequestContext, connectionId: string): Promise<void>;
  /** The run of a Connection that is due, locked. */
  lockDueRun(organizationId: string, connectionId: string, now: Instant): Promise<MappingRun | undefined>;
  advanceRun(
    organizationId: string,
    connectionId: string,
    next:
      | { readonly afterUserId: string | undefined; readonly isLast: boolean; readonly dueAt: Instant }
      | undefined,
  ): Promise<void>;
  /** Connections with a run that is due, of every organization. */
  findDueRuns(
    now: Instant,
    limit: number,
  ): Promise<readonly { readonly organizationId: string; readonly connectionId: string }[]>;
}
