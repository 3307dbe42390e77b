import type { Instant } from '../../kernel/clock.js';
import type { RequestContext } from '../request-context.js';

/** An account that has a password, as sign-in sees it. */
export interface LocalAccount {
  readonly organizationId: string;
  readonly organizationName: string;
  readonly userId: string;
  readonly userName: string;
  readonly passwordHash: string;
  /** Where the link to a new password is sent; undefined for an account without an address of its own. */
  readonly recoveryEmail: string | undefined;
  /** The password is good for one sign-in. */
  readonly isOneTime: boolean;
  readonly isActive: boolean;
}

/** Why a right or wrong password did not let somebody in; for the audit trail alone. */
export type LocalRefusalReason = 'wrong_password' | 'deactivated';

/** A link to a new password, as it is kept. */
export interface PasswordResetDraft {
  readonly secretHash: string;
  readonly expiresAt: Instant;
  /** Undefined when the link is handed over. */
  readonly mailId: string | undefined;
}

/** Whose link it is. */
export interface PasswordResetOwner {
  readonly organizationId: string;
  readonly organizationName: string;
  readonly userId: string;
  readonly userName: string;
}

/** Passwords of people who sign in without an IdP, and the one-time link that makes the first admin. */
export interface LocalCredentialStore {
  /** For an account made in the same transaction, whose audit event stands for it. @param email its owner's */
  insert(organizationId: string, userId: string, password: { hash: string; email: string }): Promise<void>;
  /** Changes the password of an account, or gives it one. A link to a new password is worthless then. */
  changePassword(
    context: RequestContext,
    userId: string,
    password: { readonly hash: string; readonly isOneTime: boolean },
  ): Promise<void>;
  /**
   * Makes the only good link to a new password of an account, and writes `user:issue_password_reset`, in one statement
   * that holds off a deactivation until it is done.
   * @returns the mail with the link before, which need not be sent any more; `no_password` when the account is not live
   *   and active, or has no password of its own
   */
  issueReset(
    context: RequestContext,
    userId: string,
    draft: PasswordResetDraft,
  ): Promise<{ readonly replacedMailId: string | undefined } | 'no_password'>;
  /** Whose link has this hash, while it is good. Not bound to an organization: the link names it. */
  findReset(secretHash: string, now: Instant): Promise<PasswordResetOwner | undefined>;
  /** Takes the link and changes the password. @returns false when the link is not good any more */
  takeReset(context: RequestContext, secretHash: string, passwordHash: string): Promise<boolean>;
  /** Takes the password of an account away; nothing when it has none. */
  removePassword(context: RequestContext, userId: string): Promise<void>;
  /** The same password under another hash; nothing when it has changed meanwhile. */
  rehash(account: LocalAccount, hash: string): Promise<void>;
  /**
   * Holds the password as it is until the end of the transaction: whoever changes it waits, and sees what was done with it.
   * @returns false when it has changed since the account was read
   */
  hold(account: LocalAccount): Promise<boolean>;
  /** Takes a one-time password. @returns false when somebody else was faster */
  takeOneTime(account: LocalAccount): Promise<boolean>;
  /** Live people with this userName and a password, in every organization; some few at most. */
  findAccounts(userName: string): Promise<readonly LocalAccount[]>;
  /** The account of one person; undefined when it has no password. */
  findAccount(organizationId: string, userId: string): Promise<LocalAccount | undefined>;
  /** Writes `user:login_refused`. */
  noteRefusal(context: RequestContext, userId: string, reason: LocalRefusalReason): Promise<void>;
  /** Makes the link with this hash the only one that is good. */
  replaceSetupLink(hash: string, now: Instant): Promise<void>;
  /** Whether the link may be used; takes it, so that it is good once. */
  takeSetupLink(hash: string, now: Instant): Promise<boolean>;
  /** Whether the link could be used now. */
  hasSetupLink(hash: string): Promise<boolean>;
}
