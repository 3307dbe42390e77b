import { DomainError } from '../../kernel/errors.js';
import type { UserDocument } from './user.js';
import type { UserRemovalVerdict, UserWriteOutcome } from './user-store.js';

/** @throws DomainError for every verdict but `written` and `unchanged` */
export function settleWrite(outcome: UserWriteOutcome | undefined): UserDocument {
  switch (outcome?.verdict) {
    case undefined:
      throw new DomainError('user.not_found');
    case 'stale':
      throw new DomainError('resource.version_mismatch');
    case 'protected':
      throw new DomainError('user.protected');
    case 'admin_forbidden':
      throw new DomainError('user.admin_role_forbidden', {
        detail:
          'This connection may not give the organization role admin, nor bring a deactivated admin back.',
        field: 'active',
      });
    case 'account_type':
      throw new DomainError('user.account_type_immutable', { field: 'accountType' });
    case 'service_account':
      throw new DomainError('user.invalid', {
        detail: 'A service account has no organizationRole and no seat.',
        field: 'organizationRole',
      });
    case 'needs_lock':
      throw new Error('a guarded write reached its end without the organization lock');
    case 'written':
    case 'unchanged':
      return outcome.user;
  }
}

/** @throws DomainError for every verdict but `removed` */
export function settleRemoval(verdict: UserRemovalVerdict | undefined): void {
  switch (verdict) {
    case undefined:
      throw new DomainError('user.not_found');
    case 'stale':
      throw new DomainError('resource.version_mismatch');
    case 'protected':
      throw new DomainError('user.protected');
    case 'needs_lock':
      throw new Error('a guarded removal reached its end without the organization lock');
    case 'removed':
      return;
  }
}
