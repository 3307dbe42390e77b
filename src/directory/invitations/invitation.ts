import type { Instant } from '../../kernel/clock.js';
import type { MailState } from '../mail/mail.js';
import type { OrganizationRole, Seat } from '../users/user.js';
import type { MembershipRole } from '../users/user-store.js';

/** Days from an invitation, or from sending it again, until its link is worthless. */
export const INVITATION_DAYS = 7;

/** `expired`: nobody accepted in time. It can be sent again. */
export const INVITATION_STATES = ['pending', 'accepted', 'revoked', 'expired'] as const;
export type InvitationState = (typeof INVITATION_STATES)[number];

/** `organization`: to have an account. `team`: to join teams, with an account if there is none. */
export const INVITATION_ORIGINS = ['organization', 'team'] as const;
export type InvitationOrigin = (typeof INVITATION_ORIGINS)[number];

/** A team that the invited person joins. `roleName` is admin, member, viewer, or the name of a custom role. */
export interface InvitationTeam extends MembershipRole {
  readonly teamName: string;
  readonly roleName: string;
}

/** How the mail with the link is doing. */
export interface InvitationMailStatus {
  readonly state: MailState;
  readonly attempts: number;
  /** Codes of the last attempt that failed. */
  readonly lastError: string | undefined;
}

/** Somebody who was asked to join, without the secret of the link. */
export interface Invitation {
  readonly id: string;
  readonly organizationId: string;
  readonly email: string;
  readonly origin: InvitationOrigin;
  /** What the account gets that is made from it. */
  readonly organizationRole: OrganizationRole;
  readonly seat: Seat;
  /** Teams that are not archived. */
  readonly teams: readonly InvitationTeam[];
  readonly state: InvitationState;
  readonly mailId: string | undefined;
  readonly mail: InvitationMailStatus;
  /** Undefined for the operator. */
  readonly invitedBy: { readonly id: string; readonly name: string } | undefined;
  /** The account it became, or that joined the teams. */
  readonly userId: string | undefined;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
  readonly settledAt: Instant | undefined;
}

/** An invitation just made or sent again. The link is there only when no mail carries it. */
export interface IssuedInvitation {
  readonly invitation: Invitation;
  readonly link: string | undefined;
}
