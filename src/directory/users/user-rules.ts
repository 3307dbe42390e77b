import { DomainError } from '../../kernel/errors.js';
import { foldCase } from '../../kernel/fold.js';
import { isConnectionContext } from '../connections/external-id-scope.js';
import type { RequestContext } from '../request-context.js';
import type { CreateUserInput, UserRecord } from './user.js';
import type { MembershipRole } from './user-store.js';

/** @throws DomainError user.admin_role_forbidden */
export function assertMayGrant(context: RequestContext, role: string | undefined): void {
  if (role === 'admin' && !mayGrantAdmin(context))
    throw new DomainError('user.admin_role_forbidden', { field: 'organizationRole' });
}

/** Connections may be kept from making admins; people and the operator may. */
export const mayGrantAdmin = (context: RequestContext): boolean =>
  !isConnectionContext(context) || context.connection.settings.mayGrantAdmin;

/** What a service account has to have, and may not. @throws DomainError user.invalid, which names the field */
export function checkServiceAccount(input: CreateUserInput): void {
  if (input.accountType === 'USER') {
    if (input.defaultTeam !== undefined)
      throw new DomainError('user.invalid', {
        detail: 'defaultTeam is for service accounts only.',
        field: 'defaultTeam',
      });
    return;
  }
  if (input.defaultTeam === undefined)
    throw new DomainError('user.invalid', {
      detail: 'defaultTeam is required for a service account and must name an existing team.',
      field: 'defaultTeam',
    });
  for (const field of ['seat', 'organizationRole'] as const)
    if (input[field] !== undefined)
      throw new DomainError('user.invalid', { detail: `A service account has no ${field}.`, field });
  if (input.teamRoles.length > 0)
    throw new DomainError('user.invalid', {
      detail: 'A service account has no teamRoles.',
      field: 'teamRoles',
    });
}

/** Only people have roles in teams. @throws DomainError user.invalid */
export function assertPerson(user: UserRecord, roles: readonly MembershipRole[]): void {
  if (user.accountType !== 'USER' && roles.length > 0)
    throw new DomainError('user.invalid', {
      detail: 'A service account has no teamRoles.',
      field: 'teamRoles',
    });
}

/** @param name - of the team that is asked for, in any case */
export function assertDefaultTeam(user: UserRecord, name: string | undefined): void {
  if (name === undefined || foldCase(name) === foldCase(user.defaultTeamName ?? '')) return;
  throw new DomainError('user.default_team_immutable', { field: 'defaultTeam' });
}
