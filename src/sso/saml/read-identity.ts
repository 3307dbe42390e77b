import type { AssertedIdentity } from '../../directory/sign-on/asserted-identity.js';
import { NAME_ID } from '../../directory/sign-on/saml-settings.js';
import type { SamlConnection } from '../../directory/sign-on/sso-connection.js';
import { LIMITS } from '../../kernel/limits.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { FORMAT_TRANSIENT } from './saml-names.js';
import type { SamlRefusal } from './verify/saml-refusal.js';
import type { VerifiedAssertion } from './verify/verified-assertion.js';

/** `groups_overage`: the person is in more groups than the identity provider puts into an assertion; none is known. */
export type AssertionNote = 'groups_overage';

export interface ReadIdentity {
  readonly identity: AssertedIdentity;
  readonly notes: readonly AssertionNote[];
}

const CONTROL = /[\x00-\x1f\x7f]/;
/** Groups of one person that an identity provider may name. */
const MAX_GROUPS = 2_000;
/** Characters of a SessionIndex that is kept for logout. */
const MAX_SESSION_INDEX = 255;
/** Entra ID puts a link to its Graph API here in the place of more than 150 groups. */
const GROUPS_LINK = 'http://schemas.microsoft.com/claims/groups.link';

/** Reads a person from a verified assertion by the names of the connection. */
export function readIdentity(
  connection: SamlConnection,
  assertion: VerifiedAssertion,
): Result<ReadIdentity, SamlRefusal> {
  const { attributes: names } = connection.settings;
  const subject = readSubject(names.subject, assertion);
  if (!subject.ok) return subject;
  const isOverage = assertion.attributes.has(GROUPS_LINK);
  const groups = isOverage ? ok(undefined) : readGroups(names.groups, assertion);
  if (!groups.ok) return groups;
  const texts = readTexts(assertion, names);
  if (!texts.ok) return texts;
  const { sessionIndex } = assertion;
  return ok({
    notes: isOverage ? ['groups_overage'] : [],
    identity: {
      ssoConnection: connection,
      subject: subject.value,
      ...texts.value,
      groups: groups.value,
      attributes: describeAssertion(assertion),
      sessionIndex:
        sessionIndex !== undefined && sessionIndex.length <= MAX_SESSION_INDEX ? sessionIndex : undefined,
    },
  });
}

/** Exactly one value: with two, which one is the person would depend on their order. */
function readSubject(name: string, assertion: VerifiedAssertion): Result<string, SamlRefusal> {
  if (name === NAME_ID && assertion.subjectFormat === FORMAT_TRANSIENT)
    return refuse('subject_transient', 'a NameID that is another one at each sign-in cannot tell who it is');
  const [value, ...more] = valuesOf(name, assertion);
  if (value === undefined || more.length > 0)
    return refuse(
      'subject_missing',
      `the attribute that is the subject has ${more.length + (value === undefined ? 0 : 1)} values`,
    );
  return isUsable(value) ? ok(value) : refuse('value_unusable', 'the subject cannot be kept');
}

interface Texts {
  readonly userName: string | undefined;
  readonly email: string | undefined;
  readonly displayName: string | undefined;
  readonly givenName: string | undefined;
  readonly familyName: string | undefined;
}

function readTexts(
  assertion: VerifiedAssertion,
  names: SamlConnection['settings']['attributes'],
): Result<Texts, SamlRefusal> {
  const first = (
    list: readonly string[],
    isWanted: (value: string) => boolean = () => true,
  ): string | undefined => list.flatMap((name) => valuesOf(name, assertion)).find(isWanted);
  const texts = {
    userName: first(names.userName),
    // A NameID that stands in for the address is one only if it looks like one.
    email: first(names.email, (value) => value.includes('@')),
    displayName: first(names.displayName),
    givenName: first(names.givenName),
    familyName: first(names.familyName),
  };
  const unusable = Object.entries(texts).find(([, value]) => value !== undefined && !isUsable(value));
  return unusable ? refuse('value_unusable', `${unusable[0]} cannot be kept`) : ok(texts);
}

/** The first of the named attributes that is there. Undefined when none is: that says nothing of groups. */
function readGroups(
  names: readonly string[],
  { attributes }: VerifiedAssertion,
): Result<readonly string[] | undefined, SamlRefusal> {
  const groups = names.map((name) => attributes.get(name)).find((values) => values !== undefined);
  if (groups === undefined) return ok(undefined);
  if (groups.length > MAX_GROUPS || !groups.every(isUsable))
    return refuse('value_unusable', `more than ${MAX_GROUPS} groups, or a group that cannot be kept`);
  return ok(groups);
}

const valuesOf = (name: string, { subject, attributes }: VerifiedAssertion): readonly string[] =>
  name === NAME_ID ? [subject] : (attributes.get(name) ?? []);

const isUsable = (value: string): boolean => value.length <= LIMITS.nameLength && !CONTROL.test(value);

const refuse = (code: SamlRefusal['code'], detail: string): Result<never, SamlRefusal> =>
  err({ code, detail });

/** Attributes shown to the admin who tests a connection, and how much of each. */
const SHOWN_ATTRIBUTES = 100;
const SHOWN_VALUES = 50;
const SHOWN_CHARACTERS = 500;

/** What was said, cut to what a page can show; the NameID under the name settings have for it. */
function describeAssertion({
  subject,
  attributes,
}: VerifiedAssertion): Readonly<Record<string, readonly string[]>> {
  const all: readonly (readonly [string, readonly string[]])[] = [[NAME_ID, [subject]], ...attributes];
  const shown = all
    .slice(0, SHOWN_ATTRIBUTES)
    .map(([name, values]): [string, readonly string[]] => [
      name.slice(0, SHOWN_CHARACTERS),
      values.slice(0, SHOWN_VALUES).map((value) => value.slice(0, SHOWN_CHARACTERS)),
    ]);
  return Object.fromEntries(shown);
}
