import type { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { newId } from '../../kernel/ids.js';
import type { ListQuery, Page } from '../query.js';
import { settleAdoption, type Adoption } from '../invitations/adopt-invitations.js';
import type { RequestContext } from '../request-context.js';
import { within, type Stores, type UnitOfWork } from '../unit-of-work.js';
import { resolveTeamRoles } from './team-role-changes.js';
import { findOpenAdoption, promised } from './promised-by-invitation.js';
import { settleRemoval, settleWrite } from './settle-user-write.js';
import {
  assertDefaultTeam,
  assertMayGrant,
  assertPerson,
  checkServiceAccount,
  mayGrantAdmin,
} from './user-rules.js';
import type {
  CreateUserInput,
  ListedUser,
  RestoreUserInput,
  Seat,
  UpdateUserInput,
  UserDocument,
  UserRecord,
  UserTeam,
} from './user.js';
import type { UserDraft, UserReadScope, UserRemoval, UserScope, UserWrite } from './user-store.js';

/** Seats an organization may fill; undefined is no limit. */
export interface SeatLimits {
  readonly full: number | undefined;
  readonly viewer: number | undefined;
}

export interface UserServiceDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly clock: Clock;
  readonly seatLimits: SeatLimits;
}

/**
 * The rules of users: one name each, seats, the last admin, restore instead of a second account. The usual case is one
 * statement; what needs the organization as a whole runs in a transaction that holds the organization's lock.
 */
export class UserService {
  readonly #unitOfWork: UnitOfWork;
  readonly #clock: Clock;
  readonly #seatLimits: SeatLimits;

  constructor({ unitOfWork, clock, seatLimits }: UserServiceDependencies) {
    this.#unitOfWork = unitOfWork;
    this.#clock = clock;
    this.#seatLimits = seatLimits;
  }

  /** The same rules inside a transaction that is open. */
  within(stores: Stores): UserService {
    return new UserService({
      unitOfWork: within(stores),
      clock: this.#clock,
      seatLimits: this.#seatLimits,
    });
  }

  /** @throws DomainError user.not_found */
  async get(scope: UserReadScope, id: string): Promise<UserDocument> {
    const user = await this.#unitOfWork.stores.users.find(scope, id);
    if (!user) throw new DomainError('user.not_found');
    return user;
  }

  list(scope: UserReadScope, query: ListQuery): Promise<Page<ListedUser>> {
    return this.#unitOfWork.stores.users.list(scope, query);
  }

  /**
   * Creates an account, or restores the removed one with this userName. A person who is invited gets what the invitation
   * promises, where the input does not say otherwise, and the invitation is settled.
   * @throws DomainError user.user_name_taken, user.external_id_taken, user.seat_limit_reached,
   *   user.admin_role_forbidden, user.invalid, user.unknown_team, user.unknown_role
   */
  async create(context: RequestContext, scope: UserScope, input: CreateUserInput): Promise<UserDocument> {
    assertMayGrant(context, input.organizationRole);
    checkServiceAccount(input);
    const draft = this.#draftOf(input);
    const isPlain =
      input.accountType === 'USER' &&
      input.teamRoles.length === 0 &&
      !this.#limitsSeat(draft.seat, draft.isActive);
    if (isPlain) {
      const inserted = await this.#unitOfWork.stores.users.insert(context, scope, {
        ...draft,
        yieldsToInvitation: true,
      });
      if (inserted !== 'removed_account') return inserted;
    }
    const id = await this.#unitOfWork.transaction((stores) =>
      this.#createInTransaction(stores, context, scope, input),
    );
    return this.get({ ...scope, withTeams: true }, id);
  }

  #draftOf(input: CreateUserInput): UserDraft {
    return {
      id: newId(this.#clock.now()),
      profile: input.profile,
      isActive: input.isActive,
      organizationRole: input.organizationRole ?? 'member',
      seat: input.accountType === 'USER' ? (input.seat ?? 'full') : 'none',
      accountType: input.accountType,
      defaultTeamId: undefined,
      isProtected: false,
    };
  }

  async #createInTransaction(
    stores: Stores,
    context: RequestContext,
    scope: UserScope,
    input: CreateUserInput,
  ): Promise<string> {
    const { organizationId } = context;
    const defaultTeam =
      input.defaultTeam === undefined
        ? undefined
        : await findDefaultTeam(stores, organizationId, input.defaultTeam);
    await this.#holdSeats(stores, organizationId);
    const removedId = await stores.users.findRemoved(organizationId, input.profile.userName);
    if (removedId !== undefined) return this.#recreate(stores, context, removedId, input);
    const adoption =
      input.accountType === 'USER' ? await findOpenAdoption(stores, organizationId, input) : undefined;
    const draft = { ...this.#draftOf(promised(context, input, adoption)), defaultTeamId: defaultTeam?.id };
    const { id } = draft;
    await this.#reserveSeat(stores, organizationId, id, draft.seat, draft.isActive);
    const inserted = await stores.users.insert(context, scope, draft);
    if (inserted === 'removed_account') {
      // Removed since the look above.
      const removedSince = await stores.users.findRemoved(organizationId, input.profile.userName);
      if (removedSince === undefined) throw new DomainError('user.user_name_taken');
      return this.#recreate(stores, context, removedSince, input);
    }
    if (defaultTeam) await stores.users.addServiceAccount(context, id, [defaultTeam.id]);
    await this.#setFirstTeamRoles(stores, context, id, input, adoption);
    if (adoption) await settleAdoption(stores, context, adoption, id);
    return id;
  }

  /** Those of the invitation, and over them those that are asked for. */
  async #setFirstTeamRoles(
    stores: Stores,
    context: RequestContext,
    id: string,
    input: CreateUserInput,
    adoption: Adoption | undefined,
  ): Promise<void> {
    const asked = await resolveTeamRoles(
      stores,
      context.organizationId,
      [],
      [{ kind: 'set', entries: input.teamRoles }],
    );
    const roles = new Map([...(adoption?.teams ?? []), ...asked].map((role) => [role.teamId, role]));
    if (roles.size > 0) await stores.users.setTeamRoles(context, id, [...roles.values()]);
  }

  async #recreate(
    stores: Stores,
    context: RequestContext,
    id: string,
    input: CreateUserInput,
  ): Promise<string> {
    const { teams } = await this.within(stores).restore(context, id, input);
    await this.#changeTeamRoles(stores, context, id, teams, input);
    return id;
  }

  /**
   * Gives a removed account back with its id, teams and authorship. A transaction has to be open.
   * @param input - a role or seat that is not asked for stays as it was
   * @returns the account as it was
   * @throws DomainError user.not_found, user.account_type_immutable, user.admin_role_forbidden,
   *   user.seat_limit_reached, user.user_name_taken, user.external_id_taken
   */
  async restore(context: RequestContext, id: string, input: RestoreUserInput): Promise<UserRecord> {
    const { stores } = this.#unitOfWork;
    const { organizationId } = context;
    const { profile, isActive } = input;
    await this.#holdSeats(stores, organizationId);
    const removed = await stores.users.findRemovedRecord(organizationId, id);
    if (!removed) throw new DomainError('user.not_found');
    if (removed.accountType !== (input.accountType ?? removed.accountType))
      throw new DomainError('user.account_type_immutable', { field: 'accountType' });
    const { organizationRole = removed.organizationRole, seat = removed.seat } = input;
    if (isActive) assertMayGrant(context, organizationRole);
    await this.#reserveSeat(stores, organizationId, id, seat, isActive);
    await stores.users.restore(context, id, { profile, isActive, organizationRole, seat });
    return removed;
  }

  async #changeTeamRoles(
    stores: Stores,
    context: RequestContext,
    id: string,
    current: readonly UserTeam[],
    input: CreateUserInput,
  ): Promise<void> {
    if (input.teamRoles.length === 0) return;
    const roles = await resolveTeamRoles(stores, context.organizationId, current, [
      { kind: 'set', entries: input.teamRoles },
    ]);
    await stores.users.setTeamRoles(context, id, roles);
  }

  /**
   * Changes what the input names, in one transaction with its audit event; nothing at all when any part is refused.
   * @throws DomainError user.not_found, user.user_name_taken, user.external_id_taken, user.last_admin,
   *   user.seat_limit_reached, user.protected, user.account_type_immutable, user.default_team_immutable, user.admin_role_forbidden,
   *   resource.version_mismatch, user.invalid, user.unknown_team, user.unknown_role
   */
  async update(
    context: RequestContext,
    scope: UserScope,
    id: string,
    input: UpdateUserInput,
    expectedVersion: number | undefined,
  ): Promise<UserDocument> {
    const write: UserWrite = {
      ...(input.profile === undefined ? {} : { profile: input.profile }),
      ...(input.isActive === undefined ? {} : { isActive: input.isActive }),
      ...(input.organizationRole === undefined ? {} : { organizationRole: input.organizationRole }),
      ...(input.seat === undefined ? {} : { seat: input.seat }),
      ...(input.accountType === undefined ? {} : { accountType: input.accountType }),
      ...(expectedVersion === undefined ? {} : { expectedVersion }),
      isGuarded: true,
      limitsSeats: this.#hasSeatLimits(),
      forbidsAdmin: !mayGrantAdmin(context),
    };
    const isPlain =
      (input.teamRoles ?? []).length === 0 &&
      input.organizationRole !== 'admin' &&
      input.defaultTeam === undefined;
    if (isPlain) {
      const outcome = await this.#unitOfWork.stores.users.write(context, scope, id, write);
      if (outcome?.verdict !== 'needs_lock') return settleWrite(outcome);
    }
    return this.#unitOfWork.transaction((stores) =>
      this.#updateInTransaction(stores, context, scope, id, input, write),
    );
  }

  async #updateInTransaction(
    stores: Stores,
    context: RequestContext,
    scope: UserScope,
    id: string,
    input: UpdateUserInput,
    write: UserWrite,
  ): Promise<UserDocument> {
    const { organizationId } = context;
    await stores.organizations.lock(organizationId);
    const current = await stores.users.findRecord(organizationId, id);
    if (!current) throw new DomainError('user.not_found');
    assertDefaultTeam(current, input.defaultTeam);
    if (input.organizationRole === 'admin' && current.organizationRole !== 'admin')
      assertMayGrant(context, 'admin');
    const isActive = input.isActive ?? current.isActive;
    const staysAdmin = isActive && (input.organizationRole ?? current.organizationRole) === 'admin';
    if (current.organizationRole === 'admin' && current.isActive && !staysAdmin)
      await assertOtherAdmin(stores, organizationId, id);
    const seat = input.seat ?? current.seat;
    if (current.accountType === 'USER' && (seat !== current.seat || !current.isActive))
      await this.#reserveSeat(stores, organizationId, id, seat, isActive);
    const roles = await resolveTeamRoles(stores, organizationId, current.teams, input.teamRoles ?? []);
    assertPerson(current, roles);
    const touched = roles.length > 0 && (await stores.users.setTeamRoles(context, id, roles));
    const outcome = await stores.users.write(context, scope, id, {
      ...write,
      isGuarded: false,
      touch: touched,
    });
    return settleWrite(outcome);
  }

  /**
   * SCIM DELETE: the account is deactivated, gone over SCIM, its userName free; kept for a later restore, or removed for
   * good.
   * @throws DomainError user.not_found, user.last_admin, user.protected, resource.version_mismatch
   */
  async remove(context: RequestContext, id: string, options: Omit<UserRemoval, 'isGuarded'>): Promise<void> {
    if (!options.isForGood) {
      const { users } = this.#unitOfWork.stores;
      const verdict = await users.remove(context, id, { ...options, isGuarded: true });
      if (verdict !== 'needs_lock') {
        settleRemoval(verdict);
        return;
      }
    }
    await this.#unitOfWork.transaction(async (stores) => {
      await stores.organizations.lock(context.organizationId);
      const verdict = await stores.users.remove(context, id, { ...options, isGuarded: true });
      if (verdict === 'needs_lock') {
        await assertOtherAdmin(stores, context.organizationId, id);
        settleRemoval(await stores.users.remove(context, id, { ...options, isGuarded: false }));
      } else settleRemoval(verdict);
    });
  }

  #hasSeatLimits(): boolean {
    return this.#seatLimits.full !== undefined || this.#seatLimits.viewer !== undefined;
  }

  #seatLimit(seat: Seat): number | undefined {
    return seat === 'none' ? undefined : this.#seatLimits[seat];
  }

  #limitsSeat(seat: Seat, isActive: boolean): boolean {
    return isActive && this.#seatLimit(seat) !== undefined;
  }

  /** Where seats are limited: before any user is locked, as everywhere, so that no two transactions wait for each other. */
  async #holdSeats(stores: Stores, organizationId: string): Promise<void> {
    if (this.#hasSeatLimits()) await stores.organizations.lock(organizationId);
  }

  /** The organization has to be held. @throws DomainError user.seat_limit_reached */
  async #reserveSeat(
    stores: Stores,
    organizationId: string,
    userId: string,
    seat: Seat,
    isActive: boolean,
  ): Promise<void> {
    const limit = this.#seatLimit(seat);
    if (!isActive || limit === undefined) return;
    if ((await stores.users.countSeats(organizationId, seat, userId)) >= limit)
      throw new DomainError('user.seat_limit_reached');
  }
}

async function findDefaultTeam(
  stores: Stores,
  organizationId: string,
  name: string,
): Promise<{ readonly id: string }> {
  const team = await stores.teams.findByName(organizationId, name);
  if (!team)
    throw new DomainError('user.unknown_team', {
      detail: `defaultTeam: there is no team "${name}".`,
      field: 'defaultTeam',
    });
  return team;
}

async function assertOtherAdmin(stores: Stores, organizationId: string, userId: string): Promise<void> {
  if ((await stores.users.countActiveAdmins(organizationId, userId)) === 0)
    throw new DomainError('user.last_admin');
}
