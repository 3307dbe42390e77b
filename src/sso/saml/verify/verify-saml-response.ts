import { err, ok, type Result } from '../../../kernel/result.js';
import { serializeXml } from '../xml/serialize-xml.js';
import { attributeOf, textOf, type XmlElement } from '../xml/xml-element.js';
import { checkAssertion, type AssertionContext } from './check-assertion.js';
import { checkEnvelope, checkStatus } from './check-response.js';
import { checkDecryptedAssertion, checkResponse, type ResponseStructure } from './check-structure.js';
import { decodeMessage, readXml } from './decode-message.js';
import { readAssertion, type AssertionParts } from './read-assertion.js';
import type { SamlRefusal } from './saml-refusal.js';
import { parseSamlTime } from './saml-time.js';
import { decryptAssertion, readSignedAssertion } from './signed-assertion.js';
import type { VerificationSettings } from './verification-settings.js';
import type { VerifiedAssertion } from './verified-assertion.js';

/**
 * Decides whether a response of an identity provider is to be believed (Web Browser SSO profile, SAML profiles 4.1).
 * A strict reader and the gate come first, then the signature library, and then the rules, on the bytes that were signed and
 * on nothing else. Replays and the browser are the caller's to check: they need the database.
 * @param message the SAMLResponse parameter of the HTTP POST binding, base64
 */
export async function verifySamlResponse(
  message: string,
  context: AssertionContext,
): Promise<Result<VerifiedAssertion, SamlRefusal>> {
  const decoded = decodeMessage(message);
  if (!decoded.ok) return decoded;
  const { xml, root } = decoded.value;
  const gate = passGate(root, context);
  if (!gate.ok) return gate;
  const isAssertionSigned = gate.value.isEncrypted
    ? await lookInside(gate.value.assertion, context.settings)
    : ok(gate.value.isAssertionSigned);
  if (!isAssertionSigned.ok) return isAssertionSigned;

  const { settings } = context;
  const { isResponseSigned } = gate.value;
  if (settings.wantAssertionSigned && !isAssertionSigned.value)
    return refuse('signature_missing', 'the assertion is not signed');
  if (settings.wantResponseSigned && !isResponseSigned)
    return refuse('signature_missing', 'the response is not signed');
  if (!isAssertionSigned.value && !isResponseSigned)
    return refuse('signature_missing', 'neither the response nor the assertion is signed');
  const signed = await readSignedAssertion(xml, settings, {
    assertion: isAssertionSigned.value,
    response: isResponseSigned,
  });
  if (signed === undefined)
    return refuse('signature_invalid', 'no certificate of the connection verifies the signature');
  return judgeSigned(signed, gate.value, context);
}

const refuse = (code: SamlRefusal['code'], detail: string): Result<never, SamlRefusal> =>
  err({ code, detail });

function passGate(root: XmlElement, context: AssertionContext): Result<ResponseStructure, SamlRefusal> {
  if (root.localName === 'Response') {
    const status = checkStatus(root);
    if (!status.ok) return status;
  }
  const structure = checkResponse(root);
  if (!structure.ok) return structure;
  const envelope = checkEnvelope(root, structure.value.isResponseSigned, context);
  if (!envelope.ok) return envelope;
  if (context.settings.wantAssertionEncrypted && !structure.value.isEncrypted)
    return refuse('not_encrypted', 'the assertion is not encrypted');
  return structure;
}

/**
 * Anybody can encrypt for us, so what is inside passes the same gate before the library meets it.
 * @returns whether the assertion inside is signed
 */
async function lookInside(
  encrypted: XmlElement,
  { decryptionKey }: VerificationSettings,
): Promise<Result<boolean, SamlRefusal>> {
  if (decryptionKey === undefined) return refuse('decryption_failed', 'this connection has no key');
  const inside = await decryptAssertion(serializeXml(encrypted), decryptionKey);
  const decoded = inside === undefined ? undefined : readXml(inside);
  // One answer for everything that may be wrong inside: more would tell about the plain text (XML Encryption 1.1 section 6.1).
  if (decoded?.ok !== true) return refuse('decryption_failed', 'the assertion cannot be decrypted and read');
  return checkDecryptedAssertion(decoded.value.root);
}

function judgeSigned(
  signed: string,
  { assertion, isEncrypted }: ResponseStructure,
  context: AssertionContext,
): Result<VerifiedAssertion, SamlRefusal> {
  const decoded = readXml(signed);
  if (!decoded.ok) return decoded;
  const whole = checkDecryptedAssertion(decoded.value.root);
  if (!whole.ok) return whole;
  const parts = readAssertion(decoded.value.root);
  if (!parts.ok) return parts;
  if (!isEncrypted && parts.value.id !== attributeOf(assertion, 'ID'))
    return refuse('signature_invalid', 'what was signed is not the assertion of the response');
  const rememberUntil = checkAssertion(parts.value, context);
  if (!rememberUntil.ok) return rememberUntil;
  return toVerified(parts.value, rememberUntil.value, context.now);
}

function toVerified(
  parts: AssertionParts,
  rememberUntil: number,
  now: number,
): Result<VerifiedAssertion, SamlRefusal> {
  const { nameId } = parts;
  const subject = nameId === undefined || nameId.children.length > 0 ? '' : textOf(nameId);
  if (nameId === undefined || subject === '') return refuse('subject_missing', 'no NameID, or an empty one');
  const sessionNotOnOrAfter = parseSamlTime(parts.sessionNotOnOrAfter);
  if (parts.sessionNotOnOrAfter !== undefined && sessionNotOnOrAfter === undefined)
    return refuse('malformed', 'SessionNotOnOrAfter is not a time in UTC');
  if (sessionNotOnOrAfter !== undefined && sessionNotOnOrAfter <= now)
    return refuse('expired', "the identity provider's session is over");
  return ok({
    id: parts.id,
    subject,
    subjectFormat: attributeOf(nameId, 'Format'),
    nameQualifier: attributeOf(nameId, 'NameQualifier'),
    spNameQualifier: attributeOf(nameId, 'SPNameQualifier'),
    sessionIndex: parts.sessionIndex,
    sessionNotOnOrAfter,
    attributes: parts.attributes,
    rememberUntil,
  });
}
