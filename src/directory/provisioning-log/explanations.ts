import type { IdpClient } from './log-entry.js';
import { SETTINGS, type SettingPlace } from './settings-places.js';

/** What a failed request means for the person who looks after the connection. */
export interface Explanation {
  /** What happened, in a plain sentence. */
  readonly cause: string;
  /** What to change, and where in the identity provider or here; undefined when nothing has to be. */
  readonly setting: string | undefined;
}

interface ExplanationEntry {
  readonly cause: string;
  readonly advice?: string;
  /** Where in the identity provider the advice is followed. */
  readonly place?: SettingPlace;
}

const EXPLANATIONS: Readonly<Record<string, ExplanationEntry>> = {
  'credential.expired': {
    cause: 'The token has expired.',
    advice: 'Make a new token for this connection and enter it',
    place: 'credentials',
  },
  'credential.revoked': {
    cause: 'The token was revoked here.',
    advice: 'Make a new token for this connection and enter it',
    place: 'credentials',
  },
  'credential.wrong_kind': {
    cause:
      'This credential is not for this address: client secrets are for the token endpoint, tokens are for SCIM.',
    advice: 'Enter a bearer token, or choose OAuth 2.0 client credentials',
    place: 'credentials',
  },
  'credential.disabled': {
    cause: 'This connection is switched off.',
    advice: 'Switch the connection on here, or stop provisioning',
    place: 'start',
  },
  'user.user_name_taken': {
    cause:
      'Another account already has this userName, also in another case, so the client should have found it.',
    advice: 'Match people by userName',
    place: 'matching',
  },
  'user.external_id_taken': {
    cause: 'This connection requires unique externalIds, and another account has this one.',
    advice: 'Map externalId to an attribute that is unique and never changes',
    place: 'mapping',
  },
  'user.last_admin': {
    cause: 'The request would have left the organization without an active admin.',
    advice: 'Make somebody else an admin first, or take this account out of provisioning',
    place: 'assignment',
  },
  'user.protected': {
    cause: 'The account is a break-glass account, which SCIM may not change.',
    advice: 'Take the account out of provisioning',
    place: 'assignment',
  },
  'user.seat_limit_reached': {
    cause: 'Every seat of this kind is taken.',
    advice: 'Deactivate accounts or raise SEAT_LIMIT or VIEWER_SEAT_LIMIT here, or assign fewer people',
    place: 'assignment',
  },
  'user.admin_role_forbidden': {
    cause: 'This connection may not make anybody an admin, nor bring a deactivated admin back.',
    advice: 'Allow it in the settings of this connection here, or do not send the role admin',
    place: 'mapping',
  },
  'user.account_type_immutable': {
    cause: 'The type of an account cannot be changed once it exists.',
    advice: 'Do not send accountType in updates',
    place: 'mapping',
  },
  'user.unknown_team': {
    cause: 'The request names a team that does not exist.',
    advice: 'Push the group first, or correct the name of the team',
    place: 'groups',
  },
  'user.unknown_role': {
    cause: 'The request names a role that does not exist.',
    advice: 'Create the role here, or correct its name',
    place: 'mapping',
  },
  'user.not_found': {
    cause: 'The client knows an account that is gone: it was removed, or this is another organization.',
    advice: 'Have the person provisioned again',
    place: 'start',
  },
  'team.not_found': {
    cause: 'The client knows a group that is gone: it was deleted, or this is another organization.',
    advice: 'Unlink the group and push it again',
    place: 'groups',
  },
  'team.name_taken': {
    cause: 'Another team already has this name, also in another case.',
    advice: 'Link the group to the team that exists, or rename one of the two',
    place: 'groups',
  },
  'team.unknown_member': {
    cause: 'The group has a member who has not been provisioned here.',
    advice: 'Assign the people of the group to the application as well, not only the group',
    place: 'assignment',
  },
  'team.delete_refused': {
    cause: 'This connection is set to keep groups that the client deletes.',
    advice: 'Allow it in the settings of this connection here, or do not delete groups',
    place: 'groups',
  },
  'role.name_taken': { cause: 'Another custom role already has this name.' },
  'role.name_reserved': { cause: 'The name belongs to a predefined role.' },
  'resource.version_mismatch': {
    cause:
      'Something else changed the resource after the client had read it. The client should read it and try again.',
  },
  'request.rate_limited': {
    cause:
      'The client sent more requests than SCIM_RATE_LIMIT allows. It should wait as told, and loses nothing then.',
    advice: 'Raise SCIM_RATE_LIMIT here when this goes on, or send fewer requests at once',
    place: 'start',
  },
  'request.too_many_at_once': {
    cause: 'Too many lists and searches of this connection were waiting for the database at the same moment.',
    advice: 'Send fewer searches at once; filters on userName, externalId or id are the fastest',
  },
  'request.too_large': {
    cause: 'The request exceeds a limit of this server.',
    advice: 'Send fewer operations or members in one request',
    place: 'groups',
  },
  'request.unsupported_media_type': {
    cause: 'The body was not announced as application/scim+json or application/json in UTF-8.',
    advice: 'Correct the Content-Type header',
    place: 'credentials',
  },
  'request.unknown_address': {
    cause: 'There is nothing at this address.',
    advice: 'Enter the base URL as PUBLIC_URL followed by /scim/v2, with nothing behind it',
    place: 'credentials',
  },
  'request.unknown_method': { cause: 'What the client asked for is not possible at this address.' },
  'database.unavailable': {
    cause: 'The database could not be reached. The client should try again by itself.',
  },
  'database.busy': { cause: 'The database was too busy. The client should try again by itself.' },
  internal: { cause: 'An error of this server. The log of the server has it under the request id.' },
  not_implemented: { cause: 'The client asked for something that this server does not have.' },
  uniqueness: {
    cause: 'Something with this name exists already, so the client should have found it.',
    advice: 'Match by userName for people and by displayName for groups',
    place: 'matching',
  },
  invalidFilter: {
    cause: 'The filter cannot be understood, or names an attribute that does not exist.',
    advice: 'Correct the attribute that resources are matched by',
    place: 'matching',
  },
  invalidPath: {
    cause: 'The path of a change names no attribute of the resource.',
    advice: 'Correct or remove the mapping of that attribute',
    place: 'mapping',
  },
  invalidValue: {
    cause: 'A value is missing, of the wrong type, or not acceptable.',
    advice: 'Correct or remove the mapping of that attribute',
    place: 'mapping',
  },
  invalidSyntax: {
    cause: 'The body of the request is not what SCIM asks for.',
    advice: 'Correct the template or mapping it is made from',
    place: 'mapping',
  },
  noTarget: {
    cause: 'The change is for an element that is not there and cannot be made up from its filter.',
    advice: 'Send the attribute as a whole, or match its element by type',
    place: 'mapping',
  },
  mutability: {
    cause: 'The request changes an attribute that cannot be changed.',
    advice: 'Map the attribute for creation only, or not at all',
    place: 'mapping',
  },
  tooMany: { cause: 'The search selects more than can be sorted.', advice: 'Use a narrower filter' },
  expiredCursor: { cause: 'The client took too long between two pages and has to begin again.' },
  invalidCursor: { cause: 'The client asked for a page with a cursor that is not of this list.' },
};

const GENERAL: ExplanationEntry = { cause: 'The request was refused; the detail says why.' };

/** Codes that have an explanation of their own. */
export const EXPLAINED_CODES: readonly string[] = Object.keys(EXPLANATIONS);

/** What a failure means and what to change, in the words of the client's own settings where it is known. */
export function explainFailure(code: string, client: IdpClient): Explanation {
  const { cause, advice, place } = EXPLANATIONS[code] ?? familyOf(code) ?? GENERAL;
  if (advice === undefined) return { cause, setting: undefined };
  const where = place && `: ${SETTINGS[place][client] ?? SETTINGS[place].any}`;
  return { cause, setting: `${advice}${where ?? ''}.` };
}

/** A rule of ours about a value is invalidValue to SCIM. */
const familyOf = (code: string): ExplanationEntry | undefined =>
  /^(?:user|team|role|value)\./.test(code) ? EXPLANATIONS['invalidValue'] : undefined;
