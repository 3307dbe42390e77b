import type { Instant } from '../../kernel/clock.js';
import type { Principal } from '../principals/index.js';
import type { KeysetPosition, Page } from '../query.js';
import type { RequestContext } from '../request-context.js';
import type { AccountType, OrganizationRole, Seat } from '../users/user.js';
import type { ApiKey } from './api-key.js';

/** A key that is live, and the account it acts for. */
export interface LiveApiKey {
  readonly principal: Principal;
  readonly hash: string;
  readonly lastUsedAt: Instant | undefined;
}

/** The account that keys are made for, as far as the rules ask. */
export interface ApiKeyOwner {
  readonly id: string;
  readonly displayName: string;
  readonly isActive: boolean;
  readonly accountType: AccountType;
  readonly organizationRole: OrganizationRole;
  readonly seat: Seat;
  readonly defaultTeamId: string | undefined;
}

export interface ApiKeyDraft {
  readonly key: ApiKey;
  readonly hash: string;
}

/** Whose keys somebody may see. */
export interface ApiKeyVisibility {
  readonly organizationId: string;
  readonly viewerId: string;
  /** Every key of the organization. */
  readonly seesAll: boolean;
  /** Also those of the service accounts of teams that the viewer administers. */
  readonly seesTeams: boolean;
}

export interface ApiKeyQuery {
  readonly userId: string | undefined;
  /** Expired keys are live ones that nobody can use. */
  readonly status: 'live' | 'revoked' | undefined;
  readonly after: KeysetPosition | undefined;
  readonly limit: number;
  /** The newest first. */
  readonly descending: boolean;
}

/** Reads and writes of API keys. Every write and its audit event travel together. */
export interface ApiKeyStore {
  /** The only lookup that is not bound to an organization: the key names it. Unknown to it: keys of accounts that may not use them now. */
  findLive(hash: string, now: Instant): Promise<LiveApiKey | undefined>;
  touch(organizationId: string, id: string, now: Instant): Promise<void>;
  /** The live account, locked until the end of the transaction, so that its keys can be counted. */
  lockOwner(organizationId: string, userId: string): Promise<ApiKeyOwner | undefined>;
  /** Whether the user has the role admin in the team. */
  isTeamAdmin(organizationId: string, teamId: string, userId: string): Promise<boolean>;
  countLive(organizationId: string, userId: string, now: Instant): Promise<number>;
  list(visibility: ApiKeyVisibility, query: ApiKeyQuery): Promise<Page<ApiKey>>;
  find(visibility: ApiKeyVisibility, id: string): Promise<ApiKey | undefined>;
  insert(context: RequestContext, draft: ApiKeyDraft): Promise<void>;
  /** Puts a new key in the place of a live one, which ends at `oldEndsAt`. @returns false when the old one is not live */
  replace(
    context: RequestContext,
    oldId: string,
    draft: ApiKeyDraft,
    oldEndsAt: Instant | undefined,
  ): Promise<boolean>;
  /** @returns false when there is no such live key */
  revoke(context: RequestContext, id: string): Promise<boolean>;
}
