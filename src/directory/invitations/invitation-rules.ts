import { ERROR_CODES } from '../../kernel/error-codes.js';
import { DomainError } from '../../kernel/errors.js';
import { foldCase } from '../../kernel/fold.js';
import type { Stores } from '../unit-of-work.js';
import type { Seat } from '../users/user.js';
import type { SeatLimits } from '../users/user-service.js';
import type { Invitation } from './invitation.js';

/** Nobody's id: every seat counts. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

/**
 * Refuses to invite more people than there are free seats of a kind now. Open invitations hold no seat, so the last word
 * is spoken on acceptance. The caller holds the organization's lock.
 * @throws DomainError user.seat_limit_reached
 */
export async function requireFreeSeats(
  stores: Stores,
  limits: SeatLimits,
  {
    organizationId,
    seat,
    wanted,
  }: { readonly organizationId: string; readonly seat: Seat; readonly wanted: number },
): Promise<void> {
  const limit = seat === 'none' ? undefined : limits[seat];
  if (limit === undefined) return;
  const taken = await stores.users.countSeats(organizationId, seat, NOBODY);
  if (taken + wanted > limit) throw new DomainError('user.seat_limit_reached', { field: 'emails' });
}

/** @throws DomainError invitation.not_found */
export async function requireInvitation(
  stores: Stores,
  organizationId: string,
  id: string,
): Promise<Invitation> {
  const found = await stores.invitations.find(organizationId, id);
  if (!found) throw new DomainError('invitation.not_found');
  return found;
}

/** Pending or expired: what can still be sent again or revoked. */
export async function requireOpen(stores: Stores, organizationId: string, id: string): Promise<Invitation> {
  const found = await requireInvitation(stores, organizationId, id);
  if (found.state === 'accepted' || found.state === 'revoked') throw new DomainError('invitation.not_open');
  return found;
}

const REFUSALS = {
  active: 'invitation.already_member',
  deactivated: 'invitation.user_deactivated',
  removed: 'invitation.user_removed',
} as const;

/** Nobody with one of these addresses has an account. */
export async function requireNoAccounts(
  stores: Stores,
  organizationId: string,
  emails: readonly string[],
): Promise<void> {
  const [holder] = await stores.invitations.findHolders(organizationId, emails);
  if (holder) throw refusalFor(emails, holder.emailKey, REFUSALS[holder.state]);
}

/** Nobody with one of these addresses has an account that was deactivated or removed. */
export async function requireNoLostAccounts(
  stores: Stores,
  organizationId: string,
  emails: readonly string[],
): Promise<void> {
  const holders = await stores.invitations.findHolders(organizationId, emails);
  const lost = holders.find(({ state }) => state !== 'active');
  if (lost) throw refusalFor(emails, lost.emailKey, REFUSALS[lost.state]);
}

function refusalFor(
  emails: readonly string[],
  emailKey: string,
  code: (typeof REFUSALS)[keyof typeof REFUSALS],
): DomainError {
  const email = emails.find((candidate) => foldCase(candidate) === emailKey) ?? emailKey;
  return new DomainError(code, { field: 'emails', detail: `${email}: ${ERROR_CODES[code].meaning}` });
}
