import { DomainError } from '../../kernel/errors.js';
import type { UserDocument } from './user.js';
import type { UserRemovalVerdict, UserWriteOutcome } from './user-store.js';

/** @throws DomainError for every verdict but `written` and `unchanged` */
export function settleWrite(outcome: UserWriteOutcome | undefined): UserDocument {
  switch (outcome?.verdict) {
    case undefined:
    case 'stale':
    case 'protected':
    case 'needs_lock':
      throw refusalOf(outcome?.verdict);
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
    case 'written':
    case 'unchanged':
      return outcome.user;
  }
}

/** @throws DomainError for every verdict but `removed` */
export function settleRemoval(verdict: UserRemovalVerdict | undefined): void {
  if (verdict !== 'removed') throw refusalOf(verdict);
}

function refusalOf(verdict: 'stale' | 'protected' | 'needs_lock' | undefined): Error {
  switch (verdict) {
    case undefined:
      return new DomainError('user.not_found');
    case 'stale':
      return new DomainError('resource.version_mismatch');
    case 'protected':
      return new DomainError('user.protected');
    case 'needs_lock':
      return new Error('a guarded change reached its end without the organization lock');
  }
}
