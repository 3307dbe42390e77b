import { buildEndSessionUrl, type Configuration } from 'openid-client';
import type { Provider } from './provider-directory.js';

/** Characters of an ID token that are still sent back in an address, which servers cut or refuse when it is long. */
export const MAX_ID_TOKEN_HINT = 6_000;

/**
 * The address at which the provider ends its own session (OpenID Connect RP-Initiated Logout 1.0 section 2); undefined
 * when the provider has none. Without an ID token, the client id tells it who asks.
 */
export function endSessionUrl(
  { metadata }: Provider,
  client: Configuration,
  { idToken, returnTo }: { readonly idToken: string | undefined; readonly returnTo: string },
): URL | undefined {
  if (metadata.document.end_session_endpoint === undefined) return undefined;
  return buildEndSessionUrl(client, {
    post_logout_redirect_uri: returnTo,
    ...(idToken === undefined ? {} : { id_token_hint: idToken }),
  });
}
