import { DomainError } from '../kernel/errors.js';
import type { ErrorCode } from '../kernel/error-codes.js';

/**
 * The one place where database errors become domain errors, by SQLSTATE and constraint name (never by class: the
 * drivers' classes differ and are minified). 409 only for a constraint named here.
 */
export const CONSTRAINT_ERRORS: Readonly<
  Record<string, { readonly code: ErrorCode; readonly field: string }>
> = {
  users__org_id_user_name_key__uq: { code: 'user.user_name_taken', field: 'userName' },
  teams__org_id_display_name_key__uq: { code: 'team.name_taken', field: 'displayName' },
  roles__org_id_name__uq: { code: 'role.name_taken', field: 'name' },
  projects__org_id_team_id_name_key__uq: { code: 'project.name_taken', field: 'name' },
  project_members__org_id_custom_role_id__fk: { code: 'project.role_unknown', field: 'role' },
  connections__org_id_name_key__uq: { code: 'connection.name_taken', field: 'name' },
  external_ids__org_id_connection_id_type_external_id__uq: {
    code: 'user.external_id_taken',
    field: 'externalId',
  },
  sso_connections__org_id_name_key__uq: { code: 'sso_connection.name_taken', field: 'name' },
  sso_domains__org_id_domain__uq: { code: 'sso_domain.taken', field: 'domain' },
  sso_domains__domain__uq: { code: 'sso_domain.taken', field: 'domain' },
  sso_domains__org_id_sso_connection_id__fk: { code: 'sso_connection.not_found', field: 'ssoConnectionId' },
  identities__org_id_sso_connection_id_subject__pk: { code: 'identity.taken', field: 'subject' },
  identities__org_id_sso_connection_id_user_id__uq: { code: 'identity.taken', field: 'userId' },
  invitations__org_id_email_key__uq: { code: 'invitation.already_invited', field: 'emails' },
  team_members__org_id_user_id__fk: { code: 'team.unknown_member', field: 'members' },
  invitation_teams__org_id_custom_role_id__fk: { code: 'user.unknown_role', field: 'teamRoles' },
  team_members__org_id_custom_role_id__fk: { code: 'user.unknown_role', field: 'teamRoles' },
};

/** Every SQLSTATE has a digit; EPIPE, which sockets throw, has none. */
const SQLSTATE = /^(?=.*\d)[0-9A-Z]{5}$/;

/** SQLSTATEs that mean the server is not there, is going away, or takes no more connections. */
const isUnavailable = (state: string): boolean =>
  state.startsWith('08') || state.startsWith('57P') || state === '53300' || state === '25006';

/** Canceled by statement_timeout or lock_timeout. */
const isBusy = (state: string): boolean => state === '57014' || state === '55P03' || state === '53200';

/** Serialization failure or deadlock: the transaction may be run again. */
export const isRetryable = (error: unknown): boolean => {
  const state = sqlStateOf(error);
  return state === '40001' || state === '40P01';
};

const sqlStateOf = (error: unknown): string | undefined => {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && SQLSTATE.test(code) ? code : undefined;
};

/**
 * Translates what a driver threw. Errors without an SQLSTATE come from the connection, not from the statement, so
 * they mean that the database is away. Anything unknown is returned as it is and ends as a 500.
 */
export function translateDatabaseError(error: unknown): unknown {
  if (error instanceof DomainError) return error;
  const state = sqlStateOf(error);
  if (state === undefined) return new DomainError('database.unavailable', { cause: error });
  if (isUnavailable(state)) return new DomainError('database.unavailable', { cause: error });
  if (isBusy(state)) return new DomainError('database.busy', { cause: error });
  // program_limit_exceeded: a value grew past an index row when it was normalised.
  if (state === '54000') return new DomainError('value.too_long', { cause: error });
  const { constraint, column, table } = error as { constraint?: string; column?: string; table?: string };
  if (state === '23502' && table === 'team_members' && column === 'user_id')
    return new DomainError('team.unknown_member', { field: 'members', cause: error });
  const known = constraint === undefined ? undefined : CONSTRAINT_ERRORS[constraint];
  return known ? new DomainError(known.code, { field: known.field, cause: error }) : error;
}
