import { afterAll, beforeAll } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import {
  oidcSettings,
  type OidcPresetName,
  type OidcSettingsDraft,
} from '../../../../../src/directory/sign-on/oidc-presets.js';
import type {
  SsoConnection,
  SsoConnectionOptions,
} from '../../../../../src/directory/sign-on/sso-connection.js';
import type { ProviderPerson } from '../../../../../src/cli/demo/sign-on/openid-provider.js';
import type { Browser } from '../../../../support/browser.js';
import { type Page } from '../../../../support/browser.js';
import { startTestProvider, type TestProvider } from '../../../../support/openid-provider.js';
import {
  startServer,
  type TestOrganization,
  type TestServer,
  type TestServerOptions,
} from '../../../../support/server.js';

/** A server, a provider with people, and a browser for each test to begin with. */
export interface World {
  readonly server: () => TestServer;
  readonly provider: () => TestProvider;
}

export function useWorld(
  people: readonly ProviderPerson[],
  options: TestServerOptions & { readonly hasThinTokens?: boolean } = {},
): World {
  let server: TestServer | undefined;
  let provider: TestProvider | undefined;
  beforeAll(async () => {
    provider = await startTestProvider({ people, hasThinTokens: options.hasThinTokens === true });
    server = await startServer(options);
  });
  afterAll(async () => {
    await server?.close();
    await provider?.close();
  });
  return { server: () => server!, provider: () => provider! };
}

export interface ConnectOptions extends Partial<SsoConnectionOptions> {
  readonly preset?: OidcPresetName;
  readonly settings?: Partial<OidcSettingsDraft>;
  readonly clientSecret?: string;
  /** Domains that are verified for the connection. */
  readonly domains?: readonly string[];
}

/** An SsoConnection of an organization, and the client of it at the provider. */
export interface Connected {
  readonly connection: SsoConnection;
  readonly clientId: string;
  readonly clientSecret: string;
  /** `/sso/oidc/{id}`. */
  readonly address: string;
  readonly callback: string;
}

export async function connect(
  server: TestServer,
  provider: TestProvider,
  organization: TestOrganization,
  options: ConnectOptions = {},
): Promise<Connected> {
  const { preset = 'custom', settings, clientSecret = randomUUID(), domains = [], ...chosen } = options;
  const clientId = `client-${randomUUID()}`;
  const connection = await server.services.ssoConnections.create(organization.context, {
    name: `provider-${randomUUID()}`,
    protocol: {
      kind: 'oidc',
      settings: oidcSettings(preset, {
        issuer: provider.issuer,
        clientId,
        scopes: ['openid', 'profile', 'email', 'groups'],
        ...settings,
      }),
      secrets: { clientSecret },
    },
    options: { isEnabled: true, ...chosen },
  });
  await verifyDomains(server, organization, connection.id, domains);
  const address = `${server.baseUrl}/sso/oidc/${connection.id}`;
  const callback = `${address}/callback`;
  await provider.setClient({
    client_id: clientId,
    client_secret: clientSecret,
    redirect_uris: [callback],
    post_logout_redirect_uris: [`${server.baseUrl}/login`],
    token_endpoint_auth_method: 'client_secret_post',
    backchannel_logout_uri: `${address}/backchannel-logout`,
    backchannel_logout_session_required: true,
  });
  return { connection, clientId, clientSecret, address, callback };
}

export async function verifyDomains(
  server: TestServer,
  organization: TestOrganization,
  ssoConnectionId: string,
  domains: readonly string[],
): Promise<void> {
  const { ssoDomains } = server.services.unitOfWork.stores;
  for (const domain of domains) {
    const id = randomUUID();
    const now = new Date().toISOString();
    await ssoDomains.insert(organization.context, {
      id,
      organizationId: organization.id,
      ssoConnectionId,
      domain,
      challenge: randomUUID(),
      createdAt: now,
      verifiedAt: undefined,
    });
    await ssoDomains.verify(organization.context, id);
  }
}

/** A whole sign-in: from our address to the provider, a click on a person there, and back. */
export async function signIn(
  browser: Browser,
  { address }: Connected,
  who: ProviderPerson,
  query = '',
): Promise<Page> {
  const choose = await browser.visit(`${address}/login${query}`);
  if (!choose.text.includes('Who are you?')) return choose;
  return browser.submit(choose, { person: who.id });
}

/** The address of the callback with the provider's answer in it, which the browser has not asked for yet. */
export async function stopAtCallback(
  browser: Browser,
  { address, callback }: Connected,
  who: ProviderPerson,
): Promise<URL> {
  const stopBefore = (url: string): boolean => url.startsWith(callback);
  const choose = await browser.visit(`${address}/login`, { stopBefore });
  const page = choose.text.includes('Who are you?')
    ? await browser.submit(choose, { person: who.id }, { stopBefore })
    : choose;
  if (!page.url.startsWith(callback)) throw new Error(`the browser is at ${page.url}: ${page.text}`);
  return new URL(page.url);
}

/** Whose session the browser has, as the server itself answers. */
export async function whoIs(
  server: TestServer,
  browser: Browser,
): Promise<
  { readonly userId: string; readonly organizationId: string; readonly organizationRole: string } | undefined
> {
  const page = await browser.visit(`${server.baseUrl}/api/v1/me`);
  if (page.status === 401) return undefined;
  if (page.status !== 200) throw new Error(`${page.status}: ${page.text}`);
  return JSON.parse(page.text);
}
