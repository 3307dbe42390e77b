import type { SamlSettings } from '../../../directory/sign-on/saml-settings.js';
import { BINDING_POST, BINDING_REDIRECT, NAMESPACES } from '../saml-names.js';
import type { ServiceProvider } from '../service-provider.js';
import { escapeXml } from '../xml/escape-xml.js';

/** Block encryption a provider may choose from, the best first, and the key transport that goes with it. */
const ENCRYPTION_METHODS = [
  'http://www.w3.org/2009/xmlenc11#aes256-gcm',
  'http://www.w3.org/2009/xmlenc11#aes128-gcm',
  'http://www.w3.org/2001/04/xmlenc#aes256-cbc',
  'http://www.w3.org/2001/04/xmlenc#aes128-cbc',
  'http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p',
];

/**
 * Our metadata for one connection (SAML metadata 2.4.4), for an identity provider to import.
 * @param certificate ours in PEM: signs requests and logout messages, and takes encrypted assertions
 */
export function renderSpMetadata(
  { entityId, acsUrl, logoutUrl }: ServiceProvider,
  { requiredSignature, signsRequests, nameIdFormat }: SamlSettings,
  certificate: string | undefined,
): string {
  const wantsSigned = requiredSignature !== 'response';
  const keys =
    certificate === undefined
      ? ''
      : renderKey('signing', certificate, []) + renderKey('encryption', certificate, ENCRYPTION_METHODS);
  const format =
    nameIdFormat === undefined ? '' : `    <NameIDFormat>${escapeXml(nameIdFormat)}</NameIDFormat>\n`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<EntityDescriptor xmlns="${NAMESPACES.metadata}" xmlns:ds="${NAMESPACES.signature}" entityID="${escapeXml(entityId)}">
  <SPSSODescriptor protocolSupportEnumeration="${NAMESPACES.protocol}" AuthnRequestsSigned="${String(signsRequests)}" WantAssertionsSigned="${String(wantsSigned)}">
${keys}    <SingleLogoutService Binding="${BINDING_REDIRECT}" Location="${escapeXml(logoutUrl)}"/>
    <SingleLogoutService Binding="${BINDING_POST}" Location="${escapeXml(logoutUrl)}"/>
${format}    <AssertionConsumerService Binding="${BINDING_POST}" Location="${escapeXml(acsUrl)}" index="0" isDefault="true"/>
  </SPSSODescriptor>
</EntityDescriptor>
`;
}

function renderKey(use: 'signing' | 'encryption', certificate: string, methods: readonly string[]): string {
  const base64 = certificate.replace(/-----(?:BEGIN|END) CERTIFICATE-----/g, '').replace(/\s+/g, '');
  const encryption = methods.map((method) => `      <EncryptionMethod Algorithm="${method}"/>\n`).join('');
  return `    <KeyDescriptor use="${use}">
      <ds:KeyInfo><ds:X509Data><ds:X509Certificate>${base64}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>
${encryption}    </KeyDescriptor>
`;
}
