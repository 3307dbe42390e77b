import type { Instant } from '../../kernel/clock.js';
import type { RoleBase } from '../../permissions/index.js';
import type { ProjectVisibility } from '../projects/project.js';
import type { AccountType, OrganizationRole, Seat } from '../users/user.js';

/** The account a question is about. */
export interface SubjectFacts {
  readonly id: string;
  readonly userNameKey: string | undefined;
  readonly accountType: AccountType;
  readonly isActive: boolean;
  readonly isRemoved: boolean;
  readonly organizationRole: OrganizationRole;
  readonly organizationRoleSince: Instant;
  /** The mapping rule that gave the organization role. */
  readonly organizationRoleRuleId: string | undefined;
  readonly seat: Seat;
}

export type RoleFacts =
  | { readonly kind: 'predefined'; readonly name: 'admin' | 'member' | 'viewer' | 'service' }
  | {
      readonly kind: 'custom';
      readonly name: string;
      readonly inheritedFrom: RoleBase;
      /** What it adds. */
      readonly permissions: readonly string[];
    };

export interface TeamFacts {
  readonly id: string;
  readonly name: string;
  /** The team's setting, unless the organization forbids it. */
  readonly mayMembersInvite: boolean;
}

export interface MembershipFacts {
  readonly role: RoleFacts;
  readonly isRegistryAdmin: boolean;
  /** When the subject came into the team. */
  readonly since: Instant;
  /** Whether a mapping rule gave the role. */
  readonly isRoleMapped: boolean;
  /** The rule that gave it, as far as that has been kept. */
  readonly mappingRuleId: string | undefined;
  /** The connection whose group claims put it there. */
  readonly ssoConnectionId: string | undefined;
}

/** A membership, or what stands for one. */
export type Membership = Pick<MembershipFacts, 'role' | 'isRegistryAdmin'> & Partial<MembershipFacts>;

export interface ProjectFacts {
  readonly id: string;
  readonly name: string;
  readonly teamId: string;
  readonly visibility: ProjectVisibility;
  readonly ownerId: string;
}

/** What sets the subject apart in the project. */
export interface ProjectPlaceFacts {
  readonly ownRole: RoleFacts | undefined;
  readonly isInvited: boolean;
}

/** One subject at one place: all that a decision needs, as of one moment. Archived teams and projects are absent. */
export interface AccessFacts {
  readonly organizationId: string;
  /** `ambiguous`: several accounts have the e-mail address. */
  readonly subject: SubjectFacts | 'unknown' | 'ambiguous';
  readonly team: TeamFacts | undefined;
  readonly membership: MembershipFacts | undefined;
  readonly project: ProjectFacts | undefined;
  readonly place: ProjectPlaceFacts | undefined;
  /** Whether the custom role that the question names exists. */
  readonly hasCustomRole: boolean;
}
