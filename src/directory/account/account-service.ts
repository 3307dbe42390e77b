import type { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { hashPassword, verifyPassword } from '../../kernel/password-hash.js';
import { assertPassword } from '../local-sign-in/assert-password.js';
import { SignInThrottle } from '../local-sign-in/sign-in-attempts.js';
import type { PrincipalContext, Principal } from '../principals/index.js';
import type { Session } from '../sessions/session.js';
import type { SessionService } from '../sessions/session-service.js';
import type { UnitOfWork } from '../unit-of-work.js';
import type { Person } from '../users/user-store.js';

/** A person's own account, as they see it. */
export interface OwnAccount {
  readonly person: Person;
  /** Whether the person signs in with a password kept here. */
  readonly hasPassword: boolean;
  /** The last used first. */
  readonly sessions: readonly Session[];
}

/** What people see and change of their own account. */
export class AccountService {
  readonly #unitOfWork: UnitOfWork;
  readonly #sessions: SessionService;
  readonly #throttle: SignInThrottle;

  constructor(parts: {
    readonly unitOfWork: UnitOfWork;
    readonly clock: Clock;
    readonly sessions: SessionService;
  }) {
    this.#unitOfWork = parts.unitOfWork;
    this.#sessions = parts.sessions;
    this.#throttle = new SignInThrottle({ ...parts, purpose: 'sign_in' });
  }

  /** @throws DomainError user.not_found when the account went away meanwhile */
  async describe({ organizationId, userId }: Principal): Promise<OwnAccount> {
    const { users, localCredentials } = this.#unitOfWork.stores;
    const person = await users.findPerson(organizationId, userId);
    if (!person) throw new DomainError('user.not_found');
    const account = await localCredentials.findAccount(organizationId, userId);
    const sessions = await this.#sessions.list(organizationId, userId);
    return { person, hasPassword: account !== undefined, sessions };
  }

  /**
   * Changes the password of a person who knows it, and ends their other sessions. Wrong guesses count as at sign-in: an
   * open browser is no way around the throttle.
   * @throws DomainError account.wrong_password, account.invalid_password, credential.too_many_attempts
   */
  async changePassword(
    context: PrincipalContext,
    { current, next }: { readonly current: string; readonly next: string },
  ): Promise<void> {
    const { organizationId, userId, credential } = context.principal;
    assertPassword(next, 'next');
    const { users, localCredentials } = this.#unitOfWork.stores;
    const account = await localCredentials.findAccount(organizationId, userId);
    const person = await users.findPerson(organizationId, userId);
    if (!account || !person) throw new DomainError('account.wrong_password', { field: 'current' });
    const attempt = await this.#throttle.begin(person.userName, context.sourceAddress);
    if (attempt.kind === 'throttled')
      throw new DomainError('credential.too_many_attempts', {
        retryAfterSeconds: attempt.retryAfterSeconds,
      });
    if (!(await verifyPassword(current, account.passwordHash)))
      throw new DomainError('account.wrong_password', { field: 'current' });
    await attempt.forgive();
    const hash = await hashPassword(next);
    const kept = credential.kind === 'session' ? credential.id : undefined;
    await this.#unitOfWork.transaction(async (stores) => {
      // Who knew the old password has no say once another way has given a new one.
      if (!(await stores.localCredentials.hold(account)))
        throw new DomainError('account.wrong_password', { field: 'current' });
      await stores.localCredentials.changePassword(context, userId, { hash, isOneTime: false });
      await this.#sessions.endAll(context, userId, kept, stores);
    });
  }
}
