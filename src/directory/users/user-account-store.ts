import type { Instant } from '../../kernel/clock.js';
import type { Page } from '../query.js';
import type { AccountFilter, AccountQuery, AccountTeam, UserAccount } from './user-account.js';

/** What statuses follow from, besides the rows. */
export interface StatusMoments {
  readonly now: Instant;
  /** Who has done nothing since then is `inactive`. */
  readonly inactiveSince: Instant;
}

/** What admins read of accounts, those included that are gone over SCIM. */
export interface UserAccountStore {
  /** @param inactiveSince - who has done nothing since then is `inactive` */
  find(organizationId: string, id: string, inactiveSince: Instant): Promise<UserAccount | undefined>;
  /** Locked until the end of the transaction. */
  lock(organizationId: string, id: string, inactiveSince: Instant): Promise<UserAccount | undefined>;
  list(organizationId: string, query: AccountQuery, moments: StatusMoments): Promise<Page<UserAccount>>;
  /** Up to `limit` accounts that the filter selects after one, in the order in which they were made. */
  next(
    organizationId: string,
    filter: AccountFilter,
    moments: StatusMoments,
    position: { readonly after: string | undefined; readonly limit: number },
  ): Promise<readonly UserAccount[]>;
  /** By name of the team. */
  teams(organizationId: string, id: string): Promise<readonly AccountTeam[]>;
}
