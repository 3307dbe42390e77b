/**
 * Why an answer of an OpenID provider is not believed. The person sees none of it: one neutral page with a reference. The
 * log has the reason and `evidence`, which names claims, parameters and error codes but never repeats their values.
 */
export const OIDC_REFUSALS = {
  state_missing: 'The answer came without state, or to a browser that had not begun to sign in here.',
  flow_unknown:
    'No sign-in that this browser began at this connection waits for this answer: it was answered before, took too long, or belongs to another browser or connection.',
  connection_changed: 'The connection was changed while the person was signing in.',
  connection_disabled: 'The connection is switched off.',
  response_invalid: 'The answer is not one of the authorization code flow, or repeats a parameter.',
  issuer_mismatch: 'The answer names another issuer than the connection, or none although it has to.',
  provider_refused: 'The provider itself refused, or the person went back.',
  code_rejected: 'The provider did not accept the code for this client, redirect address and PKCE verifier.',
  client_rejected: 'The provider does not accept the client id and secret of the connection.',
  token_invalid: 'The ID token is not for this client and this sign-in, or not valid now.',
  algorithm_refused: 'The ID token is unsigned, or signed by an algorithm that proves nothing.',
  signature_invalid: 'The signature of the ID token is not by a key of the provider.',
  token_replayed: 'The token has been used before.',
  subject_mismatch: 'The userinfo endpoint speaks of somebody else than the ID token.',
  claims_invalid: 'A claim has a form that cannot be used.',
  required_claim_missing: 'A claim that the connection requires is absent or has another value.',
  discovery_invalid: 'The discovery document does not fit the connection.',
  provider_unavailable: 'The provider cannot be reached, or does not answer as it should.',
  provider_forbidden: 'The provider has an address that this server does not connect to.',
} as const satisfies Record<string, string>;

export type OidcRefusalReason = keyof typeof OIDC_REFUSALS;

export interface OidcRefusal {
  readonly reason: OidcRefusalReason;
  /** For the log and for the admin who tests the connection. */
  readonly evidence: string | undefined;
}

export const refusal = (reason: OidcRefusalReason, evidence?: string): OidcRefusal => ({ reason, evidence });
