import { checkOidc } from './check-oidc-settings.js';
import { checkSaml } from './check-saml-settings.js';
import type { ProtocolSettings } from './sso-connection.js';

/** What every way to write settings has to hold. @throws DomainError sso_connection.invalid, naming the field */
export function checkProtocolSettings(protocol: ProtocolSettings): void {
  if (protocol.kind === 'saml') checkSaml(protocol.settings);
  else checkOidc(protocol.settings);
}
