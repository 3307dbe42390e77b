import { toInstant, type Clock, type Instant } from '../../kernel/clock.js';
import { DomainError, isDomainError } from '../../kernel/errors.js';
import { LIMITS } from '../../kernel/limits.js';
import { hashPassword } from '../../kernel/password-hash.js';
import { hashSecret, newSecret } from '../../kernel/secrets.js';
import { isStorableText } from '../../kernel/storable-text.js';
import type { MailOutbox } from '../mail/mail-outbox.js';
import type { LocalAccount, PasswordResetOwner } from '../organizations/local-credential-store.js';
import type { RequestContext } from '../request-context.js';
import type { SessionService } from '../sessions/session-service.js';
import type { UnitOfWork } from '../unit-of-work.js';
import { assertPassword } from './assert-password.js';
import { SignInThrottle } from './sign-in-attempts.js';

const SECRET_PREFIX = 'rp_';
/** Milliseconds for which a link is good. */
const LINK_LENGTH = 3_600_000;

/** A link to a new password. */
export interface IssuedPasswordReset {
  readonly userId: string;
  /** Only when no mail carries it. */
  readonly link: string | undefined;
  readonly expiresAt: Instant;
}

/** What somebody asks for who has forgotten the password, and from where. */
export interface PasswordResetRequest {
  readonly userName: string;
  readonly request: Pick<RequestContext, 'requestId' | 'sourceAddress'>;
}

export type PasswordResetRequestOutcome =
  /** Whoever that is: nobody is told whether there is such an account. */
  { readonly kind: 'taken' } | { readonly kind: 'throttled'; readonly retryAfterSeconds: number };

export interface PasswordResetDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly clock: Clock;
  readonly sessions: SessionService;
  readonly mailOutbox: MailOutbox;
  /** Absolute, without a slash at the end. */
  readonly publicUrl: string;
}

/**
 * New passwords for people who have forgotten theirs, by a link that is good once and for an hour. It is mailed to the
 * address the account was given its password with, so that nobody who may change the account's addresses gets it.
 */
export class PasswordResetService {
  readonly #parts: PasswordResetDependencies;
  readonly #throttle: SignInThrottle;
  /** Requests that were answered and are still looked after, one after the other. */
  #line: Promise<void> = Promise.resolve();

  constructor(parts: PasswordResetDependencies) {
    this.#parts = parts;
    this.#throttle = new SignInThrottle({ ...parts, purpose: 'reset' });
  }

  /** Whether people can ask for a link themselves: it goes by mail alone. */
  get isOffered(): boolean {
    return this.#parts.mailOutbox.isConfigured;
  }

  /**
   * Mails links to the accounts of this name, after the answer: how long that takes tells nobody whether there are any.
   * @param onFailure - hears of what goes wrong then
   */
  async request(
    { userName, request }: PasswordResetRequest,
    onFailure: (error: unknown) => void,
  ): Promise<PasswordResetRequestOutcome> {
    const name = userName.trim().slice(0, LIMITS.nameLength);
    const attempt = await this.#throttle.begin(name, request.sourceAddress);
    if (attempt.kind === 'throttled') return attempt;
    if (isStorableText(name))
      this.#line = this.#line.then(() => this.#mailLinks(name, request)).catch(onFailure);
    return { kind: 'taken' };
  }

  /** Resolves when every request that was answered has been looked after. */
  settle(): Promise<void> {
    return this.#line;
  }

  async #mailLinks(userName: string, request: PasswordResetRequest['request']): Promise<void> {
    const accounts = await this.#parts.unitOfWork.stores.localCredentials.findAccounts(userName);
    for (const account of accounts) {
      if (!account.isActive || account.isOneTime || account.recoveryEmail === undefined) continue;
      const { organizationId } = account;
      await this.#issue(
        { ...request, organizationId, actor: { kind: 'system', id: 'sign_in' } },
        account,
        true,
      ).catch(ignoreLostAccount);
    }
  }

  /**
   * Makes a link for somebody, as an admin. The one before is worthless.
   * @param options.sendEmail - false: the link is returned. Without a mail server or an address it always is
   * @throws DomainError user.not_found, account.no_password
   */
  async issue(
    context: RequestContext,
    userId: string,
    { sendEmail }: { readonly sendEmail: boolean },
  ): Promise<IssuedPasswordReset> {
    const { users, localCredentials } = this.#parts.unitOfWork.stores;
    if (!(await users.findPerson(context.organizationId, userId))) throw new DomainError('user.not_found');
    const account = await localCredentials.findAccount(context.organizationId, userId);
    if (!account) throw new DomainError('account.no_password');
    return this.#issue(context, account, sendEmail);
  }

  /** The same by the user name, for the operator. @throws DomainError user.not_found, account.no_password */
  async issueByName(
    context: RequestContext,
    userName: string,
    options: { readonly sendEmail: boolean },
  ): Promise<IssuedPasswordReset> {
    const accounts = await this.#parts.unitOfWork.stores.localCredentials.findAccounts(userName);
    const account = accounts.find(({ organizationId }) => organizationId === context.organizationId);
    if (!account) throw new DomainError('account.no_password');
    return this.#issue(context, account, options.sendEmail);
  }

  async #issue(
    context: RequestContext,
    account: LocalAccount,
    sendEmail: boolean,
  ): Promise<IssuedPasswordReset> {
    const { unitOfWork, mailOutbox, clock, publicUrl } = this.#parts;
    const { organizationId, userId, recoveryEmail: to } = account;
    const secret = newSecret(SECRET_PREFIX);
    const link = `${publicUrl}/login/reset/${secret}`;
    const expiresAt = toInstant(clock.now() + LINK_LENGTH);
    const isMailed = sendEmail && to !== undefined && mailOutbox.isConfigured;
    await unitOfWork.transaction(async (stores) => {
      const { organizationName, userName } = account;
      const settings = await stores.organizations.findSettings(organizationId);
      const mailId = isMailed
        ? await mailOutbox.leave(stores, organizationId, {
            kind: 'password_reset',
            to,
            link,
            organizationName: settings?.displayName ?? organizationName,
            userName,
            expiresAt,
          })
        : undefined;
      const draft = { secretHash: hashSecret(secret), expiresAt, mailId };
      const issued = await stores.localCredentials.issueReset(context, userId, draft);
      if (issued === 'no_password') throw new DomainError('account.no_password');
      if (issued.replacedMailId !== undefined)
        await stores.mailOutbox.withdraw(organizationId, issued.replacedMailId);
    });
    if (isMailed) mailOutbox.announce();
    return { userId, link: isMailed ? undefined : link, expiresAt };
  }

  /** Whose link it is. Reads only: mail scanners open links. @throws DomainError account.reset_link_invalid */
  async find(secret: string): Promise<PasswordResetOwner> {
    const { unitOfWork, clock } = this.#parts;
    const found = await unitOfWork.stores.localCredentials.findReset(
      hashSecret(secret),
      toInstant(clock.now()),
    );
    if (!found) throw new DomainError('account.reset_link_invalid');
    return found;
  }

  /**
   * Takes the link, sets the password, and ends every session of its owner.
   * @throws DomainError account.reset_link_invalid, account.invalid_password
   */
  async complete(
    { secret, password }: { readonly secret: string; readonly password: string },
    request: Pick<RequestContext, 'requestId' | 'sourceAddress'>,
  ): Promise<void> {
    const { organizationId, userId } = await this.find(secret);
    assertPassword(password, 'password');
    const hash = await hashPassword(password);
    const context: RequestContext = { ...request, organizationId, actor: { kind: 'user', id: userId } };
    const { unitOfWork, sessions } = this.#parts;
    await unitOfWork.transaction(async (stores) => {
      const isTaken = await stores.localCredentials.takeReset(context, hashSecret(secret), hash);
      if (!isTaken) throw new DomainError('account.reset_link_invalid');
      await sessions.endAll(context, userId, undefined, stores);
    });
  }
}

/** Deactivated, or without a password, since it was looked for. */
function ignoreLostAccount(error: unknown): void {
  if (!isDomainError(error, 'account.no_password')) throw error;
}
