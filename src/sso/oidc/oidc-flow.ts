import type { SsoConnectionService } from '../../directory/sign-on/sso-connection-service.js';
import type { OidcConnection } from '../../directory/sign-on/sso-connection.js';
import type { SsoFlow, SsoFlowService } from '../../directory/sign-on/sso-flow-service.js';
import type { Clock } from '../../kernel/clock.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Configuration } from 'openid-client';
import { authorizationUrl, newFlowSecrets, parseFlowSecrets } from './authorization-request.js';
import { createClient } from './client.js';
import { exchangeCode } from './exchange-code.js';
import { fetchClaims } from './fetch-claims.js';
import type { Provider, ProviderDirectory } from './provider-directory.js';
import { readIdentity, type ReadIdentity } from './read-identity.js';
import { refusal, type OidcRefusal } from './refusal.js';
import type { Transport } from './transport.js';

export interface OidcFlowParts {
  readonly ssoConnections: SsoConnectionService;
  readonly ssoFlows: SsoFlowService;
  readonly providers: ProviderDirectory;
  readonly transport: Transport;
  readonly clock: Clock;
  /** PUBLIC_URL, without a slash at the end. */
  readonly publicUrl: string;
}

export interface OidcStart {
  readonly purpose: 'login' | 'test';
  readonly browserSecret: string;
  readonly returnTo: string | undefined;
  /** The admin who tests. */
  readonly userId: string | undefined;
  readonly loginHint: string | undefined;
}

/** What a callback led to: a person, or a refusal; and the flow it belongs to, once that is known. */
export interface OidcFinish {
  readonly flow: SsoFlow | undefined;
  readonly result: Result<OidcPerson, OidcRefusal>;
}

export interface OidcPerson extends ReadIdentity {
  readonly idToken: string;
  /** Why the userinfo endpoint added nothing although something was missing. */
  readonly userInfoProblem: OidcRefusal | undefined;
}

/** Sign-ins at OpenID providers from their begin to a verified person; what becomes of the person is decided elsewhere. */
export class OidcFlow {
  readonly #parts: OidcFlowParts;

  constructor(parts: OidcFlowParts) {
    this.#parts = parts;
  }

  /**
   * One address for each connection, so that the answer of one provider cannot be taken for another's (RFC 9700 section
   * 4.4.2.2).
   */
  redirectUri(connectionId: string): string {
    return `${this.#parts.publicUrl}/sso/oidc/${connectionId}/callback`;
  }

  /** Begins a sign-in: the address of the provider to send the browser to. */
  async start(connection: OidcConnection, start: OidcStart): Promise<Result<URL, OidcRefusal>> {
    const { settings, organizationId, id } = connection;
    const opened = await this.#open(connection, start.purpose === 'test');
    if (!opened.ok) return opened;
    const secrets = newFlowSecrets(settings);
    const { state } = await this.#parts.ssoFlows.start(organizationId, {
      ssoConnectionId: id,
      purpose: start.purpose,
      browserSecret: start.browserSecret,
      returnTo: start.returnTo,
      userId: start.userId,
      secrets: { ...secrets },
    });
    const { loginHint } = start;
    const request = { redirectUri: this.redirectUri(id), state, secrets, loginHint };
    return ok(await authorizationUrl(opened.value.client, settings, request));
  }

  /** Takes the provider's answer. A flow is ended by its first answer, whatever that is worth. */
  async finish(
    connection: OidcConnection,
    query: URLSearchParams,
    browserSecret: string | undefined,
  ): Promise<OidcFinish> {
    const [state, ...more] = query.getAll('state');
    if (state === undefined || more.length > 0 || browserSecret === undefined)
      return { flow: undefined, result: err(refusal('state_missing')) };
    const { organizationId, id } = connection;
    const flow = await this.#parts.ssoFlows.consume(organizationId, id, { state, browserSecret });
    if (flow === undefined) return { flow, result: err(refusal('flow_unknown')) };
    return { flow, result: await this.#verify(connection, flow, state, query) };
  }

  async #verify(
    connection: OidcConnection,
    flow: SsoFlow,
    state: string,
    query: URLSearchParams,
  ): Promise<Result<OidcPerson, OidcRefusal>> {
    const { settings } = connection;
    const secrets = parseFlowSecrets(flow.secrets);
    if (secrets === undefined || flow.purpose === 'logout') return err(refusal('flow_unknown'));
    if (secrets.issuer !== settings.issuer || secrets.clientId !== settings.clientId)
      return err(refusal('connection_changed'));
    if (flow.purpose === 'login' && !connection.isEnabled) return err(refusal('connection_disabled'));
    const opened = await this.#open(connection, false);
    if (!opened.ok) return opened;
    const { provider, client } = opened.value;
    const answer = { redirectUri: this.redirectUri(connection.id), query, state, secrets };
    const tokens = await exchangeCode(provider, client, answer, this.#parts.clock);
    if (!tokens.ok) return tokens;
    const person = await fetchClaims(provider, client, settings, tokens.value);
    if (!person.ok) return person;
    const { claims, userInfoProblem } = person.value;
    const identity = readIdentity(connection, claims);
    return identity.ok ? ok({ ...identity.value, idToken: tokens.value.idToken, userInfoProblem }) : identity;
  }

  /** The provider of a connection and the library's view of both. */
  async open(
    connection: OidcConnection,
  ): Promise<Result<{ readonly provider: Provider; readonly client: Configuration }, OidcRefusal>> {
    return this.#open(connection, false);
  }

  async #open(
    connection: OidcConnection,
    isFresh: boolean,
  ): Promise<Result<{ readonly provider: Provider; readonly client: Configuration }, OidcRefusal>> {
    const { providers, ssoConnections, transport } = this.#parts;
    const provider = await providers.find(connection.settings.issuer, { isFresh });
    if (!provider.ok) return provider;
    const { clientSecret } = await ssoConnections.oidcSecrets(connection);
    const client = createClient(provider.value.metadata, connection.settings, clientSecret, transport);
    return ok({ provider: provider.value, client });
  }
}
