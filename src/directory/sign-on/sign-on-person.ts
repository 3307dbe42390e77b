import { foldCase } from '../../kernel/fold.js';
import { LIMITS } from '../../kernel/limits.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { AssertedIdentity } from './asserted-identity.js';
import { domainOfEmail } from './domain-name.js';

/** Who an identity provider says has come, in a form that can be compared and stored. */
export interface SignOnPerson {
  readonly subject: string;
  readonly userName: string | undefined;
  readonly email: string | undefined;
  readonly displayName: string | undefined;
  readonly givenName: string | undefined;
  readonly familyName: string | undefined;
  readonly groups: readonly string[] | undefined;
}

/** Control and invisible characters: two names that look alike could differ by them (RFC 8264 section 9.10). */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]/u;

/**
 * Checks what was asserted. A name by which an account could be found must be sound, or nobody is recognised by it;
 * what only decorates an account is left out when it is not. An empty value says nothing.
 * @returns the person, or the member that cannot be accepted
 */
export function readSignOnPerson(
  asserted: AssertedIdentity,
): Result<SignOnPerson, 'subject' | 'userName' | 'email'> {
  const { subject, groups } = asserted;
  // Compared byte by byte, so never trimmed or folded (OpenID Connect Core 1.0 section 5.7, SAML 2.0 core 8.3.7).
  if (subject === '' || subject.length > LIMITS.subjectLength || !isStorable(subject)) return err('subject');
  const userName = present(asserted.userName);
  const email = present(asserted.email);
  if (userName !== undefined && !isName(userName)) return err('userName');
  if (email !== undefined && (!isName(email) || domainOfEmail(email) === undefined)) return err('email');
  return ok({
    subject,
    userName,
    email,
    displayName: decoration(asserted.displayName),
    givenName: decoration(asserted.givenName),
    familyName: decoration(asserted.familyName),
    groups: readGroups(groups),
  });
}

const present = (value: string | undefined): string | undefined => {
  const trimmed = value?.trim();
  return trimmed === '' ? undefined : trimmed;
};

const isStorable = (text: string): boolean => !/[\p{Cc}\p{Cs}]/u.test(text);

const isName = (text: string): boolean => text.length <= LIMITS.nameLength && !INVISIBLE.test(text);

const decoration = (value: string | undefined): string | undefined => {
  const text = present(value);
  return text !== undefined && text.length <= LIMITS.nameLength && isStorable(text) ? text : undefined;
};

/** A list that is too long was not meant to be a person's whole list, so it says nothing. */
function readGroups(groups: readonly string[] | undefined): readonly string[] | undefined {
  if (groups === undefined || groups.length > LIMITS.groupsPerSignIn) return undefined;
  return [...new Set(groups)].filter(
    (name) => name.trim() !== '' && name.length <= LIMITS.groupNameLength && isStorable(name),
  );
}

/** A name or address that was asserted, with its key and, for an address, its domain. */
export interface AssertedName {
  readonly value: string;
  readonly key: string;
  readonly domain: string | undefined;
}

const toName = (value: string | undefined): AssertedName | undefined =>
  value === undefined ? undefined : { value, key: foldCase(value), domain: domainOfEmail(value) };

/** What a person may be recognised by: the userName first. */
export function namesOf(person: SignOnPerson): {
  readonly userName: AssertedName | undefined;
  readonly email: AssertedName | undefined;
} {
  return { userName: toName(person.userName), email: toName(person.email) };
}
