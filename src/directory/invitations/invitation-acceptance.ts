import type { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { hashPassword, MIN_PASSWORD_LENGTH } from '../../kernel/password-hash.js';
import { hashSecret } from '../../kernel/secrets.js';
import type { RequestContext } from '../request-context.js';
import { within, type Stores, type UnitOfWork } from '../unit-of-work.js';
import { UserService, type SeatLimits } from '../users/user-service.js';
import type { UserProfile } from '../users/user.js';
import type { MembershipRole } from '../users/user-store.js';
import { holdPlaces, settleAdoption } from './adopt-invitations.js';
import type { Invitation } from './invitation.js';
import type { AddressHolder } from './invitation-store.js';

const MAX_PASSWORD_LENGTH = 1_024;
const MAX_NAME_LENGTH = 100;

/**
 * What the invited person has to do. `join`: there is an account already, it only joins the teams. `password`: choose
 * one, and the account is made. `sign_on`: sign in at the organization's identity provider, and the account is made then.
 * `none`: there is no way in, passwords are switched off and no identity provider is connected.
 */
export type AcceptanceWay = 'join' | 'password' | 'sign_on' | 'none';

/** An invitation as the person with the link sees it. */
export interface OpenInvitation {
  readonly invitation: Invitation;
  readonly organizationName: string;
  readonly way: AcceptanceWay;
}

export interface AcceptanceInput {
  readonly secret: string;
  /** For the way `password`. */
  readonly password: string | undefined;
  readonly displayName: string | undefined;
}

export interface Acceptance<Opened> {
  readonly userId: string;
  readonly organizationId: string;
  /** What `open` gave; undefined when an account that was there joined teams. */
  readonly opened: Opened | undefined;
}

/** What opens for an account just made, in the same transaction: the session. */
export type OpenForNewUser<Opened> = (
  stores: Stores,
  context: RequestContext,
  userId: string,
) => Promise<Opened>;

export interface InvitationAcceptanceDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly clock: Clock;
  readonly seatLimits: SeatLimits;
  /** Whether passwords kept here are taken at all. */
  readonly isLocalAllowed: boolean;
}

/** Accepting invitations with their links. Of two who accept at once, one does. */
export class InvitationAcceptance {
  readonly #unitOfWork: UnitOfWork;
  readonly #clock: Clock;
  readonly #seatLimits: SeatLimits;
  readonly #isLocalAllowed: boolean;

  constructor(parts: InvitationAcceptanceDependencies) {
    this.#unitOfWork = parts.unitOfWork;
    this.#clock = parts.clock;
    this.#seatLimits = parts.seatLimits;
    this.#isLocalAllowed = parts.isLocalAllowed;
  }

  /**
   * Whose link it is, and what it leads to. Reads only: mail scanners open links.
   * @throws DomainError invitation.link_invalid, invitation.user_deactivated, invitation.user_removed
   */
  async find(secret: string): Promise<OpenInvitation> {
    const { stores } = this.#unitOfWork;
    const invitation = await findPending(stores, secret);
    const holder = await findHolder(stores, invitation);
    const { organizationId } = invitation;
    const settings = await stores.organizations.findSettings(organizationId);
    return {
      invitation,
      organizationName: settings?.displayName ?? '',
      way: holder ? 'join' : await this.#wayIn(stores, organizationId),
    };
  }

  /**
   * Makes the account with its password, role, seat and teams, or adds the account that is there to the teams.
   * @throws DomainError invitation.link_invalid, invitation.invalid, invitation.password_refused,
   *   invitation.user_deactivated, invitation.user_removed, user.seat_limit_reached
   */
  async accept<Opened>(
    request: Pick<RequestContext, 'requestId' | 'sourceAddress'>,
    input: AcceptanceInput,
    open: OpenForNewUser<Opened>,
  ): Promise<Acceptance<Opened>> {
    const found = await this.find(input.secret);
    const { organizationId, id } = found.invitation;
    const passwordHash = found.way === 'join' ? undefined : await this.#hash(found.way, input);
    const context: RequestContext = { organizationId, actor: { kind: 'invitation', id }, ...request };
    return this.#unitOfWork.transaction(async (stores) => {
      await stores.organizations.lock(organizationId);
      const locked = await stores.invitations.find(organizationId, id);
      if (locked) await holdPlaces(stores, organizationId, [locked]);
      // Once it is locked, the link may have been used, or sent again.
      const invitation = await findPending(stores, input.secret);
      const holder = await findHolder(stores, invitation);
      if (holder) {
        await this.#join(stores, context, invitation, holder);
        return { userId: holder.userId, organizationId, opened: undefined };
      }
      if (passwordHash === undefined) throw new DomainError('invitation.link_invalid');
      const userId = await this.#create(stores, context, invitation, input.displayName);
      const { email } = invitation;
      await stores.localCredentials.insert(organizationId, userId, { hash: passwordHash, email });
      return { userId, organizationId, opened: await open(stores, context, userId) };
    });
  }

  async #wayIn(stores: Stores, organizationId: string): Promise<AcceptanceWay> {
    const connections = await stores.ssoConnections.list(organizationId);
    if (connections.some(({ isEnabled }) => isEnabled)) return 'sign_on';
    return this.#isLocalAllowed ? 'password' : 'none';
  }

  /** Before the transaction: it takes a while. */
  #hash(way: AcceptanceWay, { password = '', displayName = '' }: AcceptanceInput): Promise<string> {
    if (way !== 'password') throw new DomainError('invitation.password_refused');
    if (displayName.length > MAX_NAME_LENGTH)
      throw new DomainError('invitation.invalid', {
        field: 'displayName',
        detail: `A name has at most ${MAX_NAME_LENGTH} characters.`,
      });
    if (password.length < MIN_PASSWORD_LENGTH || password.length > MAX_PASSWORD_LENGTH)
      throw new DomainError('invitation.invalid', {
        field: 'password',
        detail: `Choose ${MIN_PASSWORD_LENGTH} characters or more.`,
      });
    return hashPassword(password);
  }

  /** The service settles the invitation, as it does for whoever else makes the account. */
  async #create(
    stores: Stores,
    context: RequestContext,
    invitation: Invitation,
    displayName: string | undefined,
  ): Promise<string> {
    const users = new UserService({
      unitOfWork: within(stores),
      clock: this.#clock,
      seatLimits: this.#seatLimits,
    });
    const scope = { organizationId: context.organizationId, connectionId: undefined, baseUrl: '' };
    const user = await users.create(context, scope, {
      profile: profileOf(invitation.email, displayName),
      isActive: true,
      organizationRole: undefined,
      seat: undefined,
      accountType: 'USER',
      defaultTeam: undefined,
      teamRoles: [],
    });
    return user.id;
  }

  /** Roles in teams that the account is in already stay as they are. */
  async #join(
    stores: Stores,
    context: RequestContext,
    invitation: Invitation,
    { userId }: AddressHolder,
  ): Promise<void> {
    const { organizationId } = context;
    const roles: MembershipRole[] = [];
    for (const { teamId, role, customRoleId } of invitation.teams)
      if (!(await stores.invitations.isMember(organizationId, teamId, userId)))
        roles.push({ teamId, role, customRoleId });
    if (roles.length > 0) await stores.users.setTeamRoles(context, userId, roles);
    const { organizationRole, seat } = invitation;
    await settleAdoption(
      stores,
      context,
      { invitations: [invitation], organizationRole, seat, teams: roles },
      userId,
    );
  }
}

async function findPending(stores: Stores, secret: string): Promise<Invitation> {
  const invitation = await stores.invitations.findBySecret(hashSecret(secret));
  if (invitation?.state !== 'pending') throw new DomainError('invitation.link_invalid');
  return invitation;
}

/** The active account with the invited address, when somebody has made one meanwhile. */
async function findHolder(stores: Stores, invitation: Invitation): Promise<AddressHolder | undefined> {
  const holders = await stores.invitations.findHolders(invitation.organizationId, [invitation.email]);
  const active = holders.find(({ state }) => state === 'active');
  if (active) return active;
  if (holders.some(({ state }) => state === 'deactivated'))
    throw new DomainError('invitation.user_deactivated');
  if (holders.length > 0) throw new DomainError('invitation.user_removed');
  return undefined;
}

function profileOf(email: string, displayName = ''): UserProfile {
  const name = displayName.trim();
  return {
    userName: email,
    externalId: undefined,
    core: {
      userName: email,
      ...(name === '' ? {} : { displayName: name }),
      emails: [{ value: email, type: 'work', primary: true }],
    },
    enterprise: undefined,
    managerId: undefined,
  };
}
