import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import {
  samlSettings,
  type SamlPresetName,
  type SamlSettingsDraft,
} from '../../../../../src/directory/sign-on/saml-presets.js';
import type {
  SamlConnection,
  SsoConnectionOptions,
} from '../../../../../src/directory/sign-on/sso-connection.js';
import type { Browser, Page } from '../../../../support/browser.js';
import { keyOf } from '../../../../support/saml/fixture-world.js';
import {
  idpPerson,
  postForm,
  startIdentityProvider,
  type IdpPerson,
  type TestIdentityProvider,
} from '../../../../support/saml/saml-identity-provider.js';
import {
  startServer,
  type TestOrganization,
  type TestServer,
  type TestServerOptions,
} from '../../../../support/server.js';

export const ADA = idpPerson('ada');

/** A server and an identity provider, which is well-behaved again before each test. */
export interface World {
  readonly server: () => TestServer;
  readonly idp: () => TestIdentityProvider;
}

export function useWorld(options: TestServerOptions = {}): World {
  let server: TestServer | undefined;
  let idp: TestIdentityProvider | undefined;
  beforeAll(async () => {
    idp = await startIdentityProvider(keyOf('idp'), ADA);
    server = await startServer(options);
  });
  afterEach(() => {
    if (idp) Object.assign(idp, { behaviour: {}, signedIn: ADA, key: keyOf('idp') });
  });
  afterAll(async () => {
    await server?.close();
    await idp?.close();
  });
  return { server: () => server!, idp: () => idp! };
}

export interface ConnectOptions extends Partial<SsoConnectionOptions> {
  readonly preset?: SamlPresetName;
  readonly settings?: Partial<SamlSettingsDraft>;
  /** Domains that are verified for the connection. */
  readonly domains?: readonly string[];
}

/** A SAML connection of an organization, known to the identity provider. */
export interface Connected {
  readonly connection: SamlConnection;
  readonly organization: TestOrganization;
  /** `/sso/saml/{id}`, with the origin. */
  readonly address: string;
  /** Our certificate in PEM, as metadata has it. */
  readonly certificate: string;
}

export async function connect(
  { server, idp }: World,
  organization: TestOrganization,
  options: ConnectOptions = {},
): Promise<Connected> {
  const { preset = 'okta', settings, domains = [], ...chosen } = options;
  const connection = (await server().services.ssoConnections.create(organization.context, {
    name: `idp-${randomUUID()}`,
    protocol: {
      kind: 'saml',
      settings: samlSettings(preset, {
        idpEntityId: idp().entityId,
        entryPoint: `${idp().baseUrl}/sso`,
        logoutUrl: `${idp().baseUrl}/slo`,
        certificates: [keyOf('idp').certificate],
        ...settings,
      }),
    },
    options: { isEnabled: true, ...chosen },
  })) as SamlConnection;
  for (const domain of domains) await verifyDomain(server(), organization, connection.id, domain);
  const address = `${server().baseUrl}/sso/saml/${connection.id}`;
  const metadata = await (await fetch(`${address}/metadata`)).text();
  const base64 = /<ds:X509Certificate>([^<]+)</.exec(metadata)?.[1] ?? '';
  const certificate = `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
  idp().register({
    entityId: `${address}/metadata`,
    acsUrl: `${address}/acs`,
    logoutUrl: `${address}/logout`,
    certificate,
  });
  return { connection, organization, address, certificate };
}

async function verifyDomain(
  server: TestServer,
  organization: TestOrganization,
  ssoConnectionId: string,
  domain: string,
): Promise<void> {
  const { ssoDomains } = server.services.unitOfWork.stores;
  const id = randomUUID();
  await ssoDomains.insert(organization.context, {
    id,
    organizationId: organization.id,
    ssoConnectionId,
    domain,
    challenge: randomUUID(),
    createdAt: new Date().toISOString(),
    verifiedAt: undefined,
  });
  await ssoDomains.verify(organization.context, id);
}

/** The identity provider's page with the answer in it, which the browser has not posted yet. */
export const stopAtAnswer = (browser: Browser, { address }: Connected, query = ''): Promise<Page> =>
  browser.visit(`${address}/login${query}`);

/** A whole sign-in: from our address to the identity provider and back. */
export async function signIn(
  { idp }: World,
  browser: Browser,
  connected: Connected,
  who: IdpPerson = ADA,
  query = '',
): Promise<Page> {
  idp().signedIn = who;
  return postForm(browser, await stopAtAnswer(browser, connected, query));
}

/** Whose session the browser has, as the server itself answers. */
export async function whoIs(
  { server }: World,
  browser: Browser,
): Promise<{ readonly userId: string; readonly organizationId: string } | undefined> {
  const page = await browser.visit(`${server().baseUrl}/api/v1/me`);
  if (page.status === 401) return undefined;
  if (page.status !== 200) throw new Error(`${page.status}: ${page.text}`);
  return JSON.parse(page.text);
}
