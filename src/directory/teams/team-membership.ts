import type { Instant } from '../../kernel/clock.js';
import type { KeysetPosition } from '../query.js';
import type { AccountType } from '../users/user.js';
import type { AccountStatus } from '../users/user-account.js';

/** An account in a team. */
export interface TeamMembership {
  readonly userId: string;
  readonly userName: string;
  readonly displayName: string;
  readonly accountType: AccountType;
  readonly status: AccountStatus;
  /** admin, member, viewer, service, or the name of a custom role. */
  readonly roleName: string;
  readonly customRoleId: string | undefined;
  readonly isRegistryAdmin: boolean;
  /** The SsoConnection whose group claims keep the membership. */
  readonly ssoConnectionId: string | undefined;
  readonly since: Instant;
}

/** How an account is named: one of the three. */
export interface AccountReference {
  readonly userId?: string | undefined;
  readonly userName?: string | undefined;
  readonly email?: string | undefined;
}

export interface NewMember {
  readonly account: AccountReference;
  /** Name of a role; member unless given. */
  readonly roleName: string | undefined;
  readonly isRegistryAdmin: boolean;
}

export interface MemberChangeInput {
  readonly roleName?: string | undefined;
  readonly isRegistryAdmin?: boolean | undefined;
}

export const MEMBER_SORT_KEYS = ['displayName', 'userName'] as const;
export type MemberSortKey = (typeof MEMBER_SORT_KEYS)[number];

export interface MemberQuery {
  /** Part of the userName, the display name or an e-mail address, in any case. */
  readonly search: string | undefined;
  /** Name of a role. */
  readonly roleName: string | undefined;
  readonly sort: { readonly key: MemberSortKey; readonly descending: boolean };
  readonly after: KeysetPosition | undefined;
  readonly limit: number;
}
