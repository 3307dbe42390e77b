/** A real SAML 2.0 identity provider, `samlp`, in this process. Its answers can be changed on the way, as a forger would. */
import { randomUUID } from 'node:crypto';
import express from 'express';
import * as samlp from 'samlp';
import type { AuthOptions, Participant } from 'samlp';
import * as participantsModule from 'samlp/lib/sessionParticipants/index.js';
import { listen } from '../../../src/http/index.js';
import type { Browser, Page } from '../browser.js';
import type { SigningKey } from './sign-xml.js';

/** Somebody who has an account at the identity provider. */
export interface IdpPerson {
  readonly nameId: string;
  readonly nameIdFormat?: string;
  readonly attributes: Readonly<Record<string, string | readonly string[]>>;
}

export const idpPerson = (name: string, more: Partial<IdpPerson> = {}): IdpPerson => ({
  nameId: `${name}@example.com`,
  ...more,
  attributes: {
    email: `${name}@example.com`,
    firstName: name,
    lastName: 'Lovelace',
    ...more.attributes,
  },
});

/** Our side as the identity provider has registered it. */
export interface RegisteredSp {
  readonly entityId: string;
  readonly acsUrl: string;
  readonly logoutUrl: string;
  /** PEM; requests have to be signed by it. */
  readonly certificate: string;
}

export interface Behaviour {
  /** Options of samlp for the next answers. */
  readonly options?: Partial<AuthOptions>;
  /** Changes the XML of a response before it goes to the browser. */
  readonly tamper?: (xml: string) => string;
}

export interface TestIdentityProvider {
  readonly entityId: string;
  readonly baseUrl: string;
  readonly metadataUrl: string;
  key: SigningKey;
  register(sp: RegisteredSp): void;
  /** Who is at the keyboard. */
  signedIn: IdpPerson;
  behaviour: Behaviour;
  /** Requests for metadata so far. */
  readonly metadataRequests: () => number;
  /** Sessions it has opened at service providers, and forgets at logout. */
  readonly participants: Participant[];
  close(): Promise<void>;
}

const PERSISTENT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent';
const REDIRECT = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect';

export async function startIdentityProvider(
  key: SigningKey,
  signedIn: IdpPerson,
): Promise<TestIdentityProvider> {
  const app = express();
  app.use(express.urlencoded({ extended: false, limit: '4mb' }));
  // samlp looks into it without asking whether it is there.
  app.use((request, _response, next) => {
    request.body ??= {};
    next();
  });
  const server = await listen(app, { host: '127.0.0.1', port: 0 });
  const baseUrl = `http://127.0.0.1:${server.port}`;
  const registered = new Map<string, RegisteredSp>();
  const participants: Participant[] = [];
  let metadataRequests = 0;
  const idp: TestIdentityProvider = {
    entityId: `${baseUrl}/metadata`,
    baseUrl,
    metadataUrl: `${baseUrl}/metadata`,
    key,
    register: (sp) => void registered.set(sp.entityId, sp),
    signedIn,
    behaviour: {},
    metadataRequests: () => metadataRequests,
    participants,
    close: () => server.close(1_000),
  };

  app.get('/metadata', (request, response, next) => {
    metadataRequests += 1;
    samlp.metadata({
      issuer: idp.entityId,
      cert: idp.key.certificate,
      redirectEndpointPath: '/sso',
      postEndpointPath: '/sso',
      logoutEndpointPaths: { redirect: '/slo', post: '/slo' },
    })(request, response, next);
  });

  app.get('/sso', (request, response, next) => {
    samlp.parseRequest(request, {}, (error, data) => {
      const sp = registered.get(data?.issuer ?? '');
      if (error || !data || !sp)
        return response.status(400).send(`no such service provider: ${data?.issuer}`);
      return answer(sp, data.id, { signingCert: sp.certificate })(request, response, next);
    });
  });
  app.get('/start', (request, response, next) => {
    const sp = registered.get(request.query['sp'] as string);
    if (!sp) return response.status(400).send('no such service provider');
    return answer(sp, undefined, {})(request, response, next);
  });

  const answer = (
    sp: RegisteredSp,
    inResponseTo: string | undefined,
    more: Partial<AuthOptions>,
  ): express.RequestHandler => {
    const sessionIndex = `_${randomUUID()}`;
    const person = idp.signedIn;
    participants.push({
      serviceProviderId: sp.entityId,
      nameId: person.nameId,
      nameIdFormat: person.nameIdFormat ?? PERSISTENT,
      sessionIndex,
      serviceProviderLogoutURL: sp.logoutUrl,
      cert: sp.certificate,
      binding: REDIRECT,
    });
    const handler = samlp.auth({
      issuer: idp.entityId,
      cert: idp.key.certificate,
      key: idp.key.privateKey,
      audience: sp.entityId,
      destination: sp.acsUrl,
      recipient: sp.acsUrl,
      lifetimeInSeconds: 300,
      sessionIndex,
      ...(inResponseTo !== undefined && { inResponseTo }),
      getUserFromRequest: () => person,
      getPostURL: (_audience, _dom, _request, callback) => callback(null, sp.acsUrl),
      profileMapper: () => ({
        getClaims: () => ({ ...person.attributes }),
        getNameIdentifier: () => ({
          nameIdentifier: person.nameId,
          nameIdentifierFormat: person.nameIdFormat ?? PERSISTENT,
        }),
      }),
      ...more,
      ...idp.behaviour.options,
    });
    return (request, response, next) => {
      const send = response.send.bind(response);
      response.send = (body: unknown) => {
        try {
          return send(tampered(String(body), idp.behaviour.tamper));
        } catch (error) {
          return response.status(500).end(String(error));
        }
      };
      return handler(request, response, next);
    };
  };

  const store = memoryStore();
  const logout: express.RequestHandler = (request, response, next) =>
    samlp.logout({
      issuer: idp.entityId,
      cert: idp.key.certificate,
      key: idp.key.privateKey,
      deflate: true,
      protocolBinding: REDIRECT,
      sessionParticipants: new participantsModule.default(participants),
      store,
    })(request, response, next);
  app.get('/slo', logout);
  app.post('/slo', logout);
  return idp;
}

function tampered(html: string, tamper: Behaviour['tamper']): string {
  if (!tamper) return html;
  return html.replace(/(name="SAMLResponse"\s+value=")([^"]+)/, (_all, before: string, value: string) => {
    const xml = Buffer.from(value, 'base64').toString('utf8');
    return before + Buffer.from(tamper(xml)).toString('base64');
  });
}

/** What samlp keeps between the messages of one logout. */
function memoryStore(): unknown {
  const states = new Map<string, unknown>();
  type Done = (error: Error | null, value?: unknown) => void;
  return {
    save: (_request: unknown, state: unknown, done: Done) => {
      const handle = randomUUID();
      states.set(handle, state);
      done(null, handle);
    },
    load: (_request: unknown, handle: string, options: unknown, done?: Done) => {
      const callback = done ?? (options as Done);
      const state = states.get(handle);
      if (done) states.delete(handle);
      callback(null, state);
    },
    update: (_request: unknown, handle: string, state: unknown, done: Done) => {
      states.set(handle, state);
      done(null);
    },
  };
}

/** The form by which an identity provider sends a message through the browser. */
export function formOf(page: Page): {
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
} {
  const action = /<form[^>]*action="([^"]+)"/.exec(page.text)?.[1];
  if (action === undefined) throw new Error(`no form at ${page.url}: ${page.status} ${page.text}`);
  const inputs = [...page.text.matchAll(/<input[^>]*type="hidden"[^>]*?name="([^"]+)"\s+value="([^"]*)"/g)];
  return {
    action: unescapeHtml(action),
    fields: Object.fromEntries(inputs.map(([, name = '', value = '']) => [name, unescapeHtml(value)])),
  };
}

const unescapeHtml = (text: string): string =>
  text
    .replaceAll('&#39;', "'")
    .replaceAll('&#34;', '"')
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

/** Posts the form of a page, as its script would. */
export function postForm(
  browser: Browser,
  page: Page,
  more: Readonly<Record<string, string>> = {},
): Promise<Page> {
  const { action, fields } = formOf(page);
  return browser.visit(new URL(action, page.url).href, { form: { ...fields, ...more } });
}
