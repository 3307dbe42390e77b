import {
  ClientSecretBasic,
  ClientSecretPost,
  clockTolerance,
  Configuration,
  customFetch,
  None,
  type ClientAuth,
} from 'openid-client';
import type { OidcSettings } from '../../directory/sign-on/oidc-settings.js';
import type { ProviderMetadata } from './provider-metadata.js';
import { allowLoopback, type Transport } from './transport.js';

/** Seconds by which the provider's clock may be off. */
export const CLOCK_TOLERANCE_SECONDS = 60;

/** The library's view of one connection. Cheap: nothing is fetched, so none is kept. */
export function createClient(
  { document }: ProviderMetadata,
  settings: OidcSettings,
  clientSecret: string | undefined,
  transport: Transport,
): Configuration {
  const configuration = new Configuration(
    document,
    settings.clientId,
    { [clockTolerance]: CLOCK_TOLERANCE_SECONDS },
    chooseAuthentication(document.token_endpoint_auth_methods_supported, clientSecret),
  );
  configuration[customFetch] = transport.fetch;
  for (const allow of allowLoopback(transport)) allow(configuration);
  return configuration;
}

/**
 * How the client proves itself at the token endpoint (OpenID Connect Core 1.0 section 9): by its secret in the form where
 * the provider takes that, which no two servers encode differently, otherwise by HTTP Basic, the default of Discovery.
 */
function chooseAuthentication(
  supported: readonly string[] | undefined,
  clientSecret: string | undefined,
): ClientAuth {
  if (clientSecret === undefined) return None();
  return supported?.includes('client_secret_post') === true
    ? ClientSecretPost(clientSecret)
    : ClientSecretBasic(clientSecret);
}
