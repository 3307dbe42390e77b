import type { Clock } from '../../kernel/clock.js';
import { DomainError, isDomainError } from '../../kernel/errors.js';
import { newId } from '../../kernel/ids.js';
import { hashPassword } from '../../kernel/password-hash.js';
import { newSecret } from '../../kernel/secrets.js';
import type { Actor, RequestContext } from '../request-context.js';
import type { SessionService } from '../sessions/session-service.js';
import { insertAdmin } from '../setup/insert-admin.js';
import { DEFAULT_ORGANIZATION_NAME, type SetupService } from '../setup/setup-service.js';
import type { Stores, UnitOfWork } from '../unit-of-work.js';
import type { UserService } from '../users/user-service.js';

const ACTOR: Actor = { kind: 'system', id: 'restore' };
/** No e-mail addresses, so that the command line makes no such admin; an IdP that took a name does not get in the way. */
const USER_NAMES = [
  'restore-admin',
  ...Array.from({ length: 8 }, (_, index) => `restore-admin-${index + 2}`),
];

/** With what the operator signs in, once. */
export interface RestoreAccess {
  readonly userName: string;
  readonly password: string;
}

/**
 * The way back in when nobody can sign in: an admin of the default organization whom only the operator can wake, for as
 * long as LOCAL_RESTORE is set. IdPs cannot change the account, and it takes no seat.
 */
export class RestoreAdminService {
  readonly #unitOfWork: UnitOfWork;
  readonly #clock: Clock;
  readonly #setup: SetupService;
  readonly #users: UserService;
  readonly #sessions: SessionService;

  constructor(parts: {
    readonly unitOfWork: UnitOfWork;
    readonly clock: Clock;
    readonly setup: SetupService;
    readonly users: UserService;
    readonly sessions: SessionService;
  }) {
    this.#unitOfWork = parts.unitOfWork;
    this.#clock = parts.clock;
    this.#setup = parts.setup;
    this.#users = parts.users;
    this.#sessions = parts.sessions;
  }

  /** Makes or wakes the restore admin, with a new password that is good for one sign-in. The one before is dead. */
  async enable(): Promise<RestoreAccess> {
    const context = contextIn((await this.#setup.ensureOrganization(ACTOR)).id);
    const password = newSecret('');
    const hash = await hashPassword(password);
    const userName = await this.#unitOfWork.transaction(async (stores) => {
      await stores.organizations.lock(context.organizationId);
      const account = (await this.#wake(stores, context)) ?? (await this.#make(stores, context));
      await stores.localCredentials.changePassword(context, account.id, { hash, isOneTime: true });
      return account.userName;
    });
    return { userName, password };
  }

  async #wake(stores: Stores, context: RequestContext): Promise<RestoreAccount | undefined> {
    const account = await stores.users.findProtected(context.organizationId, USER_NAMES);
    if (account)
      await stores.users.write(context, scopeOf(context), account.id, {
        isActive: true,
        organizationRole: 'admin',
        seat: 'none',
        isGuarded: false,
      });
    return account;
  }

  async #make(stores: Stores, context: RequestContext): Promise<RestoreAccount> {
    for (const userName of USER_NAMES) {
      if (await stores.users.isNameKnown(context.organizationId, userName)) continue;
      const id = newId(this.#clock.now());
      await insertAdmin(stores, context, {
        id,
        userName,
        email: undefined,
        displayName: 'Restore admin',
        seat: 'none',
        isProtected: true,
      });
      return { id, userName };
    }
    throw new DomainError('user.user_name_taken', {
      detail: `Every user name for a restore admin is taken, from ${USER_NAMES[0]} to ${USER_NAMES.at(-1)}.`,
    });
  }

  /**
   * Ends what `enable` began: the password, the sessions and the activity of the restore admin.
   * @returns false when it stays active because it is the last active admin
   */
  async disable(): Promise<boolean> {
    const { organizations, users } = this.#unitOfWork.stores;
    const organization = await organizations.findByName(DEFAULT_ORGANIZATION_NAME);
    const account = organization && (await users.findProtected(organization.id, USER_NAMES));
    if (!account) return true;
    const context = contextIn(organization.id);
    await this.#unitOfWork.transaction(async (stores) => {
      await stores.localCredentials.removePassword(context, account.id);
      await this.#sessions.endAll(context, account.id, undefined, stores);
    });
    try {
      await this.#users.update(context, scopeOf(context), account.id, { isActive: false }, undefined);
      return true;
    } catch (error) {
      if (isDomainError(error, 'user.last_admin')) return false;
      throw error;
    }
  }
}

interface RestoreAccount {
  readonly id: string;
  readonly userName: string;
}

const contextIn = (organizationId: string): RequestContext => ({
  organizationId,
  actor: ACTOR,
  requestId: ACTOR.id,
  sourceAddress: undefined,
});

const scopeOf = ({ organizationId }: RequestContext) => ({
  organizationId,
  connectionId: undefined,
  baseUrl: '',
});
