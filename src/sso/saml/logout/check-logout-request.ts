import { err, ok, type Result } from '../../../kernel/result.js';
import { NAMESPACES } from '../saml-names.js';
import type { SamlRefusal } from '../verify/saml-refusal.js';
import { parseSamlTime } from '../verify/saml-time.js';
import { CLOCK_SKEW, MAX_ASSERTION_AGE } from '../verify/verification-settings.js';
import { attributeOf, childrenOf, onlyChildOf, textOf, type XmlElement } from '../xml/xml-element.js';

/** What an identity provider asks for: the end of one session of a person, or of all. */
export interface LogoutRequest {
  readonly id: string;
  readonly nameId: string;
  /** Undefined for all sessions, also when several are named: none of them is meant to go on. */
  readonly sessionIndex: string | undefined;
  /** Milliseconds since the epoch until which a copy might be taken for new. */
  readonly rememberUntil: number;
}

const { protocol: PROTOCOL, assertion: SAML } = NAMESPACES;

/** The rules for a LogoutRequest (SAML core 3.7.1, profiles 4.4.3), on one whose signature has been verified. */
export function checkLogoutRequest(
  request: XmlElement,
  expected: { readonly issuer: string; readonly logoutUrl: string; readonly now: number },
): Result<LogoutRequest, SamlRefusal> {
  const { issuer, logoutUrl, now } = expected;
  if (request.localName !== 'LogoutRequest' || request.namespace !== PROTOCOL)
    return refuse('unexpected_message', 'the message is not a SAML 2.0 LogoutRequest');
  const id = attributeOf(request, 'ID') ?? '';
  if (attributeOf(request, 'Version') !== '2.0' || id === '')
    return refuse('malformed', 'a logout request without ID or of another version than 2.0');
  const named = onlyChildOf(request, SAML, 'Issuer');
  if (!named || named.children.length > 0 || textOf(named) !== issuer)
    return refuse('issuer_mismatch', 'the logout request has another issuer');
  if (attributeOf(request, 'Destination') !== logoutUrl)
    return refuse('destination_mismatch', 'the logout request was made for another address');
  const rememberUntil = checkTime(request, now);
  if (!rememberUntil.ok) return rememberUntil;
  const nameId = onlyChildOf(request, SAML, 'NameID');
  if (!nameId || nameId.children.length > 0 || textOf(nameId) === '')
    return refuse('subject_missing', 'the logout request needs one NameID');
  const sessions = childrenOf(request, PROTOCOL, 'SessionIndex').map(textOf);
  return ok({
    id,
    nameId: textOf(nameId),
    sessionIndex: sessions.length === 1 ? sessions[0] : undefined,
    rememberUntil: rememberUntil.value,
  });
}

function checkTime(request: XmlElement, now: number): Result<number, SamlRefusal> {
  const issuedAt = parseSamlTime(attributeOf(request, 'IssueInstant'));
  if (issuedAt === undefined) return refuse('malformed', 'IssueInstant is not a time in UTC');
  if (issuedAt - CLOCK_SKEW > now) return refuse('not_yet_valid', 'issued in the future');
  const end = attributeOf(request, 'NotOnOrAfter');
  const notOnOrAfter = parseSamlTime(end);
  if (end !== undefined && notOnOrAfter === undefined)
    return refuse('malformed', 'NotOnOrAfter is not a time in UTC');
  const rememberUntil = Math.min(issuedAt + MAX_ASSERTION_AGE, notOnOrAfter ?? Infinity) + CLOCK_SKEW;
  return rememberUntil <= now ? refuse('expired', 'the logout request is too old') : ok(rememberUntil);
}

const refuse = (code: SamlRefusal['code'], detail: string): Result<never, SamlRefusal> =>
  err({ code, detail });
