import { ERROR_CODES, type ErrorCode, type ErrorKind } from './error-codes.js';

/** What to do about an error, where nothing more particular is known of its code. Backticks stand around names. */
const REMEDY_OF_KIND: Readonly<Record<ErrorKind, string>> = {
  invalid:
    'Correct the part of the request that the answer names, and send it again. Nothing of the request was applied.',
  not_found:
    'Look the id up again, and check that the credential belongs to the organization of what you look for: an id of another organization reads like one that does not exist.',
  conflict:
    'Read what is there now and decide anew. The same request fails again as long as that stays as it is. Nothing was applied.',
  permission_denied:
    'Use a credential of an account that may do this, or ask an admin of the organization. Nothing was applied.',
  unauthenticated: 'Send a credential that is live, or make a new one.',
  precondition_failed:
    'Read the resource again, make your change on what you get, and send it with the new ETag in `If-Match`.',
  too_large: 'Send less in one request. The API documentation lists every limit.',
  rate_limited: 'Wait for the seconds that `Retry-After` names, then send the request again.',
  unavailable:
    'Nothing is wrong with the request: send it again after the seconds that `Retry-After` names. If it stays like this, look at `/readyz` and into the log of the server.',
};

const REMEDY_OF_CODE: Partial<Readonly<Record<ErrorCode, string>>> = {
  'user.user_name_taken':
    'Find the account that has this userName, in any case, and use it; or rename one of the two. An identity provider should match the existing account instead of making another.',
  'user.external_id_taken':
    'Find the resource with this externalId. Either it is the one you mean, or the identity provider gives one externalId twice; a connection that has to live with that is set not to require unique ones.',
  'user.last_admin':
    'Give another active account the organization role `admin` first. Then deactivate, demote or remove this one.',
  'user.protected':
    'The account is kept out of reach of identity providers, so that somebody can always sign in. Leave it out of their assignments; admins change it in the API.',
  'user.seat_limit_reached':
    'Free a seat by deactivating somebody or by giving them another kind of seat, or raise `SEAT_LIMIT` or `VIEWER_SEAT_LIMIT`. `GET /api/v1/seats` tells how many are taken.',
  'user.admin_role_forbidden':
    'Take the role `admin` out of what the identity provider sends, or allow this connection to give it.',
  'user.account_type_immutable': 'Leave `accountType` out, or make another account.',
  'user.default_team_immutable': 'Leave `defaultTeam` out, or make another service account.',
  'user.inactive': 'Reactivate the account first, by the identity provider or as an admin.',
  'user.not_removed': 'Nothing has to be restored. To reactivate a deactivated account, use `reactivate`.',
  'user.ambiguous': 'Name the account by its id or userName.',
  'user.unknown_team': 'Make the team first, or name one that exists.',
  'user.unknown_role':
    'Use `admin`, `member`, `viewer`, or the name of a custom role, in the same upper and lower case.',
  'team.name_taken':
    'Find the team that has this name, in any case, and use it; or choose another name. An identity provider should match the existing group.',
  'team.unknown_member': 'Make the users first; a group can only name those that exist.',
  'team.delete_refused':
    'Archive the team as an admin, or set the connection to archive teams that the identity provider deletes.',
  'team.setting_enforced':
    'Change the setting of the organization, or leave it out of the changes to the team.',
  'team.already_member': 'Nothing has to be done. To change the role, change the membership.',
  'team.service_account':
    'Leave service accounts out. They come with their team, and go when they are removed.',
  'team.admin_access_disabled': 'Ask an admin of the team to be added, or unset `DISABLE_ADMIN_TEAM_ACCESS`.',
  'role.name_taken': 'Choose another name, or change the role that has it.',
  'role.name_reserved': 'Choose another name than those of the predefined roles, in any case.',
  'role.unknown_permission': 'Use names of the permission catalogue, docs/permissions.md.',
  'role.inherited_permission':
    'Change `inheritedFrom`, or leave the permission: a custom role only adds to what it inherits.',
  'project.visibility_forbidden':
    'Choose a narrower visibility, or change the privacy setting of the team or of the organization.',
  'project.not_a_team_member': 'Add the account to the team first.',
  'project.not_invited': 'Invite the member to the project, then give the role.',
  'api_key.limit_reached': 'Revoke a key that is not used any more; the list says when each was last used.',
  'api_key.creation_disabled': 'Ask an admin to allow new API keys in the settings of the organization.',
  'sso_connection.from_environment':
    'Change the variables `SAML_*` or `OIDC_*` of the server, and start it again.',
  'sso_domain.challenge_missing':
    'Publish the TXT record that the domain names, wait until it is seen everywhere, and verify again.',
  'identity.taken':
    'Unlink the identity from the other account first, if it is not that one the person should have.',
  'setup.link_invalid':
    'Use the link that the server printed when it started last. Once an admin exists, there is no other.',
  'invitation.already_invited': 'Send the open invitation again, or revoke it and invite anew.',
  'invitation.user_deactivated': 'Reactivate the account; its teams and roles are still there.',
  'invitation.user_removed': 'Restore the account; its teams and roles are still there.',
  'invitation.not_open': 'Invite the address anew.',
  'invitation.link_invalid': 'Ask whoever invited you to send the invitation again.',
  'invitation.password_refused': 'Accept the invitation by signing in at your identity provider.',
  'credential.invalid':
    'Check that the whole secret is sent, in the header that this address takes, and that it has neither expired nor been revoked. A secret cannot be shown again: make a new one.',
  'credential.too_many_attempts':
    'Stop sending the credential that is refused, wait for the seconds that `Retry-After` names, and send one that is live.',
  'permission.denied':
    'The answer names the permission or scope that is missing. Ask an admin for a role that gives it, or use another key.',
  'request.cross_site': 'Send changes from a page of this server, or use an API key instead of a session.',
  'idempotency.key_reused': 'Use a new `Idempotency-Key` for each request that is another one.',
  'idempotency.in_progress':
    'Wait a moment and send the same request with the same key again: it gets the answer of the first.',
  'idempotency.answer_lost':
    'Look whether the resource is there. If it is not, send the request with a new key.',
  'request.rate_limited':
    'Wait for the seconds that `Retry-After` names. The limits are set by `SCIM_RATE_LIMIT` and `API_RATE_LIMIT`.',
  'request.too_many_at_once':
    'Wait for answers before you send more searches; page with cursors instead of asking for pages at the same time.',
};

/** What somebody who gets this error may do about it: plain sentences, with backticks around names. */
export const remedyOf = (code: ErrorCode): string =>
  REMEDY_OF_CODE[code] ?? REMEDY_OF_KIND[ERROR_CODES[code].kind];
