/** What went wrong, in the terms every surface maps to its own protocol. */
export type ErrorKind =
  | 'invalid'
  | 'not_found'
  | 'conflict'
  | 'permission_denied'
  | 'unauthenticated'
  | 'precondition_failed'
  | 'too_large'
  | 'rate_limited'
  | 'unavailable';

interface ErrorCodeEntry {
  readonly kind: ErrorKind;
  /** One plain sentence, safe to show to any caller. */
  readonly meaning: string;
}

/** Every domain error there is. Codes are stable: callers and tests match on them, never on the text. */
export const ERROR_CODES = {
  'user.not_found': { kind: 'not_found', meaning: 'No such user in this organization.' },
  'user.user_name_taken': { kind: 'conflict', meaning: 'Another user already has this userName.' },
  'user.external_id_taken': {
    kind: 'conflict',
    meaning: 'This connection requires unique externalIds and another resource already has this one.',
  },
  'user.last_admin': {
    kind: 'permission_denied',
    meaning:
      'This is the last active admin of the organization; it cannot be deactivated, demoted or removed.',
  },
  'user.protected': { kind: 'permission_denied', meaning: 'This account is protected from SCIM changes.' },
  'user.seat_limit_reached': { kind: 'permission_denied', meaning: 'Seat limit reached' },
  'user.admin_role_forbidden': {
    kind: 'permission_denied',
    meaning: 'This connection may not give the organization role admin.',
  },
  'user.account_type_immutable': {
    kind: 'invalid',
    meaning: 'accountType is fixed when the account is created.',
  },
  'user.default_team_immutable': {
    kind: 'invalid',
    meaning: 'defaultTeam is fixed when the service account is created.',
  },
  'user.inactive': {
    kind: 'permission_denied',
    meaning: 'This account is deactivated or not one to sign in with.',
  },
  'user.not_removed': { kind: 'conflict', meaning: 'The account is not removed.' },
  'user.ambiguous': { kind: 'conflict', meaning: 'Several accounts have this e-mail address.' },
  'user.invalid': { kind: 'invalid', meaning: 'A value of the user is not acceptable.' },
  'user.too_large': { kind: 'invalid', meaning: 'The attributes of the user are too large together.' },
  'user.unknown_team': { kind: 'invalid', meaning: 'A team named in the request does not exist.' },
  'user.unknown_role': { kind: 'invalid', meaning: 'A role named in the request does not exist.' },
  'team.not_found': { kind: 'not_found', meaning: 'No such team in this organization.' },
  'team.name_taken': { kind: 'conflict', meaning: 'Another team already has this displayName.' },
  'team.unknown_member': { kind: 'invalid', meaning: 'A member is not a user of this organization.' },
  'team.delete_refused': {
    kind: 'permission_denied',
    meaning: 'This connection is set to refuse the deletion of teams.',
  },
  'team.setting_enforced': {
    kind: 'conflict',
    meaning: 'The organization decides this setting for every team.',
  },
  'team.not_archived': { kind: 'conflict', meaning: 'The team is not archived.' },
  'team.already_member': { kind: 'conflict', meaning: 'The account is in the team already.' },
  'team.not_a_member': { kind: 'not_found', meaning: 'The account is not in the team.' },
  'team.unknown_role': { kind: 'invalid', meaning: 'There is no such role.' },
  'team.service_account': {
    kind: 'invalid',
    meaning: 'A service account has no role in a team, and does not leave the one it belongs to.',
  },
  'team.admin_access_disabled': {
    kind: 'permission_denied',
    meaning: 'Admins of the organization may not join teams here (DISABLE_ADMIN_TEAM_ACCESS).',
  },
  'team.invalid': { kind: 'invalid', meaning: 'A value of the team is not acceptable.' },
  'role.not_found': { kind: 'not_found', meaning: 'No such custom role in this organization.' },
  'role.name_taken': { kind: 'conflict', meaning: 'Another custom role already has this name.' },
  'role.name_reserved': { kind: 'conflict', meaning: 'This name belongs to a predefined role.' },
  'role.unknown_permission': { kind: 'invalid', meaning: 'A permission is not in the catalogue.' },
  'role.inherited_permission': {
    kind: 'invalid',
    meaning: 'An inherited permission cannot be removed from a role.',
  },
  'role.invalid': { kind: 'invalid', meaning: 'A value of the role is not acceptable.' },
  'service_account.not_found': {
    kind: 'not_found',
    meaning: 'No such service account in this organization.',
  },
  'project.not_found': { kind: 'not_found', meaning: 'No such project in this organization.' },
  'project.name_taken': { kind: 'conflict', meaning: 'Another project of the team already has this name.' },
  'project.invalid': { kind: 'invalid', meaning: 'A value of the project is not acceptable.' },
  'project.visibility_forbidden': {
    kind: 'permission_denied',
    meaning: 'A privacy setting of the team or the organization forbids this visibility.',
  },
  'project.not_a_team_member': {
    kind: 'invalid',
    meaning: 'Only members of the team can have a place in its project.',
  },
  'project.no_project_roles': {
    kind: 'conflict',
    meaning: 'Projects have roles of their own only while their visibility is team or restricted.',
  },
  'project.not_restricted': {
    kind: 'conflict',
    meaning: 'Only a restricted project has invited members.',
  },
  'project.not_invited': {
    kind: 'conflict',
    meaning: 'The project is restricted; the member has to be invited first.',
  },
  'project.role_follows_team': {
    kind: 'conflict',
    meaning: 'A View-Only member or a service account has no project role of its own.',
  },
  'project.role_unknown': { kind: 'invalid', meaning: 'A role named in the request does not exist.' },
  'connection.not_found': { kind: 'not_found', meaning: 'No such connection in this organization.' },
  'connection.name_taken': { kind: 'conflict', meaning: 'Another connection already has this name.' },
  'connection.invalid': { kind: 'invalid', meaning: 'A value of the connection is not acceptable.' },
  'token.not_found': { kind: 'not_found', meaning: 'No such token of this connection.' },
  'token.invalid': { kind: 'invalid', meaning: 'A value of the token is not acceptable.' },
  'api_key.not_found': { kind: 'not_found', meaning: 'No such API key that the caller may see.' },
  'api_key.invalid': { kind: 'invalid', meaning: 'A value of the API key is not acceptable.' },
  'api_key.limit_reached': {
    kind: 'conflict',
    meaning: 'The account has as many API keys as it may have; revoke one first.',
  },
  'api_key.forbidden': {
    kind: 'permission_denied',
    meaning: 'The caller may not make API keys for this account.',
  },
  'api_key.creation_disabled': {
    kind: 'permission_denied',
    meaning: 'The organization does not allow new API keys.',
  },
  'permission.denied': { kind: 'permission_denied', meaning: 'The caller may not do this.' },
  'account.wrong_password': { kind: 'invalid', meaning: 'This is not the current password.' },
  'account.invalid_password': { kind: 'invalid', meaning: 'The new password is not acceptable.' },
  'account.no_password': {
    kind: 'conflict',
    meaning:
      'The account is not active, or has no password here: its owner signs in at an identity provider.',
  },
  'account.reset_link_invalid': {
    kind: 'permission_denied',
    meaning: 'The link to a new password is wrong, used already, replaced or expired.',
  },
  'session.not_found': { kind: 'not_found', meaning: 'No such session of this person.' },
  'sso_connection.not_found': { kind: 'not_found', meaning: 'No such SSO connection in this organization.' },
  'sso_connection.name_taken': { kind: 'conflict', meaning: 'Another SSO connection already has this name.' },
  'sso_connection.invalid': { kind: 'invalid', meaning: 'A value of the SSO connection is not acceptable.' },
  'sso_connection.from_environment': {
    kind: 'permission_denied',
    meaning: 'This SSO connection is configured by environment variables and cannot be changed here.',
  },
  'sso_domain.not_found': { kind: 'not_found', meaning: 'No such domain in this organization.' },
  'sso_domain.taken': { kind: 'conflict', meaning: 'This domain is registered already.' },
  'sso_domain.invalid': { kind: 'invalid', meaning: 'This is not a domain.' },
  'sso_domain.limit_reached': {
    kind: 'conflict',
    meaning: 'The organization has as many domains as it may have.',
  },
  'sso_domain.challenge_missing': {
    kind: 'conflict',
    meaning: 'The TXT record that would show whose domain this is was not found.',
  },
  'sso_domain.dns_unavailable': {
    kind: 'unavailable',
    meaning: 'The name servers of the domain do not answer; try again shortly.',
  },
  'identity.taken': {
    kind: 'conflict',
    meaning:
      'This person of the identity provider is linked to another account, or this account to another person.',
  },
  'identity.not_found': { kind: 'not_found', meaning: 'The account is not linked at this SSO connection.' },
  'sign_on_review.not_found': { kind: 'not_found', meaning: 'No such refused sign-in in this organization.' },
  'sign_on_review.resolved': { kind: 'conflict', meaning: 'This refused sign-in has been decided already.' },
  'mapping_rule.not_found': { kind: 'not_found', meaning: 'No such mapping rule in this organization.' },
  'mapping_rule.invalid': { kind: 'invalid', meaning: 'A value of the mapping rule is not acceptable.' },
  'organization.not_found': { kind: 'not_found', meaning: 'No such organization.' },
  'setup.link_invalid': {
    kind: 'permission_denied',
    meaning: 'The setup link is wrong, used already, or no longer needed.',
  },
  'setup.invalid': { kind: 'invalid', meaning: 'A value of the setup form is not acceptable.' },
  'invitation.not_found': { kind: 'not_found', meaning: 'No such invitation in this organization.' },
  'invitation.invalid': { kind: 'invalid', meaning: 'A value of the invitation is not acceptable.' },
  'invitation.already_invited': {
    kind: 'conflict',
    meaning: 'There is an open invitation for this address; send it again, or revoke it.',
  },
  'invitation.already_member': {
    kind: 'conflict',
    meaning: 'The person of this address is in already.',
  },
  'invitation.user_deactivated': {
    kind: 'conflict',
    meaning: 'The account of this address is deactivated; it has to be reactivated, not invited.',
  },
  'invitation.user_removed': {
    kind: 'conflict',
    meaning:
      'The account of this address was removed by the identity provider; it has to be restored, not invited.',
  },
  'invitation.not_open': {
    kind: 'conflict',
    meaning: 'The invitation has been accepted or revoked already.',
  },
  'invitation.link_invalid': {
    kind: 'permission_denied',
    meaning: 'The link of the invitation is wrong, used already, revoked or expired.',
  },
  'invitation.password_refused': {
    kind: 'permission_denied',
    meaning: 'People of this organization sign in at their identity provider, not with a password here.',
  },
  'credential.invalid': {
    kind: 'unauthenticated',
    meaning: 'The credential is missing, unknown, expired or revoked.',
  },
  'credential.too_many_attempts': {
    kind: 'rate_limited',
    meaning: 'Too many credentials from this address were refused; try again later.',
  },
  'resource.version_mismatch': {
    kind: 'precondition_failed',
    meaning: 'The resource has changed since the version named in If-Match.',
  },
  'request.invalid': { kind: 'invalid', meaning: 'A part of the request is not acceptable.' },
  'request.cross_site': {
    kind: 'permission_denied',
    meaning: 'A request with a session cookie that changes something has to come from a page of this server.',
  },
  'idempotency.key_reused': {
    kind: 'invalid',
    meaning: 'This Idempotency-Key was used for another request.',
  },
  'idempotency.in_progress': {
    kind: 'conflict',
    meaning: 'The first request with this Idempotency-Key is being carried out.',
  },
  'idempotency.answer_lost': {
    kind: 'conflict',
    meaning:
      'The first request with this Idempotency-Key was carried out, and its answer is lost. Look for what it made.',
  },
  'request.too_large': { kind: 'too_large', meaning: 'The request exceeds a limit.' },
  'request.rate_limited': { kind: 'rate_limited', meaning: 'Too many requests; try again later.' },
  'request.too_many_at_once': {
    kind: 'rate_limited',
    meaning: 'Too many searches at the same time; wait for some to be answered.',
  },
  'value.too_long': { kind: 'invalid', meaning: 'A value is too long to be compared.' },
  'database.unavailable': {
    kind: 'unavailable',
    meaning: 'The database cannot be reached; try again shortly.',
  },
  'database.busy': { kind: 'unavailable', meaning: 'The database is too busy to answer; try again shortly.' },
} as const satisfies Record<string, ErrorCodeEntry>;

export type ErrorCode = keyof typeof ERROR_CODES;
