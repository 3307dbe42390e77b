import { toInstant, type Clock, type Instant } from '../../kernel/clock.js';
import { DomainError, isDomainError } from '../../kernel/errors.js';
import { requirePermission, type Principal, type PrincipalContext } from '../principals/index.js';
import type { Page } from '../query.js';
import type { Stores, UnitOfWork } from '../unit-of-work.js';
import { changeProfile } from './change-profile.js';
import {
  INACTIVE_AFTER,
  type AccountChange,
  type AccountFilter,
  type AccountQuery,
  type AccountTeam,
  type UserAccount,
} from './user-account.js';
import type { StatusMoments } from './user-account-store.js';
import type { UserService } from './user-service.js';
import type { UserScope } from './user-store.js';

/** How often a change is made again on a profile that somebody else has changed meanwhile. */
const MAX_ATTEMPTS = 5;
/** Accounts that an export holds in memory. */
const EXPORT_PAGE = 500;

export interface UserAccountServiceDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly clock: Clock;
  /** Holds the rules of users: names, seats, the last admin. */
  readonly users: UserService;
}

/** Accounts as admins see and change them, under the same rules as over SCIM. */
export class UserAccountService {
  readonly #unitOfWork: UnitOfWork;
  readonly #clock: Clock;
  readonly #users: UserService;

  constructor({ unitOfWork, clock, users }: UserAccountServiceDependencies) {
    this.#unitOfWork = unitOfWork;
    this.#clock = clock;
    this.#users = users;
  }

  /** Those who are removed from the organization included: what they made stays theirs. @throws DomainError user.not_found */
  async get(organizationId: string, id: string): Promise<UserAccount> {
    const account = await this.#unitOfWork.stores.userAccounts.find(
      organizationId,
      id,
      this.#inactiveSince(),
    );
    if (!account) throw new DomainError('user.not_found');
    return account;
  }

  /**
   * Who is invited is for those to see who may invite.
   * @throws DomainError permission.denied
   */
  async list({ principal }: PrincipalContext, query: AccountQuery): Promise<Page<UserAccount>> {
    requireVisible(principal, query);
    const { userAccounts } = this.#unitOfWork.stores;
    return userAccounts.list(principal.organizationId, query, this.#moments());
  }

  /**
   * Every account that the filter selects, in the order in which they were made, a few at a time.
   * @throws DomainError permission.denied
   */
  async *export(
    { principal }: PrincipalContext,
    filter: AccountFilter,
  ): AsyncGenerator<readonly UserAccount[]> {
    requireVisible(principal, filter);
    const { userAccounts } = this.#unitOfWork.stores;
    const moments = this.#moments();
    let after: string | undefined;
    for (;;) {
      const position = { after, limit: EXPORT_PAGE };
      const accounts = await userAccounts.next(principal.organizationId, filter, moments, position);
      if (accounts.length > 0) yield accounts;
      if (accounts.length < EXPORT_PAGE) return;
      after = accounts.at(-1)?.id;
    }
  }

  #moments(): StatusMoments {
    return { now: toInstant(this.#clock.now()), inactiveSince: this.#inactiveSince() };
  }

  /** @throws DomainError user.not_found */
  async teams(organizationId: string, id: string): Promise<readonly AccountTeam[]> {
    const { userAccounts } = this.#unitOfWork.stores;
    const [teams] = await Promise.all([userAccounts.teams(organizationId, id), this.get(organizationId, id)]);
    return teams;
  }

  #inactiveSince(): Instant {
    return toInstant(this.#clock.now() - INACTIVE_AFTER);
  }

  /**
   * Changes profile, role and seat of a live account, all or nothing.
   * @throws DomainError permission.denied, user.not_found, user.user_name_taken, user.last_admin,
   *   user.seat_limit_reached, user.invalid, user.too_large, resource.version_mismatch
   */
  async update(
    context: PrincipalContext,
    id: string,
    change: AccountChange,
    expectedVersion: number | undefined,
  ): Promise<UserAccount> {
    requireParts(context, change);
    for (let attempt = 1; ; attempt += 1) {
      const current = await this.get(context.organizationId, id);
      try {
        await this.#write(context, current, change, expectedVersion);
        return await this.get(context.organizationId, id);
      } catch (error) {
        const isRace = expectedVersion === undefined && isDomainError(error, 'resource.version_mismatch');
        if (!isRace || attempt === MAX_ATTEMPTS) throw error;
      }
    }
  }

  async #write(
    context: PrincipalContext,
    current: UserAccount,
    change: AccountChange,
    expectedVersion: number | undefined,
  ): Promise<void> {
    const { organizationId } = context;
    const { organizationRole, seat } = change;
    const found = await this.#unitOfWork.stores.signOn.findProfile(organizationId, current.id);
    const profile = found && changeProfile(found, change);
    await this.#users.update(
      context,
      scopeOf(organizationId),
      current.id,
      {
        ...(profile === undefined ? {} : { profile }),
        ...(organizationRole === undefined ? {} : { organizationRole }),
        ...(seat === undefined ? {} : { seat }),
      },
      // A profile is written whole: only onto the version that it was made from.
      profile === undefined ? expectedVersion : (expectedVersion ?? current.version),
    );
  }

  /**
   * The account cannot sign in any more, its sessions end, its API keys are refused. Nothing when that is so already.
   * @throws DomainError user.not_found, user.last_admin, resource.version_mismatch
   */
  deactivate(
    context: PrincipalContext,
    id: string,
    expectedVersion: number | undefined,
  ): Promise<UserAccount> {
    return this.#activate(context, id, false, expectedVersion);
  }

  /**
   * Gives everything back but the sessions.
   * @throws DomainError user.not_found, user.seat_limit_reached, resource.version_mismatch
   */
  reactivate(
    context: PrincipalContext,
    id: string,
    expectedVersion: number | undefined,
  ): Promise<UserAccount> {
    return this.#activate(context, id, true, expectedVersion);
  }

  async #activate(
    context: PrincipalContext,
    id: string,
    isActive: boolean,
    expectedVersion: number | undefined,
  ): Promise<UserAccount> {
    const { organizationId } = context;
    await this.#users.update(context, scopeOf(organizationId), id, { isActive }, expectedVersion);
    return this.get(organizationId, id);
  }

  /**
   * Brings an account back that an identity provider has removed, with its name, teams and authorship.
   * @throws DomainError user.not_found, user.not_removed, user.user_name_taken, user.seat_limit_reached
   */
  async restore(context: PrincipalContext, id: string): Promise<UserAccount> {
    const { organizationId } = context;
    await this.#unitOfWork.transaction(async (stores) => {
      const account = await this.#lock(stores, organizationId, id);
      if (!account || account.status === 'removed') throw new DomainError('user.not_found');
      if (account.status !== 'removed_by_idp') throw new DomainError('user.not_removed');
      const profile = await stores.signOn.findProfile(organizationId, id);
      if (!profile) throw new DomainError('user.not_found');
      await this.#users.within(stores).restore(context, id, { profile, isActive: true });
    });
    return this.get(organizationId, id);
  }

  /**
   * Removes somebody from the organization for good. An id and a display name stay, so that what they made stays theirs.
   * @throws DomainError user.not_found, user.last_admin, resource.version_mismatch
   */
  async remove(context: PrincipalContext, id: string, expectedVersion: number | undefined): Promise<void> {
    await this.#unitOfWork.transaction(async (stores) => {
      const account = await this.#lock(stores, context.organizationId, id);
      if (!account || account.status === 'removed') throw new DomainError('user.not_found');
      if (account.status !== 'removed_by_idp') {
        await this.#users.within(stores).remove(context, id, { expectedVersion, isForGood: true });
        return;
      }
      if (expectedVersion !== undefined && expectedVersion !== account.version)
        throw new DomainError('resource.version_mismatch');
      await stores.users.erase(context, id);
    });
  }

  /** Held, so that nobody restores or erases it meanwhile. The organization's lock comes first, as everywhere. */
  async #lock(stores: Stores, organizationId: string, id: string): Promise<UserAccount | undefined> {
    await stores.organizations.lock(organizationId);
    return stores.userAccounts.lock(organizationId, id, this.#inactiveSince());
  }
}

const scopeOf = (organizationId: string): UserScope => ({
  organizationId,
  connectionId: undefined,
  baseUrl: '',
});

function requireVisible(principal: Principal, { status }: AccountFilter): void {
  if (status === 'invited') requirePermission(principal, 'organization:invite_user');
}

function requireParts({ principal }: PrincipalContext, change: AccountChange): void {
  const { organizationRole, seat, ...profile } = change;
  if (organizationRole !== undefined) requirePermission(principal, 'organization:update_user_role');
  if (seat !== undefined) requirePermission(principal, 'organization:update_seat');
  if (Object.values(profile).some((part) => part !== undefined))
    requirePermission(principal, 'organization:update_user');
}
