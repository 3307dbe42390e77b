import { err, ok, type Result } from '../../../kernel/result.js';
import { NAMESPACES, STATUS_SUCCESS } from '../saml-names.js';
import { attributeOf, childrenOf, onlyChildOf, textOf, type XmlElement } from '../xml/xml-element.js';
import type { AssertionContext } from './check-assertion.js';
import type { SamlRefusal } from './saml-refusal.js';

const refuse = (code: SamlRefusal['code'], detail: string): Result<never, SamlRefusal> =>
  err({ code, detail });

/** Whether the identity provider says that it worked (SAML core 3.2.2). Needs no signature: it can only refuse. */
export function checkStatus(response: XmlElement): Result<undefined, SamlRefusal> {
  const status = onlyChildOf(response, NAMESPACES.protocol, 'Status');
  const code = status && onlyChildOf(status, NAMESPACES.protocol, 'StatusCode');
  if (!code) return refuse('malformed', 'a response needs one Status with one StatusCode');
  if (attributeOf(code, 'Value') === STATUS_SUCCESS) return ok(undefined);
  const nested = onlyChildOf(code, NAMESPACES.protocol, 'StatusCode');
  return refuse(
    'status_not_success',
    `the identity provider answers ${[code, nested].map(nameStatus).join(' ')}`.trim(),
  );
}

/** `urn:oasis:names:tc:SAML:2.0:status:AuthnFailed` as `AuthnFailed`; anything else as `unknown`. */
const nameStatus = (code: XmlElement | undefined): string =>
  code === undefined
    ? ''
    : (/^urn:oasis:names:tc:SAML:2\.0:status:([A-Za-z]{1,40})$/.exec(attributeOf(code, 'Value') ?? '')?.[1] ??
      'unknown');

/**
 * What the response says around the assertion (SAML core 3.2.2, bindings 3.5.5.2). Where it is not signed these are words of
 * the messenger: they can refuse, and what they allow is asked again of the assertion.
 */
export function checkEnvelope(
  response: XmlElement,
  isSigned: boolean,
  { settings, requestId }: AssertionContext,
): Result<undefined, SamlRefusal> {
  if (attributeOf(response, 'Version') !== '2.0')
    return refuse('malformed', 'a response of another version than 2.0');
  const destination = attributeOf(response, 'Destination');
  if (destination !== settings.acsUrl && (isSigned || destination !== undefined))
    return refuse('destination_mismatch', 'sent for another address');
  const issuers = childrenOf(response, NAMESPACES.assertion, 'Issuer');
  if (issuers.some((issuer) => issuer.children.length > 0 || textOf(issuer) !== settings.issuer))
    return refuse('issuer_mismatch', 'the response has another issuer');
  const inResponseTo = attributeOf(response, 'InResponseTo');
  if (inResponseTo !== undefined && inResponseTo !== requestId)
    return refuse('in_response_to_mismatch', 'does not answer the request of this sign-on');
  return ok(undefined);
}
