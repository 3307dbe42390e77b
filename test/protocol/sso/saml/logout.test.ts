import { randomUUID, sign } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Browser, type Page } from '../../../support/browser.js';
import { keyOf } from '../../../support/saml/fixture-world.js';
import { idpPerson, postForm } from '../../../support/saml/saml-identity-provider.js';
import { signElement, type SigningKey } from '../../../support/saml/sign-xml.js';
import type { TestOrganization } from '../../../support/server.js';
import { ADA, connect, signIn, useWorld, whoIs, type Connected } from './support/world.js';

const world = useWorld();
const { server, idp } = world;
const GRACE = idpPerson('grace');
const BINDINGS = {
  redirect: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect',
  post: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST',
};
const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';
let organization: TestOrganization;
let connected: Connected;

beforeAll(async () => {
  organization = await server().organization();
  connected = await connect(world, organization);
});
beforeEach(() => {
  idp().participants.length = 0;
});

async function signedIn(who = ADA, where = connected): Promise<Browser> {
  const browser = new Browser();
  await signIn(world, browser, where, who);
  expect(await whoIs(world, browser)).toBeDefined();
  return browser;
}

const isSignedIn = async (browser: Browser): Promise<boolean> => (await whoIs(world, browser)) !== undefined;

interface LogoutParts {
  readonly issuer: string;
  readonly destination: string;
  readonly nameId: string;
  readonly sessions: readonly string[];
  readonly id: string;
  readonly issuedAt: string;
  readonly notOnOrAfter: string | undefined;
}

const logoutRequest = (parts: Partial<LogoutParts> = {}): string => {
  const { issuer, destination, nameId, sessions, id, issuedAt, notOnOrAfter } = {
    issuer: idp().entityId,
    destination: `${connected.address}/logout`,
    nameId: ADA.nameId,
    sessions: [],
    id: `_${randomUUID()}`,
    issuedAt: new Date().toISOString(),
    notOnOrAfter: undefined,
    ...parts,
  };
  const end = notOnOrAfter === undefined ? '' : ` NotOnOrAfter="${notOnOrAfter}"`;
  return (
    '<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"' +
    ` ID="${id}" Version="2.0" IssueInstant="${issuedAt}"${end} Destination="${destination}">` +
    `<saml:Issuer>${issuer}</saml:Issuer><saml:NameID>${nameId}</saml:NameID>` +
    `${sessions.map((index) => `<samlp:SessionIndex>${index}</samlp:SessionIndex>`).join('')}</samlp:LogoutRequest>`
  );
};

/** The query of the HTTP-Redirect binding, signed as SAML bindings 3.4.4.1 has it. */
function redirectQuery(xml: string, key: SigningKey = keyOf('idp'), algorithm = RSA_SHA256): string {
  const message = encodeURIComponent(deflateRawSync(xml).toString('base64'));
  const signed = `SAMLRequest=${message}&RelayState=there&SigAlg=${encodeURIComponent(algorithm)}`;
  const digest = algorithm.endsWith('sha1') ? 'sha1' : 'sha256';
  const signature = sign(digest, Buffer.from(signed), key.privateKey).toString('base64');
  return `${signed}&Signature=${encodeURIComponent(signature)}`;
}

const sendRedirected = (query: string, where = connected): Promise<Page> =>
  new Browser().visit(`${where.address}/logout?${query}`, {
    stopBefore: (url) => url.startsWith(idp().baseUrl),
  });
const sendPosted = (xml: string, where = connected): Promise<Page> =>
  new Browser().visit(`${where.address}/logout`, {
    form: { SAMLRequest: Buffer.from(xml).toString('base64'), RelayState: 'there' },
    stopBefore: (url) => url.startsWith(idp().baseUrl),
  });

describe('logout at the identity provider (SAML profiles 4.4)', () => {
  it.each(['redirect', 'post'] as const)(
    'ends the session here, and is answered: HTTP-%s',
    async (binding) => {
      const browser = await signedIn();
      idp().participants.splice(0, idp().participants.length - 1, ...[]);
      Object.assign(idp().participants[0]!, { binding: BINDINGS[binding] });
      const page = await browser.visit(`${idp().baseUrl}/slo`);
      const end = binding === 'post' ? await postForm(browser, page) : page;
      expect([end.url.startsWith(idp().baseUrl), end.text]).toEqual([true, '200']);
      expect(idp().participants).toEqual([]);
      expect(await isSignedIn(browser)).toBe(false);
    },
  );

  it('ends one session by its SessionIndex, and leaves the others', async () => {
    const [one, other] = [await signedIn(), await signedIn()];
    const index = idp().participants[0]!.sessionIndex;
    await sendRedirected(redirectQuery(logoutRequest({ sessions: [index] })));
    expect([await isSignedIn(one), await isSignedIn(other)]).toEqual([false, true]);
  });

  it('ends every session of a person when none or several are named, and nobody else’s', async () => {
    const [one, other, grace] = [await signedIn(), await signedIn(), await signedIn(GRACE)];
    await sendPosted(signElement(logoutRequest({ sessions: ['_a', '_b'] }), 'LogoutRequest', keyOf('idp')));
    expect([await isSignedIn(one), await isSignedIn(other), await isSignedIn(grace)]).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('is answered with success when there is no session left', async () => {
    const page = await sendRedirected(redirectQuery(logoutRequest({ nameId: 'nobody' })));
    expect(page.url).toContain(`${idp().baseUrl}/slo?SAMLResponse=`);
    expect(new URL(page.url).searchParams.get('RelayState')).toBe('there');
  });

  it('takes a LogoutResponse to the sign-in page, and nowhere else', async () => {
    const page = await new Browser().visit(
      `${connected.address}/logout?SAMLResponse=abc&RelayState=${encodeURIComponent('https://evil.example')}`,
      { stopBefore: (url) => url.includes('/login') },
    );
    expect(page.url).toBe(`${server().baseUrl}/login?notice=signed-out`);
  });
});

describe('signing out here', () => {
  const signOut = async (browser: Browser): Promise<Page> => {
    const page = await browser.visit(`${server().baseUrl}/logout`);
    const formToken = /name="formToken" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
    return browser.submit(page, { formToken });
  };

  it('ends the session at the identity provider as well, and comes back', async () => {
    const browser = await signedIn();
    expect(idp().participants).toHaveLength(1);
    const page = await signOut(browser);
    expect(page.url).toBe(`${server().baseUrl}/login?notice=signed-out`);
    expect(idp().participants).toEqual([]);
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('is all there is where the identity provider has no single logout service', async () => {
    const without = await connect(world, await server().organization(), {
      settings: { logoutUrl: undefined },
    });
    const browser = await signedIn(ADA, without);
    const page = await signOut(browser);
    expect(page.url).toBe(`${server().baseUrl}/login?notice=signed-out`);
    expect(idp().participants).toHaveLength(1);
    expect(await isSignedIn(browser)).toBe(false);
  });
});

const hoursAgo = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString();

describe('a LogoutRequest that is not believed', () => {
  it.each<[string, () => string]>([
    ['of another issuer', () => logoutRequest({ issuer: 'https://evil.example' })],
    ['for another address', () => logoutRequest({ destination: 'https://another.example/logout' })],
    ['made two hours ago', () => logoutRequest({ issuedAt: hoursAgo(2) })],
    ['of the future', () => logoutRequest({ issuedAt: hoursAgo(-1) })],
    ['that has expired', () => logoutRequest({ notOnOrAfter: hoursAgo(1) })],
    ['without an ID', () => logoutRequest({ id: '' })],
    ['without a NameID', () => logoutRequest().replace(/<saml:NameID>.*<\/saml:NameID>/, '')],
    ['with two', () => logoutRequest().replace(/<saml:NameID>.*<\/saml:NameID>/, (one) => one + one)],
    ['with a comment in it', () => logoutRequest().replace('>ada@', '>a<!---->da@')],
    ['with a document type', () => `<!DOCTYPE a>${logoutRequest()}`],
    ['of another kind', () => logoutRequest().replaceAll('LogoutRequest', 'AuthnRequest')],
  ])('is refused: %s', async (_case, make) => {
    const browser = await signedIn();
    expect((await sendRedirected(redirectQuery(make()))).status).toBe(400);
    expect(await isSignedIn(browser)).toBe(true);
  });

  it.each<[string, () => string]>([
    ['signed by a stranger', () => redirectQuery(logoutRequest(), keyOf('stranger'))],
    [
      'signed by SHA-1',
      () => redirectQuery(logoutRequest(), keyOf('idp'), 'http://www.w3.org/2000/09/xmldsig#rsa-sha1'),
    ],
    ['by an algorithm that nobody knows', () => redirectQuery(logoutRequest(), keyOf('idp'), 'urn:none')],
    ['without a signature', () => redirectQuery(logoutRequest()).replace(/&Signature=.*/, '')],
    ['with an empty signature', () => redirectQuery(logoutRequest()).replace(/&Signature=.*/, '&Signature=')],
    ['without SigAlg', () => redirectQuery(logoutRequest()).replace(/&SigAlg=[^&]*/, '')],
    [
      'with another RelayState than was signed',
      () => redirectQuery(logoutRequest()).replace('=there', '=here'),
    ],
    ['with a second SAMLRequest', () => `${redirectQuery(logoutRequest())}&SAMLRequest=abc`],
    ['with a second one in another spelling', () => `${redirectQuery(logoutRequest())}&%53AMLRequest=abc`],
    ['with a SAMLResponse beside', () => `${redirectQuery(logoutRequest())}&SAMLResponse=abc`],
    [
      'with one that is signed under another name before it',
      () => `xSAMLRequest=abc&${redirectQuery(logoutRequest(), keyOf('stranger'))}`,
    ],
    ['that inflates without end', () => redirectQuery('x'.repeat(20_000_000))],
  ])('is refused: %s', async (_case, make) => {
    const browser = await signedIn();
    expect((await sendRedirected(make())).status).toBe(400);
    expect(await isSignedIn(browser)).toBe(true);
  });

  it.each<[string, () => string]>([
    ['unsigned', () => logoutRequest()],
    ['signed by a stranger', () => signElement(logoutRequest(), 'LogoutRequest', keyOf('stranger'))],
    [
      'changed after signing',
      () =>
        signElement(logoutRequest({ nameId: 'x' }), 'LogoutRequest', keyOf('idp')).replace(
          '>x<',
          '>ada@example.com<',
        ),
    ],
    [
      'around a signed one',
      () => {
        const signed = signElement(logoutRequest({ nameId: 'x' }), 'LogoutRequest', keyOf('idp'));
        return logoutRequest().replace('</samlp:LogoutRequest>', `${signed}</samlp:LogoutRequest>`);
      },
    ],
  ])('is refused in a post: %s', async (_case, make) => {
    const browser = await signedIn();
    expect((await sendPosted(make())).status).toBe(400);
    expect(await isSignedIn(browser)).toBe(true);
  });

  it('is refused the second time', async () => {
    const query = redirectQuery(logoutRequest());
    await sendRedirected(query);
    const browser = await signedIn();
    expect((await sendRedirected(query)).status).toBe(400);
    expect(await isSignedIn(browser)).toBe(true);
  });

  it('is refused at a connection of another organization with the same identity provider', async () => {
    const elsewhere = await connect(world, await server().organization());
    const browser = await signedIn(ADA, elsewhere);
    expect((await sendRedirected(redirectQuery(logoutRequest()), elsewhere)).status).toBe(400);
    expect(await isSignedIn(browser)).toBe(true);
  });
});
