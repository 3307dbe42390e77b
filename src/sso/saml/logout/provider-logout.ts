import type { SsoSignIn } from '../../../directory/sessions/session.js';
import type { SamlSurface } from '../saml-dependencies.js';
import { newMessageId } from '../saml-flow.js';
import { logoutRequestUrl } from '../saml-messages.js';
import { openLogoutHint } from './logout-hint.js';

/**
 * Where to send a browser that has signed out here, so that the identity provider ends its session too and sends it back
 * (SAML profiles 4.4); undefined when the connection has no single logout service, or is gone. Nothing waits for the answer:
 * the session here is over whatever it says.
 */
export async function samlLogoutUrl(
  { ssoConnections, flow, sealer }: SamlSurface,
  organizationId: string,
  { ssoConnectionId, logoutHint }: SsoSignIn,
): Promise<string | undefined> {
  const connection = await ssoConnections.findById(ssoConnectionId);
  if (connection?.kind !== 'saml' || connection.organizationId !== organizationId) return undefined;
  const name = openLogoutHint(sealer, ssoConnectionId, logoutHint);
  if (name === undefined) return undefined;
  return logoutRequestUrl(await flow.party(connection), newMessageId(), '', name);
}
