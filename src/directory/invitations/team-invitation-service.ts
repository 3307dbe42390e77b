import type { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { foldCase } from '../../kernel/fold.js';
import { newId } from '../../kernel/ids.js';
import type { AccessService } from '../access/access-service.js';
import { hasPermission, type Principal, type PrincipalContext } from '../principals/index.js';
import type { Page } from '../query.js';
import { findRoleChoice } from '../roles/find-role-choice.js';
import type { Stores, UnitOfWork } from '../unit-of-work.js';
import type { SeatLimits } from '../users/user-service.js';
import type { MembershipRole } from '../users/user-store.js';
import type { Invitation, IssuedInvitation } from './invitation.js';
import {
  requireFreeSeats,
  requireInvitation,
  requireNoLostAccounts,
  requireOpen,
} from './invitation-rules.js';
import type { InvitationQuery } from './invitation-store.js';
import type { LinkIssuer, LinkSender } from './issue-link.js';
import { readAddresses } from './read-addresses.js';

export interface TeamInvitationInput {
  /** Addresses, or lists of them; at most `LIMITS.invitationsPerRequest` together. */
  readonly emails: readonly string[];
  /** Of the team: member unless given. */
  readonly roleName: string | undefined;
  /** False: the link is returned instead, to those who may have it. */
  readonly sendEmail: boolean;
}

export interface TeamInvitationServiceDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly clock: Clock;
  readonly links: LinkIssuer;
  readonly seatLimits: SeatLimits;
  readonly access: AccessService;
  /** Whether admins of the organization may join teams as they like. */
  readonly mayAdminsJoinTeams: boolean;
}

/** Who is in the team already, and what is waiting for others. */
interface Known {
  readonly accounts: ReadonlyMap<string, string>;
  readonly open: ReadonlyMap<string, Invitation>;
}

/**
 * Asking people into a team. Who has no account yet gets one on acceptance, as a member of the organization; who has
 * one joins with it. An open invitation takes the team up, so that everybody has one link.
 */
export class TeamInvitationService {
  readonly #unitOfWork: UnitOfWork;
  readonly #clock: Clock;
  readonly #links: LinkIssuer;
  readonly #seatLimits: SeatLimits;
  readonly #access: AccessService;
  readonly #mayAdminsJoinTeams: boolean;

  constructor(parts: TeamInvitationServiceDependencies) {
    this.#unitOfWork = parts.unitOfWork;
    this.#clock = parts.clock;
    this.#links = parts.links;
    this.#seatLimits = parts.seatLimits;
    this.#access = parts.access;
    this.#mayAdminsJoinTeams = parts.mayAdminsJoinTeams;
  }

  /**
   * Refuses whom neither a role nor the team's settings let invite. Who may add members may ask them as well.
   * @throws DomainError team.not_found, permission.denied
   */
  async requireMayInvite(principal: Principal, teamId: string): Promise<void> {
    if (await this.#managesMembers(principal, teamId)) return;
    const resource = { type: 'team', id: teamId } as const;
    await this.#access.require(principal, 'team:invite_member', resource);
  }

  /**
   * Refuses who does not look after the members of the team.
   * @throws DomainError team.not_found, permission.denied
   */
  async requireManager(principal: Principal, teamId: string): Promise<void> {
    if (!(await this.#managesMembers(principal, teamId)))
      throw new DomainError('permission.denied', { detail: 'This needs the permission team:add_member.' });
  }

  async #managesMembers(principal: Principal, teamId: string): Promise<boolean> {
    const resource = { type: 'team', id: teamId } as const;
    const decision = await this.#access.decide(principal, 'team:add_member', resource);
    if (decision.code === 'resource_unknown') throw new DomainError('team.not_found');
    return decision.isAllowed;
  }

  /**
   * The caller has been let by `requireMayInvite`. Roles above member are for those who manage the members themselves, and
   * links for those who may invite anybody: who has one can accept in the invited person's name.
   * @throws DomainError invitation.invalid, invitation.already_invited, invitation.already_member,
   *   invitation.user_deactivated, invitation.user_removed, user.seat_limit_reached, user.unknown_role,
   *   permission.denied, team.admin_access_disabled
   */
  async invite(
    context: PrincipalContext,
    teamId: string,
    input: TeamInvitationInput,
  ): Promise<readonly IssuedInvitation[]> {
    const { organizationId, principal } = context;
    const emails = readAddresses(input.emails);
    const mayHaveLinks = hasPermission(principal, 'organization:invite_user');
    const isManager = await this.#managesMembers(principal, teamId);
    const issued = await this.#unitOfWork.transaction(async (stores) => {
      await stores.organizations.lock(organizationId);
      const team = await this.#chooseRole(stores, context, teamId, input.roleName, isManager);
      await requireNoLostAccounts(stores, organizationId, emails);
      await stores.invitations.expireLapsed(organizationId, emails);
      const known = await this.#findKnown(stores, organizationId, emails, team, isManager);
      this.#requireNoWayAround(principal, known);
      const strangers = emails.filter((email) => !isKnown(known, email));
      await requireFreeSeats(stores, this.#seatLimits, {
        organizationId,
        seat: 'full',
        wanted: strangers.length,
      });
      const sender = await this.#links.findSender(stores, context, input.sendEmail || !mayHaveLinks);
      const made: IssuedInvitation[] = [];
      for (const email of emails) {
        const open = known.open.get(foldCase(email));
        made.push(
          open
            ? await this.#extend(stores, context, open, team)
            : await this.#insert(stores, context, email, team, sender),
        );
      }
      return made.map(({ invitation, link }) => ({
        invitation: shownTo(principal, teamId, invitation),
        link: mayHaveLinks ? link : undefined,
      }));
    });
    this.#links.announce();
    return issued;
  }

  /** An admin of the organization who may not join a team does not ask itself into it either. */
  #requireNoWayAround(principal: Principal, { accounts }: Known): void {
    if (this.#mayAdminsJoinTeams || !hasPermission(principal, 'team:add_member')) return;
    if ([...accounts.values()].includes(principal.userId))
      throw new DomainError('team.admin_access_disabled', { field: 'emails' });
  }

  /** The caller has been let by `requireMayInvite`. */
  async list(
    { organizationId, principal }: PrincipalContext,
    teamId: string,
    query: Omit<InvitationQuery, 'teamId'>,
  ): Promise<Page<Invitation>> {
    const page = await this.#unitOfWork.stores.invitations.list(organizationId, { ...query, teamId });
    return { ...page, items: page.items.map((invitation) => shownTo(principal, teamId, invitation)) };
  }

  /**
   * Takes the team out of an open invitation. One that was made for it alone is revoked.
   * @throws DomainError invitation.not_found, invitation.not_open
   */
  async withdraw(context: PrincipalContext, teamId: string, id: string): Promise<void> {
    const { organizationId } = context;
    await this.#unitOfWork.transaction(async (stores) => {
      const before = await requireInvitation(stores, organizationId, id);
      if (!before.teams.some((team) => team.teamId === teamId)) throw new DomainError('invitation.not_found');
      await requireOpen(stores, organizationId, id);
      if (before.origin === 'organization' || before.teams.length > 1) {
        await stores.invitations.removeTeam(context, before, teamId);
        return;
      }
      await stores.invitations.revoke(context, before);
      if (before.mailId !== undefined) await stores.mailOutbox.withdraw(organizationId, before.mailId);
    });
  }

  async #chooseRole(
    stores: Stores,
    { organizationId }: PrincipalContext,
    teamId: string,
    roleName = 'member',
    isManager: boolean,
  ): Promise<MembershipRole> {
    const choice = await findRoleChoice(stores, organizationId, roleName);
    if (!choice)
      throw new DomainError('user.unknown_role', {
        field: 'roleName',
        detail: `roleName: there is no role "${roleName.slice(0, 80)}".`,
      });
    if (!isManager && choice.role !== 'member' && choice.role !== 'viewer')
      throw new DomainError('permission.denied', {
        field: 'roleName',
        detail: 'Members invite members and viewers; other roles are given by admins of the team.',
      });
    return { teamId, ...choice };
  }

  async #findKnown(
    stores: Stores,
    organizationId: string,
    emails: readonly string[],
    { teamId, role, customRoleId }: MembershipRole,
    isManager: boolean,
  ): Promise<Known> {
    const accounts = new Map<string, string>();
    for (const { emailKey, userId } of await stores.invitations.findHolders(organizationId, emails)) {
      if (await stores.invitations.isMember(organizationId, teamId, userId))
        throw new DomainError('invitation.already_member', { field: 'emails' });
      accounts.set(emailKey, userId);
    }
    const open = new Map<string, Invitation>();
    for (const invitation of await stores.invitations.findOpenByEmail(organizationId, emails)) {
      const same = invitation.teams.find((team) => team.teamId === teamId);
      const isSame = same?.role === role && same.customRoleId === customRoleId;
      if (same && (isSame || !isManager))
        throw new DomainError('invitation.already_invited', { field: 'emails' });
      open.set(foldCase(invitation.email), invitation);
    }
    return { accounts, open };
  }

  async #extend(
    stores: Stores,
    context: PrincipalContext,
    open: Invitation,
    team: MembershipRole,
  ): Promise<IssuedInvitation> {
    await stores.invitations.setTeams(context, open, [team]);
    return {
      invitation: await requireInvitation(stores, context.organizationId, open.id),
      link: undefined,
    };
  }

  async #insert(
    stores: Stores,
    context: PrincipalContext,
    email: string,
    team: MembershipRole,
    sender: LinkSender,
  ): Promise<IssuedInvitation> {
    const { organizationId } = context;
    const id = newId(this.#clock.now());
    const { link, ...issuedLink } = await this.#links.issue(stores, organizationId, email, sender);
    await stores.invitations.insert(context, {
      id,
      email,
      origin: 'team',
      organizationRole: 'member',
      seat: 'full',
      teams: [team],
      invitedBy: sender.inviterId,
      ...issuedLink,
    });
    return { invitation: await requireInvitation(stores, organizationId, id), link };
  }
}

/** Other teams of an invitation may be hidden from who looks after this one. */
const shownTo = (principal: Principal, teamId: string, invitation: Invitation): Invitation =>
  hasPermission(principal, 'organization:invite_user')
    ? invitation
    : { ...invitation, teams: invitation.teams.filter((team) => team.teamId === teamId) };

const isKnown = ({ accounts, open }: Known, email: string): boolean =>
  accounts.has(foldCase(email)) || open.has(foldCase(email));
