import type { Instant } from '../../kernel/clock.js';
import type { OrganizationRole } from '../users/user.js';

/** Whose groups a rule speaks of: those that an SsoConnection asserts, or those that a Connection pushes over SCIM. */
export interface MappingSource {
  readonly kind: 'sso_connection' | 'connection';
  readonly id: string;
}

/** What a rule gives in a team. */
export interface MappedTeam {
  /** Undefined: the team that has the name of the group. */
  readonly teamId: string | undefined;
  readonly role: 'admin' | 'member' | 'viewer' | 'custom';
  readonly customRoleId: string | undefined;
}

/** What membership of an identity provider's group gives: an organization role, a role in a team, or both. */
export interface MappingRule {
  readonly id: string;
  readonly organizationId: string;
  readonly source: MappingSource;
  /** Compared without regard to case; in a pattern, `*` stands for any text. */
  readonly groupName: string;
  readonly match: 'exact' | 'pattern';
  readonly organizationRole: OrganizationRole | undefined;
  readonly team: MappedTeam | undefined;
  readonly version: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

export type MappingRuleDraft = Pick<
  MappingRule,
  'source' | 'groupName' | 'match' | 'organizationRole' | 'team'
>;
