import { foldCase } from '../../kernel/fold.js';
import { isJsonObject, type JsonObject } from '../../kernel/json.js';
import type { UserProfile } from '../users/user.js';
import type { SignOnPerson } from './sign-on-person.js';

/** The profile of a person who is provisioned at the first sign-in, in the spelling of RFC 7643 section 4.1. */
export function newProfile(
  person: SignOnPerson,
  names: { readonly userName: string; readonly email: string | undefined },
): UserProfile {
  const { userName, email } = names;
  const bare: UserProfile = {
    userName,
    externalId: undefined,
    core: { userName },
    enterprise: undefined,
    managerId: undefined,
  };
  return updatedProfile(bare, person, email) ?? bare;
}

/**
 * The profile with what the identity provider says of the person's names, and with another primary address. The
 * userName stays: others may know the person by it.
 * @returns undefined when nothing changes
 */
export function updatedProfile(
  profile: UserProfile,
  person: SignOnPerson,
  email: string | undefined,
): UserProfile | undefined {
  const { givenName, familyName } = person;
  const joined = [givenName, familyName].filter((part) => part !== undefined).join(' ');
  const core: JsonObject = { ...profile.core };
  const displayName = person.displayName ?? (core['displayName'] === undefined ? joined : '');
  if (displayName !== '') core['displayName'] = displayName;
  if (joined !== '') core['name'] = updatedName(core['name'], { givenName, familyName });
  if (email !== undefined) core['emails'] = updatedEmails(core['emails'], email);
  return JSON.stringify(core) === JSON.stringify(profile.core) ? undefined : { ...profile, core };
}

function updatedName(
  current: JsonObject[string],
  parts: Readonly<Record<'givenName' | 'familyName', string | undefined>>,
): JsonObject {
  const before = isJsonObject(current) ? current : {};
  const after: JsonObject = { ...before };
  for (const [part, value] of Object.entries(parts)) if (value !== undefined) after[part] = value;
  const isSame = after['givenName'] === before['givenName'] && after['familyName'] === before['familyName'];
  // The formatted name is made of the others, by whoever wrote them.
  if (!isSame) delete after['formatted'];
  return after;
}

const elements = (value: JsonObject[string]): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter(isJsonObject) : [];

const findPrimary = (emails: readonly JsonObject[]): JsonObject | undefined =>
  emails.find((element) => element['primary'] === true) ?? emails[0];

/** The address by which an account is known: the one marked as primary, or the first. */
export function primaryEmailOf(profile: UserProfile): string | undefined {
  const value = findPrimary(elements(profile.core['emails']))?.['value'];
  return typeof value === 'string' ? value : undefined;
}

function updatedEmails(current: JsonObject[string], email: string): JsonObject[] {
  const emails = elements(current);
  const primary = findPrimary(emails);
  const isOther = (element: JsonObject): boolean =>
    element !== primary &&
    !(typeof element['value'] === 'string' && foldCase(element['value']) === foldCase(email));
  return [{ type: 'work', ...primary, value: email, primary: true }, ...emails.filter(isOther)];
}
