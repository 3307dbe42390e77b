import { isEmailAddress } from '../../kernel/email-address.js';
import { DomainError } from '../../kernel/errors.js';
import { foldCase } from '../../kernel/fold.js';
import { LIMITS } from '../../kernel/limits.js';

/** Characters of one address, and the separator and space around it. */
const LONGEST_ENTRY = 300;

/**
 * Addresses as people paste them: each entry may hold several, separated by commas, semicolons or line breaks. One that
 * is named twice, in any case, is one.
 * @throws DomainError invitation.invalid, which names the entry
 */
export function readAddresses(entries: readonly string[]): readonly string[] {
  const addresses = new Map<string, string>();
  for (const [index, entry] of entries.entries()) {
    if (entry.length > LIMITS.invitationsPerRequest * LONGEST_ENTRY) throw tooMany();
    for (const part of entry.split(/[,;\n]/)) {
      const address = part.trim();
      if (address === '') continue;
      if (!isEmailAddress(address))
        throw new DomainError('invitation.invalid', {
          field: `emails[${index}]`,
          detail: `"${address.slice(0, 80)}" is not an e-mail address.`,
        });
      addresses.set(foldCase(address), addresses.get(foldCase(address)) ?? address);
    }
  }
  if (addresses.size > LIMITS.invitationsPerRequest) throw tooMany();
  if (addresses.size === 0)
    throw new DomainError('invitation.invalid', { field: 'emails', detail: 'Name at least one address.' });
  return [...addresses.values()];
}

const tooMany = (): DomainError =>
  new DomainError('invitation.invalid', {
    field: 'emails',
    detail: `A request may invite ${LIMITS.invitationsPerRequest} addresses.`,
  });
