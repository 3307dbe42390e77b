/**
 * The corpus of responses, one named case each, written to test/protocol/sso/saml/fixtures by
 * `node --import ./scripts/register-ts.js test/support/saml/write-fixtures.ts`. A test holds files and cases together.
 */
import type { SamlRefusalCode } from '../../../src/sso/saml/verify/saml-refusal.js';
import { buildResponse, type ResponseParts } from './build-response.js';
import { ACS_URL, ENTITY_ID, ISSUER, keyOf, NOW, REQUEST_ID } from './fixture-world.js';
import { ENVELOPED, EXCLUSIVE, signElement, type SigningKey } from './sign-xml.js';
import { WRAPPINGS, wrapSignature } from './wrap-signature.js';

export interface ResponseCase {
  readonly name: string;
  /** `valid`, or the refusal it has to meet. */
  readonly verdict: 'valid' | SamlRefusalCode;
  readonly xml: string;
}

const idp = keyOf('idp');
const stranger = keyOf('stranger');

const build = (parts: Partial<ResponseParts> = {}): string =>
  buildResponse({
    issuer: ISSUER,
    entityId: ENTITY_ID,
    acsUrl: ACS_URL,
    now: NOW,
    requestId: REQUEST_ID,
    ...parts,
  });
const signed = (parts: Partial<ResponseParts> = {}, key: SigningKey = idp): string =>
  signElement(build(parts), 'Assertion', key);
const bothSigned = (parts: Partial<ResponseParts> = {}): string =>
  signElement(signed(parts), 'Response', idp);

const EXCLUSIVE_STEP = `<ds:Transform Algorithm="${EXCLUSIVE}"/>`;
const VICTIM = 'root-admin@example.com';
const forge = (copy: Element): void => {
  const isAssertion = copy.localName === 'Assertion';
  copy.setAttribute('ID', isAssertion ? '_forged-assertion' : '_forged-response');
  const nameId = copy.getElementsByTagName('saml:NameID')[0];
  if (nameId) nameId.textContent = VICTIM;
};
const forgeWithSameId = (copy: Element): void => {
  const id = copy.getAttribute('ID') ?? '';
  forge(copy);
  copy.setAttribute('ID', id);
};

/** What each wrapping breaks first: the reference that no longer names its parent, a second assertion, a second response. */
const WRAPPED: readonly ResponseCase[] = WRAPPINGS.flatMap((wrapping): readonly ResponseCase[] => {
  const isOfResponse = wrapping.startsWith('xsw1') || wrapping.startsWith('xsw2');
  const original = isOfResponse ? bothSigned() : signed();
  return [
    { name: wrapping, verdict: 'several_assertions', xml: wrapSignature(original, wrapping, forge) },
    {
      name: `${wrapping}-under-the-same-id`,
      verdict: 'several_assertions',
      xml: wrapSignature(original, wrapping, forgeWithSameId),
    },
  ];
});

const DOCTYPE = '<!DOCTYPE Response [<!ENTITY who "root-admin@example.com">]>';
const BOMB = `<!DOCTYPE lolz [<!ENTITY a0 "lol">${Array.from({ length: 10 }, (_, i) => `<!ENTITY a${i + 1} "${`&a${i};`.repeat(10)}">`).join('')}]>`;
const inOther = (namespace: string, xml: string): string =>
  xml.replaceAll('urn:oasis:names:tc:SAML:2.0:assertion', namespace);
const OTHER_CONNECTION = 'https://rollcall.example.com/sso/saml/019bc0de-0000-7000-8000-000000000002';
const withoutSignature = (xml: string): string => xml.replace(/<ds:Signature .*?<\/ds:Signature>/s, '');

export const RESPONSE_CASES: readonly ResponseCase[] = [
  { name: 'assertion-signed', verdict: 'valid', xml: signed() },
  { name: 'assertion-and-response-signed', verdict: 'valid', xml: bothSigned() },
  { name: 'signed-by-the-next-certificate', verdict: 'valid', xml: signed({}, keyOf('idp-next')) },
  {
    name: 'rsa-sha512',
    verdict: 'valid',
    xml: signElement(build(), 'Assertion', idp, {
      signatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
      digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha512',
    }),
  },
  {
    name: 'xml-declaration-and-line-ends',
    verdict: 'valid',
    xml: `<?xml version="1.0" encoding="UTF-8"?>\r\n${signed()}\n`,
  },
  {
    name: 'expired-within-the-clock-skew',
    verdict: 'valid',
    xml: signed({ notOnOrAfter: -59, confirmationNotOnOrAfter: -59 }),
  },
  {
    name: 'not-yet-valid-within-the-clock-skew',
    verdict: 'valid',
    xml: signed({ issuedAt: 59, notBefore: 59 }),
  },
  {
    name: 'response-without-issuer-and-destination',
    verdict: 'valid',
    xml: signed({ responseIssuer: undefined, destination: undefined }),
  },
  {
    name: 'one-time-use-and-two-audiences',
    verdict: 'valid',
    xml: signed({
      conditionsXml: `<saml:AudienceRestriction><saml:Audience>urn:other</saml:Audience><saml:Audience>${ENTITY_ID}</saml:Audience></saml:AudienceRestriction><saml:OneTimeUse/>`,
    }),
  },
  {
    name: 'characters-beyond-ascii-and-escapes',
    verdict: 'valid',
    xml: signed({ attributes: { displayName: ['Zoë <"&\'> 𝒵', 'a\tb'] } }),
  },

  ...WRAPPED,
  { name: 'two-assertions-both-signed', verdict: 'several_assertions', xml: twoAssertions() },
  {
    name: 'assertion-in-another-namespace-beside',
    verdict: 'several_assertions',
    xml: signed().replace(
      '</samlp:Response>',
      `${inOther('urn:evil', assertionIn(build({ assertionId: '_x' })))}</samlp:Response>`,
    ),
  },
  {
    name: 'assertion-below-status-detail',
    verdict: 'several_assertions',
    xml: signed().replace(
      '</samlp:Status>',
      `<samlp:StatusDetail>${assertionIn(build({ assertionId: '_x' }))}</samlp:StatusDetail></samlp:Status>`,
    ),
  },

  { name: 'unsigned', verdict: 'signature_missing', xml: build() },
  {
    name: 'response-signed-but-not-the-assertion',
    verdict: 'signature_missing',
    xml: signElement(build(), 'Response', idp),
  },
  { name: 'signature-taken-away', verdict: 'signature_missing', xml: withoutSignature(signed()) },
  {
    name: 'signed-by-a-stranger-with-the-certificate-in-key-info',
    verdict: 'signature_invalid',
    xml: signed({}, stranger),
  },
  {
    name: 'name-id-changed-after-signing',
    verdict: 'signature_invalid',
    xml: signed().replace('>ada@example.com</saml:NameID>', `>${VICTIM}</saml:NameID>`),
  },
  {
    name: 'attribute-added-after-signing',
    verdict: 'signature_invalid',
    xml: signed().replace(
      '<saml:AttributeStatement>',
      '<saml:AttributeStatement><saml:Attribute Name="groups"><saml:AttributeValue>admins</saml:AttributeValue></saml:Attribute>',
    ),
  },
  {
    name: 'response-signature-broken-beside-a-good-assertion',
    verdict: 'signature_invalid',
    xml: bothSigned().replace('Destination="', 'Consent="urn:x" Destination="'),
  },
  {
    name: 'signature-value-of-zeros',
    verdict: 'signature_invalid',
    xml: signed().replace(/(<ds:SignatureValue>)[^<]*/, `$1${'A'.repeat(344)}`),
  },
  {
    name: 'signature-moved-into-the-subject',
    verdict: 'signature_misplaced',
    xml: moved(signed(), '<saml:Subject>'),
  },
  {
    name: 'signature-of-the-assertion-on-the-response',
    verdict: 'signature_malformed',
    xml: moved(signed(), '<samlp:Status>', 'before'),
  },
  {
    name: 'signature-twice',
    verdict: 'duplicate_id',
    xml: signed().replace(/<ds:Signature .*?<\/ds:Signature>/s, (one) =>
      `${one}${one}`.replaceAll('<ds:Signature ', '<ds:Signature Id="s" '),
    ),
  },
  {
    name: 'two-signatures-on-one-assertion',
    verdict: 'signature_misplaced',
    xml: signed().replace(/<ds:Signature .*?<\/ds:Signature>/s, (one) => one + one),
  },
  {
    name: 'reference-to-the-whole-document',
    verdict: 'signature_malformed',
    xml: signed().replace('URI="#_assertion-1"', 'URI=""'),
  },
  {
    name: 'reference-to-another-element',
    verdict: 'signature_malformed',
    xml: signed().replace('URI="#_assertion-1"', 'URI="#_response-1"'),
  },
  {
    name: 'reference-by-xpointer',
    verdict: 'signature_malformed',
    xml: signed().replace('URI="#_assertion-1"', `URI="#xpointer(id('_assertion-1'))"`),
  },
  {
    name: 'two-references',
    verdict: 'signature_malformed',
    xml: signed().replace(/<ds:Reference .*?<\/ds:Reference>/s, (one) => one + one),
  },
  {
    name: 'two-signed-infos',
    verdict: 'signature_malformed',
    xml: signed().replace(/<ds:SignedInfo>.*?<\/ds:SignedInfo>/s, (one) => one + one),
  },
  {
    name: 'signed-info-hidden-in-key-info',
    verdict: 'signature_malformed',
    xml: signed().replace(/<ds:KeyInfo>/, '<ds:KeyInfo><ds:SignedInfo/>'),
  },
  {
    name: 'two-digest-values',
    verdict: 'signature_malformed',
    xml: signed().replace(/<ds:DigestValue>.*?<\/ds:DigestValue>/s, (one) => one + one),
  },
  {
    name: 'transform-xslt',
    verdict: 'signature_malformed',
    xml: signed().replace(
      EXCLUSIVE_STEP,
      '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"/>',
    ),
  },
  {
    name: 'transform-xpath',
    verdict: 'signature_malformed',
    xml: signed().replace(
      EXCLUSIVE_STEP,
      '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"><ds:XPath>ancestor-or-self::saml:Subject</ds:XPath></ds:Transform>',
    ),
  },
  {
    name: 'object-in-the-signature',
    verdict: 'signature_malformed',
    xml: signed().replace('</ds:Signature>', '<ds:Object/></ds:Signature>'),
  },
  {
    name: 'inclusive-canonicalization',
    verdict: 'signature_malformed',
    xml: signElement(build(), 'Assertion', idp, {
      canonicalization: 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315',
    }),
  },
  {
    name: 'without-canonicalization',
    verdict: 'signature_malformed',
    xml: signElement(build(), 'Assertion', idp, { transforms: [ENVELOPED] }),
  },
  {
    name: 'assertion-without-id',
    verdict: 'signature_malformed',
    xml: signed().replace(' ID="_assertion-1"', ''),
  },
  { name: 'id-used-twice', verdict: 'duplicate_id', xml: signed({ responseId: '_assertion-1' }) },
  {
    name: 'id-used-twice-in-another-spelling',
    verdict: 'duplicate_id',
    xml: signed().replace('<samlp:Status>', '<samlp:Status id="_assertion-1">'),
  },
  {
    name: 'sha1-signature',
    verdict: 'weak_algorithm',
    xml: signElement(build(), 'Assertion', idp, {
      signatureAlgorithm: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1',
    }),
  },
  {
    name: 'sha1-digest',
    verdict: 'weak_algorithm',
    xml: signElement(build(), 'Assertion', idp, {
      digestAlgorithm: 'http://www.w3.org/2000/09/xmldsig#sha1',
    }),
  },
  {
    name: 'sha1-on-the-response-beside-a-good-assertion',
    verdict: 'weak_algorithm',
    xml: signElement(signed(), 'Response', idp, {
      signatureAlgorithm: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1',
    }),
  },
  {
    name: 'hmac-with-the-public-certificate',
    verdict: 'weak_algorithm',
    xml: signed().replace(
      'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
      'http://www.w3.org/2000/09/xmldsig#hmac-sha1',
    ),
  },

  {
    name: 'comment-cuts-the-name-id',
    verdict: 'forbidden_markup',
    xml: signed({ nameIdXml: `${VICTIM}.evil.example` }).replace(`${VICTIM}.`, `${VICTIM}<!-- -->.`),
  },
  {
    name: 'comment-cuts-an-attribute',
    verdict: 'forbidden_markup',
    xml: signed({ attributes: { email: ['root-admin@example.com.evil.example'] } }).replace(
      'example.com.evil',
      'example.com<!---->.evil',
    ),
  },
  {
    name: 'comment-in-the-digest-value',
    verdict: 'forbidden_markup',
    xml: signed().replace('<ds:DigestValue>', '<ds:DigestValue><!--x-->'),
  },
  {
    name: 'processing-instruction-cuts-the-name-id',
    verdict: 'forbidden_markup',
    xml: signed({ nameIdXml: `${VICTIM}.evil.example` }).replace(`${VICTIM}.`, `${VICTIM}<?x y?>.`),
  },
  {
    name: 'cdata-in-the-name-id',
    verdict: 'forbidden_markup',
    xml: signed().replace('>ada@example.com</saml:NameID>', '><![CDATA[ada@example.com]]></saml:NameID>'),
  },
  {
    name: 'doctype-with-an-entity',
    verdict: 'forbidden_markup',
    xml: DOCTYPE + withNameId('&who;'),
  },
  {
    name: 'entity-without-a-doctype',
    verdict: 'forbidden_markup',
    xml: signed().replace('ada@example.com</saml:NameID>', '&who;</saml:NameID>'),
  },
  { name: 'entity-bomb', verdict: 'forbidden_markup', xml: BOMB + withNameId('&a10;') },
  {
    name: 'external-entity',
    verdict: 'forbidden_markup',
    xml: `<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>${withNameId('&x;')}`,
  },
  {
    name: 'element-splits-the-name-id',
    verdict: 'subject_missing',
    xml: signed({ nameIdXml: 'root-admin<x/>@example.com' }),
  },
  { name: 'name-id-empty', verdict: 'subject_missing', xml: signed({ nameIdXml: ' ' }) },
  {
    name: 'name-id-twice',
    verdict: 'malformed',
    xml: signed({ nameIdXml: 'a</saml:NameID><saml:NameID>b' }),
  },

  { name: 'tag-not-closed', verdict: 'malformed', xml: signed().replace('</samlp:Response>', '') },
  { name: 'two-root-elements', verdict: 'malformed', xml: signed() + signed() },
  {
    name: 'attribute-twice',
    verdict: 'malformed',
    xml: signed().replace('Version="2.0"', 'Version="2.0" Version="2.0"'),
  },
  {
    name: 'prefix-not-declared',
    verdict: 'malformed',
    xml: signed().replace('<samlp:Status>', '<evil:x/><samlp:Status>'),
  },
  {
    name: 'null-character',
    verdict: 'malformed',
    xml: signed().replace('ada@example.com</saml:NameID>', 'ada@example.com&#0;</saml:NameID>'),
  },
  {
    name: 'nested-a-hundred-deep',
    verdict: 'too_large',
    xml: signed().replace('<samlp:Status>', `${'<x>'.repeat(100)}${'</x>'.repeat(100)}<samlp:Status>`),
  },
  {
    name: 'authn-request',
    verdict: 'unexpected_message',
    xml: '<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_1"/>',
  },
  {
    name: 'response-of-saml-1',
    verdict: 'malformed',
    xml: signed().replace('Version="2.0" IssueInstant', 'Version="1.1" IssueInstant'),
  },
  {
    name: 'no-assertion',
    verdict: 'assertion_missing',
    xml: build().replace(/<saml:Assertion .*<\/saml:Assertion>/s, ''),
  },
  {
    name: 'status-authn-failed',
    verdict: 'status_not_success',
    xml: build({ status: 'urn:oasis:names:tc:SAML:2.0:status:AuthnFailed' }).replace(
      /<saml:Assertion .*<\/saml:Assertion>/s,
      '',
    ),
  },
  {
    name: 'status-responder-with-an-assertion',
    verdict: 'status_not_success',
    xml: signed({ status: 'urn:oasis:names:tc:SAML:2.0:status:Responder' }),
  },

  {
    name: 'wrong-issuer',
    verdict: 'issuer_mismatch',
    xml: signed({ issuer: 'https://evil.example/saml', responseIssuer: ISSUER }),
  },
  {
    name: 'wrong-issuer-of-the-response',
    verdict: 'issuer_mismatch',
    xml: signed({ responseIssuer: 'https://evil.example/saml' }),
  },
  {
    name: 'wrong-audience',
    verdict: 'audience_mismatch',
    xml: signed({ entityId: 'https://another.example/metadata' }),
  },
  {
    name: 'audience-of-another-connection',
    verdict: 'audience_mismatch',
    xml: signed({ entityId: `${OTHER_CONNECTION}/metadata` }),
  },
  { name: 'no-audience', verdict: 'audience_mismatch', xml: signed({ conditionsXml: '' }) },
  {
    name: 'second-audience-restriction-of-somebody-else',
    verdict: 'audience_mismatch',
    xml: signed({
      conditionsXml: `<saml:AudienceRestriction><saml:Audience>${ENTITY_ID}</saml:Audience></saml:AudienceRestriction><saml:AudienceRestriction><saml:Audience>urn:other</saml:Audience></saml:AudienceRestriction>`,
    }),
  },
  {
    name: 'unknown-condition',
    verdict: 'condition_unknown',
    xml: signed({
      conditionsXml: `<saml:AudienceRestriction><saml:Audience>${ENTITY_ID}</saml:Audience></saml:AudienceRestriction><saml:Condition/>`,
    }),
  },
  {
    name: 'wrong-recipient',
    verdict: 'recipient_mismatch',
    xml: signed({ recipient: 'https://another.example/acs' }),
  },
  {
    name: 'recipient-of-another-connection',
    verdict: 'recipient_mismatch',
    xml: signed({ recipient: `${OTHER_CONNECTION}/acs` }),
  },
  {
    name: 'confirmed-by-holder-of-key',
    verdict: 'recipient_mismatch',
    xml: signed({ confirmationMethod: 'urn:oasis:names:tc:SAML:2.0:cm:holder-of-key' }),
  },
  {
    name: 'wrong-destination',
    verdict: 'destination_mismatch',
    xml: signed({ destination: 'https://another.example/acs' }),
  },
  {
    name: 'signed-response-without-destination',
    verdict: 'destination_mismatch',
    xml: bothSigned({ destination: undefined }),
  },
  { name: 'expired', verdict: 'expired', xml: signed({ notOnOrAfter: -61 }) },
  { name: 'confirmation-expired', verdict: 'expired', xml: signed({ confirmationNotOnOrAfter: -61 }) },
  {
    name: 'confirmation-without-an-end',
    verdict: 'expired',
    xml: signed({ confirmationNotOnOrAfter: undefined }),
  },
  {
    name: 'issued-two-hours-ago-for-a-year',
    verdict: 'expired',
    xml: signed({ issuedAt: -7_200, notOnOrAfter: 31_536_000, confirmationNotOnOrAfter: 31_536_000 }),
  },
  { name: 'session-of-the-idp-over', verdict: 'expired', xml: signed({ sessionNotOnOrAfter: -61 }) },
  { name: 'not-yet-valid', verdict: 'not_yet_valid', xml: signed({ notBefore: 61 }) },
  { name: 'issued-in-the-future', verdict: 'not_yet_valid', xml: signed({ issuedAt: 61, notBefore: -30 }) },
  {
    name: 'answers-another-request',
    verdict: 'in_response_to_mismatch',
    xml: signed({ requestId: '_request-2' }),
  },
  { name: 'answers-no-request', verdict: 'in_response_to_mismatch', xml: signed({ requestId: undefined }) },
  {
    name: 'response-answers-but-the-assertion-does-not',
    verdict: 'in_response_to_mismatch',
    xml: signed({ requestId: undefined }).replace(
      'IssueInstant=',
      `InResponseTo="${REQUEST_ID}" IssueInstant=`,
    ),
  },
];

/** The text of the NameID replaced after signing. */
function withNameId(xml: string): string {
  return signed().replace('ada@example.com</saml:NameID>', `${xml}</saml:NameID>`);
}
function twoAssertions(): string {
  const one = signed();
  const other = signElement(build({ assertionId: '_assertion-2', nameIdXml: VICTIM }), 'Assertion', stranger);
  return one.replace('</samlp:Response>', `${assertionIn(other)}</samlp:Response>`);
}
function assertionIn(xml: string): string {
  return /<saml:Assertion .*<\/saml:Assertion>/s.exec(xml)?.[0] ?? '';
}
function moved(xml: string, tag: string, where: 'after' | 'before' = 'after'): string {
  const signature = /<ds:Signature .*?<\/ds:Signature>/s.exec(xml)?.[0] ?? '';
  return xml.replace(signature, '').replace(tag, where === 'after' ? tag + signature : signature + tag);
}
