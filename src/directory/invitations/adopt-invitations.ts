import type { RequestContext } from '../request-context.js';
import type { Stores } from '../unit-of-work.js';
import type { OrganizationRole, Seat } from '../users/user.js';
import type { MembershipRole } from '../users/user-store.js';
import type { Invitation } from './invitation.js';

/** What open invitations promise to the account that is about to be made. */
export interface Adoption {
  readonly invitations: readonly Invitation[];
  readonly organizationRole: OrganizationRole;
  readonly seat: Seat;
  readonly teams: readonly MembershipRole[];
}

/**
 * Open invitations of these addresses, locked. Whoever makes the account, the invited person with the link, an identity
 * provider over SCIM or a first sign-in, keeps what was promised, and the invitation is settled with it. The oldest
 * decides on role and seat. The caller holds the organization's lock, which is taken before those of invitations.
 */
export async function findAdoption(
  stores: Stores,
  organizationId: string,
  addresses: readonly string[],
): Promise<Adoption | undefined> {
  const find = () => stores.invitations.findOpenByEmail(organizationId, addresses);
  await holdPlaces(stores, organizationId, await find());
  const invitations = await find();
  const [first] = invitations;
  if (!first) return undefined;
  const teams = new Map<string, MembershipRole>();
  for (const invitation of invitations.toReversed())
    for (const { teamId, role, customRoleId } of invitation.teams)
      teams.set(teamId, { teamId, role, customRoleId });
  const { organizationRole, seat } = first;
  return { invitations, organizationRole, seat, teams: [...teams.values()] };
}

/**
 * Keeps what invitations promise until the end of the transaction: their teams are not archived, their roles not deleted.
 * Some may have been since the invitations were read, so they are to be read again.
 */
export async function holdPlaces(
  stores: Stores,
  organizationId: string,
  invitations: readonly Invitation[],
): Promise<void> {
  const teams = invitations.flatMap((invitation) => invitation.teams);
  await stores.teams.hold(organizationId, [...new Set(teams.map(({ teamId }) => teamId))]);
  const roleIds = new Set(teams.flatMap(({ customRoleId }) => customRoleId ?? []));
  const scope = { organizationId, connectionId: undefined, baseUrl: '' };
  for (const id of [...roleIds].sort()) await stores.roles.lock(scope, id);
}

/** Settles the invitations with the account they became. Mails that are still to be sent are not sent any more. */
export async function settleAdoption(
  stores: Stores,
  context: RequestContext,
  { invitations }: Adoption,
  userId: string,
): Promise<void> {
  for (const invitation of invitations) {
    await stores.invitations.accept(context, invitation, userId);
    if (invitation.mailId !== undefined)
      await stores.mailOutbox.withdraw(context.organizationId, invitation.mailId);
  }
}
