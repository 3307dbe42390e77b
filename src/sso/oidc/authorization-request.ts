import {
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  randomNonce,
  randomPKCECodeVerifier,
  type Configuration,
} from 'openid-client';
import type { OidcSettings } from '../../directory/sign-on/oidc-settings.js';

/** What the flow has to know again when the answer comes; kept encrypted with it. */
export interface OidcFlowSecrets {
  /** Comes back inside the ID token, so a token made for another sign-in is told apart (Core section 3.1.2.1). */
  readonly nonce: string;
  /** Its hash goes to the provider, so a code is worth nothing without it (RFC 7636). */
  readonly codeVerifier: string;
  /** As they were when the sign-in began: an answer to them means nothing to a connection that was changed since. */
  readonly issuer: string;
  readonly clientId: string;
}

export const newFlowSecrets = ({ issuer, clientId }: OidcSettings): OidcFlowSecrets => ({
  nonce: randomNonce(),
  codeVerifier: randomPKCECodeVerifier(),
  issuer,
  clientId,
});

/** The secrets as they were kept; undefined when one of them is missing. */
export function parseFlowSecrets(kept: Readonly<Record<string, string>>): OidcFlowSecrets | undefined {
  const { nonce, codeVerifier, issuer, clientId } = kept as Partial<Record<string, string>>;
  if (nonce === undefined || codeVerifier === undefined) return undefined;
  return issuer === undefined || clientId === undefined
    ? undefined
    : { nonce, codeVerifier, issuer, clientId };
}

export interface AuthorizationRequest {
  readonly redirectUri: string;
  readonly state: string;
  readonly secrets: OidcFlowSecrets;
  /** What the person has typed already, for the provider's form. */
  readonly loginHint: string | undefined;
}

/**
 * The address of the provider to send the browser to: authorization code flow with state, nonce and PKCE S256, which is
 * sent whether or not the provider says that it knows it (RFC 9700 section 2.1.1).
 */
export async function authorizationUrl(
  client: Configuration,
  settings: OidcSettings,
  { redirectUri, state, secrets, loginHint }: AuthorizationRequest,
): Promise<URL> {
  return buildAuthorizationUrl(client, {
    response_type: 'code',
    response_mode: 'query',
    redirect_uri: redirectUri,
    scope: settings.scopes.join(' '),
    state,
    nonce: secrets.nonce,
    code_challenge: await calculatePKCECodeChallenge(secrets.codeVerifier),
    code_challenge_method: 'S256',
    ...(loginHint === undefined ? {} : { login_hint: loginHint }),
  });
}
