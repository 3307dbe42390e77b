import type { SsoSignIn } from '../../directory/sessions/session.js';
import type { OidcSurface } from './oidc-dependencies.js';
import { endSessionUrl } from './end-session-url.js';
import { logoutHintPlace } from './logout-hint.js';

/**
 * Where to send a browser that has signed out here, so that the provider ends its session too and sends it back to the
 * sign-in page; undefined when the provider has no such address, cannot be asked now, or the connection is gone.
 */
export async function providerLogoutUrl(
  { ssoConnections, flow, sealer, site }: OidcSurface,
  organizationId: string,
  { ssoConnectionId, logoutHint }: SsoSignIn,
): Promise<string | undefined> {
  const connection = await ssoConnections.findById(ssoConnectionId);
  if (connection?.kind !== 'oidc' || connection.organizationId !== organizationId) return undefined;
  const opened = await flow.open(connection);
  if (!opened.ok) return undefined;
  const { provider, client } = opened.value;
  const idToken =
    logoutHint === undefined ? undefined : sealer.open(logoutHint, logoutHintPlace(ssoConnectionId));
  return endSessionUrl(provider, client, { idToken, returnTo: `${site.publicUrl}/login` })?.href;
}
