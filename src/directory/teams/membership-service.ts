import { toInstant, type Clock, type Instant } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import type { AccessService } from '../access/access-service.js';
import type { ActionName } from '../access/access-request.js';
import { GroupMapping } from '../mapping-rules/group-mapping.js';
import { hasPermission, type PrincipalContext } from '../principals/index.js';
import type { Page } from '../query.js';
import { findRoleChoice } from '../roles/find-role-choice.js';
import type { Stores, UnitOfWork } from '../unit-of-work.js';
import { INACTIVE_AFTER } from '../users/user-account.js';
import type { Candidate, StoredRole } from './membership-store.js';
import type {
  AccountReference,
  MemberChangeInput,
  MemberQuery,
  NewMember,
  TeamMembership,
} from './team-membership.js';

export interface MembershipServiceDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly clock: Clock;
  readonly access: AccessService;
  /** Whether admins of the organization may join teams as they like. */
  readonly mayAdminsJoinTeams: boolean;
}

const SERVICE: StoredRole = { role: 'service', customRoleId: undefined };

/** Who is in a team, and as what. */
export class MembershipService {
  readonly #unitOfWork: UnitOfWork;
  readonly #clock: Clock;
  readonly #access: AccessService;
  readonly #mayAdminsJoinTeams: boolean;

  constructor({ unitOfWork, clock, access, mayAdminsJoinTeams }: MembershipServiceDependencies) {
    this.#unitOfWork = unitOfWork;
    this.#clock = clock;
    this.#access = access;
    this.#mayAdminsJoinTeams = mayAdminsJoinTeams;
  }

  /** @throws DomainError permission.denied */
  async list(context: PrincipalContext, teamId: string, query: MemberQuery): Promise<Page<TeamMembership>> {
    await this.#requireOne(context, teamId, ['team:read', 'team:add_member']);
    return this.#unitOfWork.stores.memberships.list(
      context.organizationId,
      teamId,
      query,
      this.#inactiveSince(),
    );
  }

  /** @throws DomainError permission.denied, team.not_a_member */
  async get(context: PrincipalContext, teamId: string, userId: string): Promise<TeamMembership> {
    await this.#requireOne(context, teamId, ['team:read', 'team:add_member']);
    return this.#get(context, teamId, userId);
  }

  /**
   * Adds an account. Who may only invite adds members and viewers.
   * @throws DomainError permission.denied, team.not_found, team.admin_access_disabled, team.already_member,
   *   user.not_found, user.ambiguous, team.unknown_role, team.service_account
   */
  async add(context: PrincipalContext, teamId: string, input: NewMember): Promise<TeamMembership> {
    const asked = await this.#requireOne(context, teamId, ['team:add_member', 'team:invite_member']);
    if (asked === 'team:invite_member') requireHarmless(input);
    const userId = await this.#unitOfWork.transaction(async (stores) => {
      await lockTeam(stores, context.organizationId, teamId);
      const account = await findAccount(stores, context.organizationId, input.account);
      if (account.id === context.principal.userId) await this.#requireMayJoin(stores, context, teamId);
      const role = await roleFor(stores, context.organizationId, teamId, account, input);
      const { isRegistryAdmin } = input;
      const member = { teamId, userId: account.id, role, isRegistryAdmin };
      if (!(await stores.memberships.insert(context, member))) throw new DomainError('team.already_member');
      return account.id;
    });
    return this.#get(context, teamId, userId);
  }

  /** An admin of the organization has no team's data by that alone, and joins unless the switch forbids it. */
  async #requireMayJoin(stores: Stores, context: PrincipalContext, teamId: string): Promise<void> {
    const { principal } = context;
    if (this.#mayAdminsJoinTeams || !hasPermission(principal, 'team:add_member')) return;
    const own = await stores.memberships.find(
      context.organizationId,
      teamId,
      principal.userId,
      this.#inactiveSince(),
    );
    if (!own) throw new DomainError('team.admin_access_disabled');
  }

  /**
   * Changes role and registry-admin flag. Each needs a permission of its own.
   * @throws DomainError permission.denied, team.not_found, team.not_a_member, team.unknown_role, team.service_account
   */
  async update(
    context: PrincipalContext,
    teamId: string,
    userId: string,
    change: MemberChangeInput,
  ): Promise<TeamMembership> {
    if (change.roleName !== undefined) await this.#requireOne(context, teamId, ['team:update_member_role']);
    if (change.isRegistryAdmin !== undefined)
      await this.#requireOne(context, teamId, ['registry:manage_admins']);
    await this.#unitOfWork.transaction(async (stores) => {
      const { organizationId } = context;
      await lockTeam(stores, organizationId, teamId);
      const before = await stores.memberships.find(organizationId, teamId, userId, this.#inactiveSince());
      if (!before) throw new DomainError('team.not_a_member');
      if (before.accountType !== 'USER') throw new DomainError('team.service_account');
      const role = await findRole(stores, organizationId, change.roleName ?? before.roleName);
      const isRegistryAdmin = change.isRegistryAdmin ?? before.isRegistryAdmin;
      await stores.memberships.update(context, before, { teamId, userId, role, isRegistryAdmin });
    });
    return this.#get(context, teamId, userId);
  }

  /**
   * Takes an account out of the team; everybody may leave. What it made stays.
   * @throws DomainError permission.denied, team.not_found, team.not_a_member, team.service_account
   */
  async remove(context: PrincipalContext, teamId: string, userId: string): Promise<void> {
    if (userId !== context.principal.userId) await this.#requireOne(context, teamId, ['team:remove_member']);
    await this.#unitOfWork.transaction(async (stores) => {
      await lockTeam(stores, context.organizationId, teamId);
      const [account] = await stores.memberships.findCandidates(context.organizationId, { userId });
      if (account?.accountType === 'SERVICE') throw new DomainError('team.service_account');
      const removed = await stores.memberships.remove(context, teamId, userId);
      if (!removed) throw new DomainError('team.not_a_member');
      if (removed.pushedBy !== undefined) await takeBack(stores, context, removed.pushedBy, userId);
    });
  }

  async #get(context: PrincipalContext, teamId: string, userId: string): Promise<TeamMembership> {
    const { memberships } = this.#unitOfWork.stores;
    const member = await memberships.find(context.organizationId, teamId, userId, this.#inactiveSince());
    if (!member) throw new DomainError('team.not_a_member');
    return member;
  }

  #inactiveSince(): Instant {
    return toInstant(this.#clock.now() - INACTIVE_AFTER);
  }

  /** @returns the first of the permissions that the caller has in the team */
  async #requireOne(
    { principal }: PrincipalContext,
    teamId: string,
    actions: readonly [ActionName, ...ActionName[]],
  ): Promise<ActionName> {
    for (const action of actions) {
      const { isAllowed } = await this.#access.decide(principal, action, { type: 'team', id: teamId });
      if (isAllowed) return action;
    }
    const [wanted] = actions;
    await this.#access.require(principal, wanted, { type: 'team', id: teamId });
    return wanted;
  }
}

/** What the person had from being in the group that the team is, goes with the membership. */
async function takeBack(
  stores: Stores,
  context: PrincipalContext,
  connectionId: string,
  userId: string,
): Promise<void> {
  const connection = await stores.connections.find(context.organizationId, connectionId);
  if (!connection?.hasMappingRules) return;
  await (await GroupMapping.open(stores, context, connection)).settle([userId]);
}

async function lockTeam(stores: Stores, organizationId: string, teamId: string): Promise<void> {
  const team = await stores.managedTeams.lock(organizationId, teamId);
  if (!team || team.isArchived) throw new DomainError('team.not_found');
}

async function findAccount(
  stores: Stores,
  organizationId: string,
  reference: AccountReference,
): Promise<Candidate> {
  const [account, other] = await stores.memberships.findCandidates(organizationId, reference);
  const field = Object.keys(reference).find(
    (name) => reference[name as keyof AccountReference] !== undefined,
  );
  if (!account) throw new DomainError('user.not_found', { field: field ?? 'userId' });
  if (other) throw new DomainError('user.ambiguous', { field: field ?? 'email' });
  return account;
}

async function roleFor(
  stores: Stores,
  organizationId: string,
  teamId: string,
  account: Candidate,
  { roleName, isRegistryAdmin }: NewMember,
): Promise<StoredRole> {
  if (account.accountType === 'USER') return findRole(stores, organizationId, roleName ?? 'member');
  if (roleName !== undefined || isRegistryAdmin)
    throw new DomainError('team.service_account', {
      field: roleName === undefined ? 'isRegistryAdmin' : 'role',
    });
  if (account.accountType === 'SERVICE' && account.defaultTeamId !== teamId)
    throw new DomainError('team.service_account', {
      detail: 'The service account belongs to another team.',
      field: 'userId',
    });
  return SERVICE;
}

async function findRole(stores: Stores, organizationId: string, name: string): Promise<StoredRole> {
  const role = await findRoleChoice(stores, organizationId, name);
  if (!role)
    throw new DomainError('team.unknown_role', { detail: `There is no role "${name}".`, field: 'role' });
  return role;
}

function requireHarmless({ roleName = 'member', isRegistryAdmin }: NewMember): void {
  const isHarmless = ['member', 'viewer'].includes(roleName.toLowerCase()) && !isRegistryAdmin;
  if (!isHarmless)
    throw new DomainError('permission.denied', {
      detail: 'Who may invite, and not manage members, adds members and viewers only.',
      field: 'role',
    });
}
