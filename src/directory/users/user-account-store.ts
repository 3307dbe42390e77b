import type { Instant } from '../../kernel/clock.js';
import type { Page } from '../query.js';
import type { AccountQuery, AccountTeam, UserAccount } from './user-account.js';

/** What admins read of accounts, those included that are gone over SCIM. */
export interface UserAccountStore {
  /** @param inactiveSince - who has done nothing since then is `inactive` */
  find(organizationId: string, id: string, inactiveSince: Instant): Promise<UserAccount | undefined>;
  /** Locked until the end of the transaction. */
  lock(organizationId: string, id: string, inactiveSince: Instant): Promise<UserAccount | undefined>;
  list(organizationId: string, query: AccountQuery, inactiveSince: Instant): Promise<Page<UserAccount>>;
  /** By name of the team. */
  teams(organizationId: string, id: string): Promise<readonly AccountTeam[]>;
}
