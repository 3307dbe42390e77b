import { newId } from '../../kernel/ids.js';
import type { Clock } from '../../kernel/clock.js';
import type { Page } from '../query.js';
import type { RequestContext } from '../request-context.js';
import type { UnitOfWork } from '../unit-of-work.js';
import { resolveTeamRoles } from '../users/team-role-changes.js';
import type { OrganizationRole, Seat, TeamRoleAssignment } from '../users/user.js';
import type { SeatLimits } from '../users/user-service.js';
import type { Invitation, IssuedInvitation } from './invitation.js';
import type { InvitationQuery } from './invitation-store.js';
import type { LinkIssuer } from './issue-link.js';
import { readAddresses } from './read-addresses.js';
import {
  requireFreeSeats,
  requireInvitation,
  requireNoAccounts,
  requireNoLostAccounts,
  requireOpen,
} from './invitation-rules.js';

export interface InvitationInput {
  /** Addresses, or lists of them; at most `LIMITS.invitationsPerRequest` together. */
  readonly emails: readonly string[];
  /** Member unless given. */
  readonly organizationRole: OrganizationRole | undefined;
  /** Full unless given. */
  readonly seat: Seat | undefined;
  readonly teamRoles: readonly TeamRoleAssignment[];
  /** False: the link is returned instead. */
  readonly sendEmail: boolean;
}

export interface InvitationServiceDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly clock: Clock;
  readonly links: LinkIssuer;
  readonly seatLimits: SeatLimits;
}

/**
 * Asking people to join. Nobody has an account before accepting: an invitation takes no seat, but is refused when there
 * is none. Several are made together or none is.
 */
export class InvitationService {
  readonly #unitOfWork: UnitOfWork;
  readonly #clock: Clock;
  readonly #links: LinkIssuer;
  readonly #seatLimits: SeatLimits;

  constructor({ unitOfWork, clock, links, seatLimits }: InvitationServiceDependencies) {
    this.#unitOfWork = unitOfWork;
    this.#clock = clock;
    this.#links = links;
    this.#seatLimits = seatLimits;
  }

  /**
   * @throws DomainError invitation.invalid, invitation.already_invited, invitation.already_member,
   *   invitation.user_deactivated, invitation.user_removed, user.seat_limit_reached, user.unknown_team,
   *   user.unknown_role, user.invalid
   */
  async invite(context: RequestContext, input: InvitationInput): Promise<readonly IssuedInvitation[]> {
    const { organizationId } = context;
    const emails = readAddresses(input.emails);
    const { seat = 'full', organizationRole = 'member' } = input;
    const issued = await this.#unitOfWork.transaction(async (stores) => {
      await stores.organizations.lock(organizationId);
      await requireNoAccounts(stores, organizationId, emails);
      await requireFreeSeats(stores, this.#seatLimits, { organizationId, seat, wanted: emails.length });
      await stores.invitations.expireLapsed(organizationId, emails);
      const teams = await resolveTeamRoles(
        stores,
        organizationId,
        [],
        [{ kind: 'set', entries: input.teamRoles }],
      );
      const sender = await this.#links.findSender(stores, context, input.sendEmail);
      const made: IssuedInvitation[] = [];
      for (const email of emails) {
        const id = newId(this.#clock.now());
        const { link, ...issuedLink } = await this.#links.issue(stores, organizationId, email, sender);
        await stores.invitations.insert(context, {
          id,
          email,
          origin: 'organization',
          organizationRole,
          seat,
          teams,
          invitedBy: sender.inviterId,
          ...issuedLink,
        });
        made.push({ invitation: await requireInvitation(stores, organizationId, id), link });
      }
      return made;
    });
    this.#links.announce();
    return issued;
  }

  list(organizationId: string, query: InvitationQuery): Promise<Page<Invitation>> {
    return this.#unitOfWork.stores.invitations.list(organizationId, query);
  }

  /** @throws DomainError invitation.not_found */
  get(organizationId: string, id: string): Promise<Invitation> {
    return requireInvitation(this.#unitOfWork.stores, organizationId, id);
  }

  /**
   * Makes a new link, good for seven days from now; the one before is worthless.
   * @throws DomainError invitation.not_found, invitation.not_open, invitation.already_invited,
   *   invitation.already_member, invitation.user_deactivated, invitation.user_removed
   */
  async resend(context: RequestContext, id: string, sendEmail: boolean): Promise<IssuedInvitation> {
    const { organizationId } = context;
    const issued = await this.#unitOfWork.transaction(async (stores) => {
      const before = await requireOpen(stores, organizationId, id);
      if (before.origin === 'organization') await requireNoAccounts(stores, organizationId, [before.email]);
      else await requireNoLostAccounts(stores, organizationId, [before.email]);
      const sender = await this.#links.findSender(stores, context, sendEmail);
      const { link, ...renewal } = await this.#links.issue(stores, organizationId, before.email, sender);
      await stores.invitations.renew(context, before, renewal);
      if (before.mailId !== undefined) await stores.mailOutbox.withdraw(organizationId, before.mailId);
      return { invitation: await requireInvitation(stores, organizationId, id), link };
    });
    this.#links.announce();
    return issued;
  }

  /** @throws DomainError invitation.not_found, invitation.not_open */
  async revoke(context: RequestContext, id: string): Promise<void> {
    const { organizationId } = context;
    await this.#unitOfWork.transaction(async (stores) => {
      const before = await requireOpen(stores, organizationId, id);
      await stores.invitations.revoke(context, before);
      if (before.mailId !== undefined) await stores.mailOutbox.withdraw(organizationId, before.mailId);
    });
  }
}
