import type { Clock } from '../../kernel/clock.js';
import { isDomainError } from '../../kernel/errors.js';
import { LIMITS } from '../../kernel/limits.js';
import { hashPassword, needsRehash, verifyPassword } from '../../kernel/password-hash.js';
import { newSecret } from '../../kernel/secrets.js';
import { isStorableText } from '../../kernel/storable-text.js';
import type { LocalAccount, LocalRefusalReason } from '../organizations/local-credential-store.js';
import type { RequestContext } from '../request-context.js';
import type { OpenedSession, SessionService } from '../sessions/session-service.js';
import type { UnitOfWork } from '../unit-of-work.js';
import { SignInThrottle } from './sign-in-attempts.js';

/** What a person entered, and where they are. */
export interface LocalSignIn {
  readonly userName: string;
  readonly password: string;
  /** Id, when the person was asked which of several organizations they mean. */
  readonly organizationId: string | undefined;
  readonly request: Pick<RequestContext, 'requestId' | 'sourceAddress'>;
  /** The User-Agent header as it came. */
  readonly userAgent: string | undefined;
  /** Secret of the session that the browser showed. */
  readonly replaces: string | undefined;
}

export type LocalSignInOutcome =
  | { readonly kind: 'signed_in'; readonly session: OpenedSession }
  /** The password is right in several organizations. */
  | {
      readonly kind: 'choose_organization';
      readonly organizations: readonly { readonly id: string; readonly name: string }[];
    }
  | { readonly kind: 'throttled'; readonly retryAfterSeconds: number }
  /** Wrong password, no such account, deactivated: nobody is told which. */
  | { readonly kind: 'refused' };

const REFUSED: LocalSignInOutcome = { kind: 'refused' };

/** Signs people in by the password that is kept here: the first admin, break-glass admins, invited people. */
export class LocalSignInService {
  readonly #unitOfWork: UnitOfWork;
  readonly #sessions: SessionService;
  readonly #throttle: SignInThrottle;
  /** Stands in for the hash of accounts that do not exist, so that they take as long to refuse. */
  #decoy: Promise<string> | undefined;

  constructor(parts: {
    readonly unitOfWork: UnitOfWork;
    readonly clock: Clock;
    readonly sessions: SessionService;
  }) {
    this.#unitOfWork = parts.unitOfWork;
    this.#sessions = parts.sessions;
    this.#throttle = new SignInThrottle({ ...parts, purpose: 'sign_in' });
  }

  async signIn(entered: LocalSignIn): Promise<LocalSignInOutcome> {
    const userName = entered.userName.trim().slice(0, LIMITS.nameLength);
    const attempt = await this.#throttle.begin(userName, entered.request.sourceAddress);
    if (attempt.kind === 'throttled') return attempt;
    const known = isStorableText(userName)
      ? await this.#unitOfWork.stores.localCredentials.findAccounts(userName)
      : [];
    const matching = await this.#withPassword(known, entered.password);
    const active = matching.filter(({ isActive }) => isActive);
    if (active.length === 0) {
      const refused = matching.length > 0 ? matching : known;
      await this.#noteRefusals(refused, entered, matching.length > 0 ? 'deactivated' : 'wrong_password');
      return REFUSED;
    }
    await attempt.forgive();
    const [account, ...others] = active.filter(
      ({ organizationId }) =>
        entered.organizationId === undefined || organizationId === entered.organizationId,
    );
    if (account === undefined) return REFUSED;
    if (others.length === 0) return this.#open(account, entered);
    return {
      kind: 'choose_organization',
      organizations: [account, ...others].map(({ organizationId, organizationName }) => ({
        id: organizationId,
        name: organizationName,
      })),
    };
  }

  async #withPassword(accounts: readonly LocalAccount[], password: string): Promise<readonly LocalAccount[]> {
    const matching: LocalAccount[] = [];
    for (const account of accounts)
      if (await verifyPassword(password, account.passwordHash)) matching.push(account);
    if (accounts.length === 0) await verifyPassword(password, await this.#findDecoy());
    return matching;
  }

  #findDecoy(): Promise<string> {
    return (this.#decoy ??= hashPassword(newSecret('')));
  }

  async #open(account: LocalAccount, entered: LocalSignIn): Promise<LocalSignInOutcome> {
    const { organizationId, userId } = account;
    const context: RequestContext = {
      ...entered.request,
      organizationId,
      actor: { kind: 'user', id: userId },
    };
    const newHash =
      !account.isOneTime && needsRehash(account.passwordHash)
        ? await hashPassword(entered.password)
        : undefined;
    try {
      const session = await this.#unitOfWork.transaction(async (stores) => {
        // Another password since the look at the account ends all sessions, and would miss this one.
        if (!(await stores.localCredentials.hold(account))) return undefined;
        if (account.isOneTime && !(await stores.localCredentials.takeOneTime(account))) return undefined;
        if (newHash !== undefined) await stores.localCredentials.rehash(account, newHash);
        const { userAgent, replaces } = entered;
        return this.#sessions.open(
          context,
          userId,
          { origin: { method: 'password' }, userAgent, replaces },
          stores,
        );
      });
      return session === undefined ? REFUSED : { kind: 'signed_in', session };
    } catch (error) {
      if (!isDomainError(error, 'user.inactive')) throw error;
      // Deactivated between the look at the account and the session.
      await this.#noteRefusals([account], entered, 'deactivated');
      return REFUSED;
    }
  }

  async #noteRefusals(
    accounts: readonly LocalAccount[],
    { request }: LocalSignIn,
    reason: LocalRefusalReason,
  ): Promise<void> {
    for (const { organizationId, userId } of accounts) {
      const context: RequestContext = {
        ...request,
        organizationId,
        actor: { kind: 'system', id: 'sign_in' },
      };
      await this.#unitOfWork.stores.localCredentials.noteRefusal(context, userId, reason);
    }
  }
}
