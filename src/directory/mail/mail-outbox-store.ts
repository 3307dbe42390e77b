import type { Instant } from '../../kernel/clock.js';

/** A mail to be sent, sealed so that neither link nor address stands in the table. */
export interface MailDraft {
  readonly id: string;
  readonly payload: string;
}

/** A mail that one worker has for itself until its claim lapses. */
export interface ClaimedMail extends MailDraft {
  readonly organizationId: string;
  /** This attempt, counted from 1. It is the claim: an outcome counts only for the attempt it belongs to. */
  readonly attempt: number;
}

/** What became of an attempt. `reason` is a code of the protocol, without addresses or links. */
export type MailOutcome =
  | { readonly kind: 'sent' }
  | { readonly kind: 'retry'; readonly dueAt: Instant; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** Mails waiting to be sent, written in the transaction of what they tell of. */
export interface MailOutboxStore {
  insert(organizationId: string, draft: MailDraft): Promise<void>;
  /** Takes back a mail that is not sent yet; one that is being sent at this moment may still arrive. */
  withdraw(organizationId: string, id: string): Promise<void>;
  /**
   * Takes mails that are due, in every organization. Until `until` no other worker gets them; one whose worker ended
   * meanwhile is due again then.
   */
  claim(now: Instant, until: Instant, limit: number): Promise<readonly ClaimedMail[]>;
  /** The payload goes with the last attempt. Nothing happens when the claim has lapsed and another worker has the mail. */
  settle(mail: ClaimedMail, outcome: MailOutcome): Promise<void>;
}
