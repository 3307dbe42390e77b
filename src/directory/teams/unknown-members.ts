import { DomainError, isDomainError } from '../../kernel/errors.js';
import { isUuid } from '../../kernel/ids.js';
import type { Stores } from '../unit-of-work.js';

const SHOWN_UNKNOWN_MEMBERS = 5;
const UUID_LENGTH = 36;

/** @throws DomainError team.unknown_member for what cannot be the id of anybody */
export function assertUserIds(ids: readonly string[]): void {
  const strangers = ids.filter((id) => !isUuid(id));
  if (strangers.length > 0) throw unknownMembers(strangers);
}

const unknownMembers = (ids: readonly string[], cause?: unknown): DomainError => {
  const shown = ids.slice(0, SHOWN_UNKNOWN_MEMBERS).map((id) => `"${id.slice(0, UUID_LENGTH)}"`);
  return new DomainError('team.unknown_member', {
    detail: `members: no user of this organization has the id ${shown.join(', ')}${ids.length > shown.length ? ', …' : ''}.`,
    field: 'members',
    cause,
  });
};

/** When the database refused a member, finds out which one, outside the undone statement. */
export async function explainUnknownMembers<T>(
  stores: Stores,
  organizationId: string,
  ids: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isDomainError(error, 'team.unknown_member')) throw error;
    const known = await stores.teams.knownUsers(organizationId, ids).catch(() => new Set<string>(ids));
    const missing = ids.filter((id) => !known.has(id));
    throw missing.length > 0 ? unknownMembers(missing, error) : error;
  }
}
