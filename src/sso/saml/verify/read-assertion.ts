import { err, ok, type Result } from '../../../kernel/result.js';
import { NAMESPACES } from '../saml-names.js';
import { attributeOf, childrenOf, onlyChildOf, textOf, type XmlElement } from '../xml/xml-element.js';
import type { SamlRefusal } from './saml-refusal.js';

/** One way in which the subject is confirmed (SAML core 2.4.1). Times as written. */
export interface SubjectConfirmation {
  readonly method: string;
  readonly recipient: string | undefined;
  readonly inResponseTo: string | undefined;
  readonly notBefore: string | undefined;
  readonly notOnOrAfter: string | undefined;
}

/** The parts of an assertion that decide, as written. */
export interface AssertionParts {
  readonly id: string;
  readonly issuer: string;
  readonly issueInstant: string;
  readonly nameId: XmlElement | undefined;
  readonly confirmations: readonly SubjectConfirmation[];
  readonly conditions: XmlElement;
  readonly sessionIndex: string | undefined;
  readonly sessionNotOnOrAfter: string | undefined;
  readonly attributes: ReadonlyMap<string, readonly string[]>;
}

const { assertion: SAML } = NAMESPACES;

/** Takes an assertion apart (SAML core 2.3.3). Parts that may be there once must not be there twice. */
export function readAssertion(assertion: XmlElement): Result<AssertionParts, SamlRefusal> {
  const issuer = onlyChildOf(assertion, SAML, 'Issuer');
  const subject = onlyChildOf(assertion, SAML, 'Subject');
  const conditions = onlyChildOf(assertion, SAML, 'Conditions');
  const statements = childrenOf(assertion, SAML, 'AuthnStatement');
  const id = attributeOf(assertion, 'ID');
  if (attributeOf(assertion, 'Version') !== '2.0' || id === undefined || id === '')
    return malformed('an assertion without ID or of another version than 2.0');
  if (!issuer || issuer.children.length > 0) return malformed('an assertion needs one Issuer');
  if (!subject) return malformed('an assertion needs one Subject');
  if (!conditions) return malformed('an assertion needs one Conditions');
  if (childrenOf(subject, SAML, 'NameID').length > 1) return malformed('two NameID');
  if (statements.length === 0) return malformed('an assertion needs an AuthnStatement');
  const attributes = readAttributes(assertion);
  if (!attributes.ok) return attributes;
  return ok({
    id,
    issuer: textOf(issuer),
    issueInstant: attributeOf(assertion, 'IssueInstant') ?? '',
    nameId: onlyChildOf(subject, SAML, 'NameID'),
    confirmations: childrenOf(subject, SAML, 'SubjectConfirmation').map(readConfirmation),
    conditions,
    sessionIndex: statements.map((statement) => attributeOf(statement, 'SessionIndex')).find(isPresent),
    sessionNotOnOrAfter: statements
      .map((statement) => attributeOf(statement, 'SessionNotOnOrAfter'))
      .find(isPresent),
    attributes: attributes.value,
  });
}

function readConfirmation(confirmation: XmlElement): SubjectConfirmation {
  const data = onlyChildOf(confirmation, SAML, 'SubjectConfirmationData');
  const read = (name: string): string | undefined => data && attributeOf(data, name);
  return {
    method: attributeOf(confirmation, 'Method') ?? '',
    recipient: read('Recipient'),
    inResponseTo: read('InResponseTo'),
    notBefore: read('NotBefore'),
    notOnOrAfter: read('NotOnOrAfter'),
  };
}

/**
 * Attribute values by Name. A value with elements inside (a NameID as eduPersonTargetedID has it) is not text and left out;
 * an attribute given twice is one attribute with the values of both.
 */
function readAttributes(assertion: XmlElement): Result<ReadonlyMap<string, readonly string[]>, SamlRefusal> {
  const attributes = new Map<string, readonly string[]>();
  const elements = childrenOf(assertion, SAML, 'AttributeStatement').flatMap((statement) =>
    childrenOf(statement, SAML, 'Attribute'),
  );
  for (const element of elements) {
    const name = attributeOf(element, 'Name');
    if (name === undefined || name === '') return malformed('an attribute without a name');
    const values = childrenOf(element, SAML, 'AttributeValue')
      .filter(({ children }) => children.length === 0)
      .map(textOf)
      .filter((value) => value !== '');
    attributes.set(name, [...(attributes.get(name) ?? []), ...values]);
  }
  return ok(attributes);
}

const isPresent = (value: string | undefined): value is string => value !== undefined && value !== '';

const malformed = (detail: string): Result<never, SamlRefusal> => err({ code: 'malformed', detail });
