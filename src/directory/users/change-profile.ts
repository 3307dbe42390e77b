import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.js';
import type { AccountChange } from './user-account.js';
import type { UserProfile } from './user.js';

/** The profile after a change, or undefined when the change is not about it. What the change does not name is kept. */
export function changeProfile(profile: UserProfile, change: AccountChange): UserProfile | undefined {
  const { userName, displayName, name, title, emails } = change;
  const parts = [userName, displayName, name, title, emails];
  if (parts.every((part) => part === undefined)) return undefined;
  return {
    ...profile,
    userName: userName ?? profile.userName,
    core: present({
      ...profile.core,
      ...(userName === undefined ? {} : { userName }),
      ...(displayName === undefined ? {} : { displayName: displayName ?? undefined }),
      ...(title === undefined ? {} : { title: title ?? undefined }),
      ...(name === undefined
        ? {}
        : { name: name === null ? undefined : changeName(profile.core['name'], name) }),
      ...(emails === undefined ? {} : { emails: emailsToWire(emails) }),
    }),
  };
}

/** A formatted name that was made of the old parts says nothing any more. */
function changeName(
  current: JsonValue | undefined,
  { givenName, familyName }: NonNullable<AccountChange['name']>,
): JsonObject | undefined {
  const name = present({
    ...(isJsonObject(current) ? current : {}),
    ...(givenName === undefined ? {} : { givenName: givenName ?? undefined }),
    ...(familyName === undefined ? {} : { familyName: familyName ?? undefined }),
    formatted: undefined,
  });
  return Object.keys(name).length === 0 ? undefined : name;
}

const emailsToWire = (emails: NonNullable<AccountChange['emails']>): JsonValue[] | undefined =>
  emails.length === 0
    ? undefined
    : emails.map(({ value, type, isPrimary }) =>
        present({ value, type, primary: isPrimary === true ? true : undefined }),
      );

/** The members that have a value. */
const present = (values: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
