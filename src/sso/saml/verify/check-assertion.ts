/**
 * The rules of the Web Browser SSO profile for a bearer assertion (SAML profiles 4.1.4.3) and of SAML core 2.5, on an
 * assertion whose signature has been verified.
 */
import { err, ok, type Result } from '../../../kernel/result.js';
import { METHOD_BEARER, NAMESPACES } from '../saml-names.js';
import { attributeOf, childrenOf, textOf, type XmlElement } from '../xml/xml-element.js';
import type { AssertionParts, SubjectConfirmation } from './read-assertion.js';
import type { SamlRefusal } from './saml-refusal.js';
import { parseSamlTime } from './saml-time.js';
import { CLOCK_SKEW, MAX_ASSERTION_AGE, type VerificationSettings } from './verification-settings.js';

export interface AssertionContext {
  readonly settings: VerificationSettings;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** ID of the request this has to answer; undefined when nothing was asked. */
  readonly requestId: string | undefined;
}

const { assertion: SAML } = NAMESPACES;
const KNOWN_CONDITIONS: ReadonlySet<string> = new Set([
  'AudienceRestriction',
  'OneTimeUse',
  'ProxyRestriction',
]);

const refuse = (code: SamlRefusal['code'], detail: string): Result<never, SamlRefusal> =>
  err({ code, detail });

/** @returns milliseconds since the epoch until which the assertion has to be remembered, so that it is taken once */
export function checkAssertion(
  parts: AssertionParts,
  context: AssertionContext,
): Result<number, SamlRefusal> {
  const { settings, now } = context;
  if (parts.issuer !== settings.issuer) return refuse('issuer_mismatch', 'the assertion has another issuer');
  const age = checkAge(parts.issueInstant, now);
  if (!age.ok) return age;
  const conditions = checkConditions(parts.conditions, settings.entityId, now);
  if (!conditions.ok) return conditions;
  const bearers = parts.confirmations.filter(({ method }) => method === METHOD_BEARER);
  if (bearers.length === 0) return refuse('recipient_mismatch', 'no bearer confirmation of the subject');
  let last: Result<number, SamlRefusal> | undefined;
  for (const bearer of bearers) {
    last = checkConfirmation(bearer, context);
    if (last.ok) return ok(Math.min(last.value, age.value) + CLOCK_SKEW);
  }
  return last ?? refuse('recipient_mismatch', 'no bearer confirmation of the subject');
}

/** @returns when the assertion is too old, in milliseconds since the epoch */
function checkAge(issueInstant: string, now: number): Result<number, SamlRefusal> {
  const issuedAt = parseSamlTime(issueInstant);
  if (issuedAt === undefined) return refuse('malformed', 'IssueInstant is not a time in UTC');
  if (issuedAt - CLOCK_SKEW > now) return refuse('not_yet_valid', 'issued in the future');
  const endsAt = issuedAt + MAX_ASSERTION_AGE;
  return endsAt + CLOCK_SKEW <= now ? refuse('expired', 'issued too long ago') : ok(endsAt);
}

function checkConditions(
  conditions: XmlElement,
  entityId: string,
  now: number,
): Result<undefined, SamlRefusal> {
  const period = checkPeriod(
    attributeOf(conditions, 'NotBefore'),
    attributeOf(conditions, 'NotOnOrAfter'),
    now,
  );
  if (!period.ok) return period;
  const unknown = conditions.children.some(
    ({ namespace, localName }) => namespace !== SAML || !KNOWN_CONDITIONS.has(localName),
  );
  if (unknown) return refuse('condition_unknown', 'a condition this server cannot judge');
  const restrictions = childrenOf(conditions, SAML, 'AudienceRestriction');
  if (restrictions.length === 0) return refuse('audience_mismatch', 'no audience is named');
  const isForUs = restrictions.every((restriction) =>
    childrenOf(restriction, SAML, 'Audience').some((audience) => textOf(audience) === entityId),
  );
  return isForUs ? ok(undefined) : refuse('audience_mismatch', 'made for another service provider');
}

/** @returns when the confirmation ends, in milliseconds since the epoch */
function checkConfirmation(
  { recipient, inResponseTo, notBefore, notOnOrAfter }: SubjectConfirmation,
  { settings, now, requestId }: AssertionContext,
): Result<number, SamlRefusal> {
  if (recipient !== settings.acsUrl) return refuse('recipient_mismatch', 'made for another address');
  if (requestId === undefined && inResponseTo !== undefined)
    return refuse('in_response_to_mismatch', 'answers a request, but of somebody else');
  if (inResponseTo !== requestId)
    return refuse('in_response_to_mismatch', 'does not answer the request of this sign-on');
  const endsAt = parseSamlTime(notOnOrAfter);
  if (endsAt === undefined) return refuse('expired', 'the confirmation of the subject has no end');
  const period = checkPeriod(notBefore, notOnOrAfter, now);
  return period.ok ? ok(endsAt) : period;
}

function checkPeriod(
  notBefore: string | undefined,
  notOnOrAfter: string | undefined,
  now: number,
): Result<undefined, SamlRefusal> {
  const startsAt = parseSamlTime(notBefore);
  const endsAt = parseSamlTime(notOnOrAfter);
  if (
    (notBefore !== undefined && startsAt === undefined) ||
    (notOnOrAfter !== undefined && endsAt === undefined)
  )
    return refuse('malformed', 'a period is not given as times in UTC');
  if (startsAt !== undefined && now + CLOCK_SKEW < startsAt) return refuse('not_yet_valid', 'not valid yet');
  if (endsAt !== undefined && now - CLOCK_SKEW >= endsAt) return refuse('expired', 'no longer valid');
  return ok(undefined);
}
