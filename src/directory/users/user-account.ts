import type { Instant } from '../../kernel/clock.js';
import type { KeysetPosition } from '../query.js';
import type { AccountType, OrganizationRole, Seat } from './user.js';

/**
 * What admins see of an account's state. `inactive` may sign in and has not done anything for six months;
 * `removed_by_idp` was deleted over SCIM and can be restored; `removed` is what remains of somebody who was removed from
 * the organization: an id and a display name.
 */
export const ACCOUNT_STATUSES = ['active', 'inactive', 'deactivated', 'removed_by_idp', 'removed'] as const;
export type AccountStatus = (typeof ACCOUNT_STATUSES)[number];

/** The same in lists, with people who have no account yet: they are invited, and have not accepted. */
export const LISTED_STATUSES = ['invited', ...ACCOUNT_STATUSES] as const;
export type ListedStatus = (typeof LISTED_STATUSES)[number];

/** Milliseconds without activity after which an account counts as inactive: six months. */
export const INACTIVE_AFTER = 183 * 86_400_000;

export interface AccountEmail {
  readonly value: string;
  readonly type: string | undefined;
  readonly isPrimary: boolean;
}

export interface AccountName {
  readonly givenName: string | undefined;
  readonly familyName: string | undefined;
}

/** A user or service account as admins see it. */
export interface UserAccount {
  /** Of somebody who is invited, the invitation's. */
  readonly id: string;
  readonly userName: string;
  readonly displayName: string;
  readonly name: AccountName;
  readonly emails: readonly AccountEmail[];
  readonly title: string | undefined;
  readonly status: ListedStatus;
  readonly organizationRole: OrganizationRole;
  readonly seat: Seat;
  readonly accountType: AccountType;
  readonly defaultTeamId: string | undefined;
  /** Out of reach of SCIM and sign-on. */
  readonly isProtected: boolean;
  /** The Connection that provisioned the account, whose next sync may overwrite what is changed here. */
  readonly connectionId: string | undefined;
  readonly lastActiveAt: Instant | undefined;
  readonly daysActive: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  readonly removedAt: Instant | undefined;
  readonly version: number;
}

/** A team of an account, with the role in it. */
export interface AccountTeam {
  readonly teamId: string;
  readonly teamName: string;
  readonly roleName: string;
  readonly isRegistryAdmin: boolean;
}

export const ACCOUNT_SORT_KEYS = ['userName', 'displayName', 'createdAt', 'lastActiveAt'] as const;
export type AccountSortKey = (typeof ACCOUNT_SORT_KEYS)[number];

export interface AccountFilter {
  /** Part of the userName, the display name or an e-mail address, in any case. */
  readonly search: string | undefined;
  /** Every status but `invited` and `removed` when absent. */
  readonly status: ListedStatus | undefined;
  readonly organizationRole: OrganizationRole | undefined;
  readonly seat: Seat | undefined;
  readonly accountType: AccountType | undefined;
  readonly connectionId: string | undefined;
}

export interface AccountQuery extends AccountFilter {
  readonly sort: { readonly key: AccountSortKey; readonly descending: boolean };
  readonly after: KeysetPosition | undefined;
  readonly limit: number;
}

/** What an admin may change; an absent part stays as it is, null clears it. */
export interface AccountChange {
  readonly userName?: string | undefined;
  readonly displayName?: string | null | undefined;
  readonly name?:
    | { readonly givenName?: string | null | undefined; readonly familyName?: string | null | undefined }
    | null
    | undefined;
  readonly title?: string | null | undefined;
  /** The whole list. */
  readonly emails?:
    | readonly {
        readonly value: string;
        readonly type?: string | undefined;
        readonly isPrimary?: boolean | undefined;
      }[]
    | undefined;
  readonly organizationRole?: OrganizationRole | undefined;
  readonly seat?: Seat | undefined;
}
