import type { Instant } from '../../kernel/clock.js';
import type { KeysetPosition, Page } from '../query.js';
import type { RequestContext } from '../request-context.js';
import type { OrganizationRole, Seat } from '../users/user.js';
import type { MembershipRole } from '../users/user-store.js';
import type { Invitation, InvitationOrigin, InvitationState } from './invitation.js';

/** The mail that carries a link, or why there is none. */
export type InvitationDelivery =
  | { readonly mailId: string; readonly absence: undefined }
  | { readonly mailId: undefined; readonly absence: 'not_configured' | 'not_requested' };

export interface InvitationDraft {
  readonly id: string;
  readonly email: string;
  readonly origin: InvitationOrigin;
  readonly organizationRole: OrganizationRole;
  readonly seat: Seat;
  readonly teams: readonly MembershipRole[];
  readonly secretHash: string;
  readonly delivery: InvitationDelivery;
  readonly invitedBy: string | undefined;
  readonly expiresAt: Instant;
}

export interface InvitationQuery {
  readonly state: InvitationState | undefined;
  /** Part of the address, in any case. */
  readonly search: string | undefined;
  readonly teamId: string | undefined;
  readonly after: KeysetPosition | undefined;
  readonly limit: number;
  readonly descending: boolean;
}

/** An account that has one of the addresses asked for, as its name or among its e-mails. */
export interface AddressHolder {
  readonly userId: string;
  /** Folded: which of the addresses. */
  readonly emailKey: string;
  readonly state: 'active' | 'deactivated' | 'removed';
}

/** A new link for an invitation that is there. */
export interface InvitationRenewal {
  readonly secretHash: string;
  readonly delivery: InvitationDelivery;
  readonly expiresAt: Instant;
}

/** Reads and writes of invitations. Each write has its audit event in the same transaction. */
export interface InvitationStore {
  /** @throws DomainError invitation.already_invited */
  insert(context: RequestContext, draft: InvitationDraft): Promise<void>;
  list(organizationId: string, query: InvitationQuery): Promise<Page<Invitation>>;
  /** Inside a transaction the invitation is locked until its end. */
  find(organizationId: string, id: string): Promise<Invitation | undefined>;
  /** Whose link it is. Not bound to an organization: the link names it. */
  findBySecret(secretHash: string): Promise<Invitation | undefined>;
  /** Whether `findOpenByEmail` would find any; nothing is locked. */
  hasOpen(organizationId: string, emails: readonly string[]): Promise<boolean>;
  /** Pending invitations of addresses that have not expired, the oldest first; locked inside a transaction. */
  findOpenByEmail(organizationId: string, emails: readonly string[]): Promise<readonly Invitation[]>;
  /** Accounts that have these addresses, service accounts left out. */
  findHolders(organizationId: string, emails: readonly string[]): Promise<readonly AddressHolder[]>;
  /** Whether a live account is in a team. */
  isMember(organizationId: string, teamId: string, userId: string): Promise<boolean>;
  /** Writes down that pending invitations of these addresses have expired, so that they can be invited again. */
  expireLapsed(organizationId: string, emails: readonly string[]): Promise<void>;
  /** A new link takes the place of the old one. */
  renew(context: RequestContext, before: Invitation, renewal: InvitationRenewal): Promise<void>;
  /** Sets the role in teams, and adds those that are missing. */
  setTeams(context: RequestContext, before: Invitation, teams: readonly MembershipRole[]): Promise<void>;
  removeTeam(context: RequestContext, before: Invitation, teamId: string): Promise<void>;
  revoke(context: RequestContext, before: Invitation): Promise<void>;
  accept(context: RequestContext, before: Invitation, userId: string): Promise<void>;
}
