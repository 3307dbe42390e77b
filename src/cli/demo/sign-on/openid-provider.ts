import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type Provider from 'oidc-provider';
import type { ClientMetadata, Configuration, JWK, KoaContextWithOIDC } from 'oidc-provider';
import { readBody } from '../../../http/index.js';
import { CommandFailure } from '../../failure.js';
import { ProviderStore } from './provider-store.js';
import { renderSignInPage, renderSignOutPage } from './provider-pages.js';

/** Somebody who can sign in at the provider, by a click. */
export interface ProviderPerson {
  /** `sub`: never changes and never belongs to anybody else. */
  readonly id: string;
  readonly userName: string;
  readonly name: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly email: string;
  readonly isEmailVerified: boolean;
  readonly groups: readonly string[];
}

export interface OpenIdProvider {
  /** `http://localhost:PORT`. */
  readonly issuer: string;
  readonly port: number;
  /** The library's provider, for what only tests do to it. */
  readonly library: Provider;
  /** Private keys that sign ID tokens. */
  readonly signingKey: JWK;
  /** Registers a client, or replaces it. */
  setClient(client: ClientMetadata): Promise<void>;
  close(): Promise<void>;
}

export interface OpenIdProviderOptions {
  /** Loopback port; 0 takes a free one. */
  readonly port: number;
  readonly host?: string;
  readonly people: readonly ProviderPerson[];
  /** Whether claims about the person are left to the userinfo endpoint, as thin ID tokens do. */
  readonly hasThinTokens?: boolean;
}

const SCOPES = ['openid', 'profile', 'email', 'groups'];
const MAX_FORM_BYTES = 4_096;
const INTERACTION = /^\/interaction\/[\w-]+$/;

/**
 * A small OpenID provider for trying out and for tests: everybody in `people` signs in by a click, without a password. It
 * is made of a development package, so it exists only where the sources were checked out, never in a production image.
 * @throws CommandFailure when the package is not installed
 */
export async function startOpenIdProvider(options: OpenIdProviderOptions): Promise<OpenIdProvider> {
  const { default: LibraryProvider } = await import('oidc-provider').catch((cause: unknown) => {
    throw new CommandFailure(
      'The demo identity provider needs the development packages: run it from a checkout after npm ci.',
      { cause },
    );
  });
  const host = options.host ?? 'localhost';
  const server = createServer();
  const port = await listenOn(server, options.port);
  const issuer = `http://${host}:${port}`;
  const store = new ProviderStore();
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const signingKey = {
    ...privateKey.export({ format: 'jwk' }),
    kid: randomUUID(),
    alg: 'RS256',
    use: 'sig',
  } as JWK;
  const library = new LibraryProvider(issuer, configure(options, store, signingKey));
  library.use(async (context, next) => {
    if (INTERACTION.test(context.path))
      await interact(library, options.people, context as KoaContextWithOIDC);
    else await next();
  });
  // Composed at the first request: until then tests may add to it.
  let handle: ReturnType<Provider['callback']> | undefined;
  server.on('request', (request, response) => {
    handle ??= library.callback();
    void handle(request, response);
  });
  return {
    issuer,
    port,
    library,
    signingKey,
    setClient: async (client) => {
      await store.adapter('Client').upsert(client.client_id, client);
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function listenOn(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new CommandFailure(`The demo identity provider cannot listen on port ${port} of this machine.`, {
          cause,
        }),
      ),
    );
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function configure(options: OpenIdProviderOptions, store: ProviderStore, signingKey: JWK): Configuration {
  return {
    adapter: (model) => store.adapter(model),
    cookies: { keys: [randomBytes(32).toString('hex')] },
    jwks: { keys: [signingKey] },
    scopes: SCOPES,
    claims: {
      openid: ['sub'],
      sid: null,
      profile: ['name', 'given_name', 'family_name', 'preferred_username'],
      email: ['email', 'email_verified'],
      groups: ['groups'],
    },
    conformIdTokenClaims: options.hasThinTokens === true,
    pkce: { required: () => true },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (context, form) => {
          context.body = renderSignOutPage(form);
        },
      },
    },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    // Logout tokens go to a server on this machine, which the library's own fetch keeps away from.
    fetch: (input, init) => {
      const { method, headers, body, signal } = init ?? {};
      return fetch(input, { method, headers, body, signal } as RequestInit);
    },
    findAccount: (_context, id) => {
      const person = options.people.find((candidate) => candidate.id === id);
      return person && { accountId: id, claims: () => ({ sub: id, ...claimsOf(person) }) };
    },
    loadExistingGrant: grantEverything,
    ttl: {
      AccessToken: 600,
      AuthorizationCode: 60,
      IdToken: 600,
      Interaction: 600,
      Grant: 3_600,
      Session: 3_600,
    },
  };
}

const claimsOf = (person: ProviderPerson): Record<string, unknown> => ({
  name: person.name,
  given_name: person.givenName,
  family_name: person.familyName,
  preferred_username: person.userName,
  email: person.email,
  email_verified: person.isEmailVerified,
  groups: person.groups,
});

type ProviderGrant = InstanceType<Provider['Grant']>;

/** Nobody is asked for consent: the company has given it. */
async function grantEverything({ oidc }: KoaContextWithOIDC): Promise<ProviderGrant | undefined> {
  const { client, session, provider } = oidc;
  if (!client || session?.accountId === undefined) return undefined;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope(SCOPES.join(' '));
  await grant.save();
  return grant;
}

/** GET shows the people, POST with `person` signs that one in. */
async function interact(
  library: Provider,
  people: readonly ProviderPerson[],
  context: KoaContextWithOIDC,
): Promise<void> {
  if (context.method !== 'POST') {
    await library.interactionDetails(context.req, context.res);
    context.type = 'html';
    context.body = renderSignInPage(people);
    return;
  }
  const body = await readBody(context.req, MAX_FORM_BYTES);
  const chosen = body.ok ? new URLSearchParams(body.value.toString('utf8')).get('person') : null;
  const person = people.find(({ id }) => id === chosen);
  context.respond = false;
  await library.interactionFinished(
    context.req,
    context.res,
    person
      ? { login: { accountId: person.id } }
      : { error: 'access_denied', error_description: 'nobody was chosen' },
    { mergeWithLastSubmission: false },
  );
}
