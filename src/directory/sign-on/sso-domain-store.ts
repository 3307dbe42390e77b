import type { Instant } from '../../kernel/clock.js';
import type { IdWindow, Page } from '../query.js';
import type { RequestContext } from '../request-context.js';

/** An e-mail domain of an organization, and the SsoConnection its people sign in at. */
export interface SsoDomain {
  readonly id: string;
  readonly organizationId: string;
  readonly ssoConnectionId: string;
  /** ASCII in lower case, as DNS has it. */
  readonly domain: string;
  /** What the TXT record `_rollcall-challenge.<domain>` has to say. */
  readonly challenge: string;
  readonly createdAt: Instant;
  /** When its ownership was shown; nothing is believed about it before. */
  readonly verifiedAt: Instant | undefined;
}

/** Reads and writes of domains. Every write and its audit event travel together. */
export interface SsoDomainStore {
  list(organizationId: string, ssoConnectionId?: string): Promise<readonly SsoDomain[]>;
  /** Of one connection, or of the organization, in the order of their ids. */
  page(
    organizationId: string,
    ssoConnectionId: string | undefined,
    window: IdWindow,
  ): Promise<Page<SsoDomain>>;
  find(organizationId: string, id: string): Promise<SsoDomain | undefined>;
  findByName(organizationId: string, domain: string): Promise<SsoDomain | undefined>;
  /** Verified domains of one connection. */
  listVerified(organizationId: string, ssoConnectionId: string): Promise<readonly string[]>;
  /** @throws DomainError sso_domain.taken, sso_connection.not_found */
  insert(context: RequestContext, domain: SsoDomain): Promise<void>;
  /**
   * @returns false when there is no such domain, or it is verified already
   * @throws DomainError sso_domain.taken when another organization has shown that the domain is its own
   */
  verify(context: RequestContext, id: string): Promise<boolean>;
  /** Sends the people of a domain to another connection. @returns false when there is no such domain */
  assign(context: RequestContext, id: string, ssoConnectionId: string): Promise<boolean>;
  /** @returns false when there is no such domain */
  delete(context: RequestContext, id: string): Promise<boolean>;
}
