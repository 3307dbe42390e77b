import { escapeXml } from '../../../src/sso/saml/xml/escape-xml.js';

/** What an identity provider says; everything is as it should be unless overridden. */
export interface ResponseParts {
  readonly issuer: string;
  readonly entityId: string;
  readonly acsUrl: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly requestId: string | undefined;
  readonly responseId: string;
  readonly assertionId: string;
  readonly destination: string | undefined;
  /** Of the response; that of the assertion is `issuer`. */
  readonly responseIssuer: string | undefined;
  readonly recipient: string;
  readonly status: string;
  /** Inside the NameID element, as XML. */
  readonly nameIdXml: string;
  readonly nameIdFormat: string;
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  /** Seconds from `now`. */
  readonly issuedAt: number;
  readonly notBefore: number;
  readonly notOnOrAfter: number;
  readonly confirmationNotOnOrAfter: number | undefined;
  readonly sessionNotOnOrAfter: number | undefined;
  readonly sessionIndex: string;
  /** Inside Conditions, as XML. */
  readonly conditionsXml: string | undefined;
  readonly confirmationMethod: string;
}

const DEFAULTS = {
  responseId: '_response-1',
  assertionId: '_assertion-1',
  status: 'urn:oasis:names:tc:SAML:2.0:status:Success',
  nameIdXml: 'ada@example.com',
  nameIdFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
  attributes: { email: ['ada@example.com'], firstName: ['Ada'], lastName: ['Lovelace'] },
  issuedAt: 0,
  notBefore: -30,
  notOnOrAfter: 300,
  confirmationNotOnOrAfter: 300,
  sessionNotOnOrAfter: undefined,
  sessionIndex: '_session-1',
  conditionsXml: undefined,
  confirmationMethod: 'urn:oasis:names:tc:SAML:2.0:cm:bearer',
} as const;

export type ResponseOverrides = Partial<ResponseParts> &
  Pick<ResponseParts, 'issuer' | 'entityId' | 'acsUrl' | 'now' | 'requestId'>;

/** Builds an unsigned response with one assertion (SAML core 3.3.3). */
export function buildResponse(overrides: ResponseOverrides): string {
  const parts: ResponseParts = {
    ...DEFAULTS,
    destination: overrides.acsUrl,
    responseIssuer: overrides.issuer,
    recipient: overrides.acsUrl,
    ...overrides,
  };
  const inResponseTo = attribute('InResponseTo', parts.requestId);
  const issuer =
    parts.responseIssuer === undefined ? '' : `<saml:Issuer>${escapeXml(parts.responseIssuer)}</saml:Issuer>`;
  return (
    '<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"' +
    ` ID="${parts.responseId}" Version="2.0" IssueInstant="${instant(parts, 0)}"${attribute('Destination', parts.destination)}${inResponseTo}>` +
    `${issuer}<samlp:Status><samlp:StatusCode Value="${parts.status}"/></samlp:Status>${buildAssertion(parts)}</samlp:Response>`
  );
}

function buildAssertion(parts: ResponseParts): string {
  const confirmationEnd =
    parts.confirmationNotOnOrAfter === undefined
      ? ''
      : attribute('NotOnOrAfter', instant(parts, parts.confirmationNotOnOrAfter));
  const sessionEnd =
    parts.sessionNotOnOrAfter === undefined
      ? ''
      : attribute('SessionNotOnOrAfter', instant(parts, parts.sessionNotOnOrAfter));
  const conditions =
    parts.conditionsXml ??
    `<saml:AudienceRestriction><saml:Audience>${escapeXml(parts.entityId)}</saml:Audience></saml:AudienceRestriction>`;
  return (
    `<saml:Assertion ID="${parts.assertionId}" Version="2.0" IssueInstant="${instant(parts, parts.issuedAt)}">` +
    `<saml:Issuer>${escapeXml(parts.issuer)}</saml:Issuer>` +
    `<saml:Subject><saml:NameID Format="${parts.nameIdFormat}">${parts.nameIdXml}</saml:NameID>` +
    `<saml:SubjectConfirmation Method="${parts.confirmationMethod}"><saml:SubjectConfirmationData${confirmationEnd}${attribute('Recipient', parts.recipient)}${attribute('InResponseTo', parts.requestId)}/></saml:SubjectConfirmation></saml:Subject>` +
    `<saml:Conditions NotBefore="${instant(parts, parts.notBefore)}" NotOnOrAfter="${instant(parts, parts.notOnOrAfter)}">${conditions}</saml:Conditions>` +
    `<saml:AuthnStatement AuthnInstant="${instant(parts, 0)}" SessionIndex="${parts.sessionIndex}"${sessionEnd}><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>` +
    `<saml:AttributeStatement>${Object.entries(parts.attributes).map(buildAttribute).join('')}</saml:AttributeStatement></saml:Assertion>`
  );
}

const buildAttribute = ([name, values]: readonly [string, readonly string[]]): string =>
  `<saml:Attribute Name="${escapeXml(name)}">${values.map((value) => `<saml:AttributeValue>${escapeXml(value)}</saml:AttributeValue>`).join('')}</saml:Attribute>`;

const attribute = (name: string, value: string | undefined): string =>
  value === undefined ? '' : ` ${name}="${escapeXml(value)}"`;

const instant = ({ now }: ResponseParts, seconds: number): string =>
  new Date(now + seconds * 1000).toISOString();
