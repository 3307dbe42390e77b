import type { Instant } from '../../kernel/clock.js';

/** Asks somebody to join: the only place beside the answer to the inviter where the link's secret stands. */
export interface InvitationMail {
  readonly kind: 'invitation';
  readonly to: string;
  readonly link: string;
  readonly organizationName: string;
  /** Undefined when the operator invites. */
  readonly inviterName: string | undefined;
  readonly expiresAt: Instant;
}

/** Brings the link with which the owner of an account chooses a new password. */
export interface PasswordResetMail {
  readonly kind: 'password_reset';
  readonly to: string;
  readonly link: string;
  readonly organizationName: string;
  readonly userName: string;
  readonly expiresAt: Instant;
}

/** Everything a mail is made from. How it reads is decided when it is sent; after `expiresAt` it is not sent any more. */
export type Mail = InvitationMail | PasswordResetMail;

/**
 * `failed`: given up, after the last attempt or because the mail server refused the address. `not_configured`: there was
 * no mail server when it would have been sent. `not_requested`: whoever asked for it wanted to hand the link over.
 */
export const MAIL_STATES = ['pending', 'sent', 'failed', 'not_configured', 'not_requested'] as const;
export type MailState = (typeof MAIL_STATES)[number];
