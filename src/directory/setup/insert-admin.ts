import { DomainError } from '../../kernel/errors.js';
import type { RequestContext } from '../request-context.js';
import type { Stores } from '../unit-of-work.js';
import type { Seat } from '../users/user.js';

/** An admin who is made here and not by an IdP. */
export interface AdminDraft {
  readonly id: string;
  readonly userName: string;
  /** Undefined for an account that nobody is to write to. */
  readonly email: string | undefined;
  readonly displayName?: string;
  readonly seat: Seat;
  /** Break-glass: SCIM may not change the account. */
  readonly isProtected: boolean;
}

/** Inserts an admin without a password. @throws DomainError user.user_name_taken, also for a removed account's name */
export async function insertAdmin(stores: Stores, context: RequestContext, draft: AdminDraft): Promise<void> {
  const { id, userName, email, displayName, seat, isProtected } = draft;
  const scope = { organizationId: context.organizationId, connectionId: undefined, baseUrl: '' };
  const inserted = await stores.users.insert(context, scope, {
    id,
    profile: {
      userName,
      externalId: undefined,
      core: {
        userName,
        ...(displayName === undefined ? {} : { displayName }),
        ...(email === undefined ? {} : { emails: [{ value: email, type: 'work', primary: true }] }),
      },
      enterprise: undefined,
      managerId: undefined,
    },
    isActive: true,
    organizationRole: 'admin',
    seat,
    accountType: 'USER',
    defaultTeamId: undefined,
    isProtected,
  });
  if (inserted === 'removed_account') throw new DomainError('user.user_name_taken');
}
