import { findCertificateProblem } from '../../../directory/sign-on/check-saml-settings.js';
import { isProviderUrl } from '../../../directory/sign-on/check-values.js';
import type { SamlIdentityProvider } from '../../../directory/sign-on/saml-identity-provider.js';
import { LIMITS } from '../../../kernel/limits.js';
import { err, ok, type Result } from '../../../kernel/result.js';
import { BINDING_REDIRECT, NAMESPACES } from '../saml-names.js';
import { parseXml } from '../xml/parse-xml.js';
import { attributeOf, childrenOf, onlyChildOf, textOf, type XmlElement } from '../xml/xml-element.js';

const { metadata: METADATA, protocol: PROTOCOL, signature: SIGNATURE } = NAMESPACES;
const BYTE_ORDER_MARK = '\ufeff';
const BASE64 = /^[A-Za-z0-9+/=]{1,12000}$/;
const LINE = /.{1,64}/g;
/** Certificates in one document; more than two are announced nowhere that is known. */
const MAX_CERTIFICATES = 5;

/**
 * Reads the metadata of one identity provider (SAML metadata 2.4). A signature on it is not looked at: it is believed for
 * the address it came from, or for the admin who brings it. @returns what is wrong, as a phrase for the admin, or what it says
 */
export function parseIdpMetadata(xml: string): Result<SamlIdentityProvider, string> {
  if (Buffer.byteLength(xml) > LIMITS.samlMessageBytes)
    return err(`is longer than ${LIMITS.samlMessageBytes} bytes`);
  const parsed = parseXml(xml.startsWith(BYTE_ORDER_MARK) ? xml.slice(1) : xml, { allowsComments: true });
  if (!parsed.ok) return err(`is not XML that can be read: ${parsed.error.detail}`);
  const found = findIdentityProvider(parsed.value);
  if (!found.ok) return found;
  const { entity, role } = found.value;
  const entityId = attributeOf(entity, 'entityID');
  if (entityId === undefined || entityId === '') return err('names no entityID');
  const entryPoint = locationOf(role, 'SingleSignOnService');
  if (entryPoint === undefined) return err('names no SingleSignOnService with the HTTP-Redirect binding');
  const certificates = readCertificates(role);
  if (certificates.length === 0) return err('holds no RSA signing certificate of at least 2048 bits');
  return ok({ entityId, entryPoint, logoutUrl: locationOf(role, 'SingleLogoutService'), certificates });
}

interface Found {
  readonly entity: XmlElement;
  readonly role: XmlElement;
}

/** The one entity with an identity provider's role, alone or in a list. */
function findIdentityProvider(root: XmlElement): Result<Found, string> {
  const isList = root.localName === 'EntitiesDescriptor' && root.namespace === METADATA;
  const isEntity = root.localName === 'EntityDescriptor' && root.namespace === METADATA;
  if (!isList && !isEntity) return err('is not SAML 2.0 metadata');
  const entities = isList ? childrenOf(root, METADATA, 'EntityDescriptor') : [root];
  const found = entities.flatMap((entity) =>
    childrenOf(entity, METADATA, 'IDPSSODescriptor')
      .filter((role) =>
        (attributeOf(role, 'protocolSupportEnumeration') ?? '').split(/\s+/).includes(PROTOCOL),
      )
      .map((role) => ({ entity, role })),
  );
  const [first, ...more] = found;
  if (first === undefined) return err('describes no SAML 2.0 identity provider');
  return more.length > 0 ? err('describes more than one identity provider') : ok(first);
}

const locationOf = (role: XmlElement, service: string): string | undefined =>
  childrenOf(role, METADATA, service)
    .filter((element) => attributeOf(element, 'Binding') === BINDING_REDIRECT)
    .map((element) => attributeOf(element, 'Location'))
    .find((location) => location !== undefined && isProviderUrl(location));

function readCertificates(role: XmlElement): readonly string[] {
  const texts = childrenOf(role, METADATA, 'KeyDescriptor')
    .filter((key) => (attributeOf(key, 'use') ?? 'signing') === 'signing')
    .map((key) => onlyChildOf(key, SIGNATURE, 'KeyInfo'))
    .flatMap((info) => (info ? childrenOf(info, SIGNATURE, 'X509Data') : []))
    .flatMap((data) => childrenOf(data, SIGNATURE, 'X509Certificate'))
    .map((certificate) => textOf(certificate).replace(/\s+/g, ''));
  return [...new Set(texts)]
    .filter((base64) => BASE64.test(base64))
    .map(toPem)
    .filter((pem) => findCertificateProblem(pem) === undefined)
    .slice(0, MAX_CERTIFICATES);
}

const toPem = (base64: string): string =>
  `-----BEGIN CERTIFICATE-----\n${(base64.match(LINE) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`;
