import type { Instant } from '../../kernel/clock.js';
import type { Page } from '../query.js';
import type { RequestContext } from '../request-context.js';
import type { RoleChoice } from '../roles/find-role-choice.js';
import type { AccountType } from '../users/user.js';
import type { AccountReference, MemberQuery, TeamMembership } from './team-membership.js';

/** A role in a team as it is stored; service accounts have the role service and no other. */
export type StoredRole = RoleChoice | { readonly role: 'service'; readonly customRoleId: undefined };

export interface MemberWrite {
  readonly teamId: string;
  readonly userId: string;
  readonly role: StoredRole;
  readonly isRegistryAdmin: boolean;
}

/** An account that could become a member. */
export interface Candidate {
  readonly id: string;
  readonly accountType: AccountType;
  readonly defaultTeamId: string | undefined;
}

/** Reads and writes of memberships, one at a time. Every write and its audit event travel together. */
export interface MembershipStore {
  /** Accounts that SCIM has removed are not shown. @param inactiveSince - as in UserAccountStore */
  list(
    organizationId: string,
    teamId: string,
    query: MemberQuery,
    inactiveSince: Instant,
  ): Promise<Page<TeamMembership>>;
  find(
    organizationId: string,
    teamId: string,
    userId: string,
    inactiveSince: Instant,
  ): Promise<TeamMembership | undefined>;
  /** Live accounts with this id, userName or e-mail address; at most two, because more are as ambiguous. */
  findCandidates(organizationId: string, reference: AccountReference): Promise<readonly Candidate[]>;
  /** @returns false when the account is a member already. The team must be locked. */
  insert(context: RequestContext, member: MemberWrite): Promise<boolean>;
  /** Writes the role and the flag of a member who has others. The team must be locked. */
  update(context: RequestContext, before: TeamMembership, member: MemberWrite): Promise<void>;
  /**
   * The team must be locked.
   * @returns the Connection that had pushed the membership; undefined as a whole when the account is no member
   */
  remove(
    context: RequestContext,
    teamId: string,
    userId: string,
  ): Promise<{ readonly pushedBy: string | undefined } | undefined>;
}
