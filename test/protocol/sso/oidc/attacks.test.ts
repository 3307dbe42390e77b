import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Browser, type Page } from '../../../support/browser.js';
import { person, startTestProvider, type Misbehaviour } from '../../../support/openid-provider.js';
import type { TestOrganization } from '../../../support/server.js';
import { connect, signIn, stopAtCallback, useWorld, whoIs, type Connected } from './support/world.js';

const VICTIM = person({ id: 'victim', email: 'victim@example.com', userName: 'victim@example.com' });
const MALLORY = person({ id: 'mallory', email: 'mallory@example.com', userName: 'mallory@example.com' });
/** Comes here for the first time in each test. */
const STRANGER = person({ id: 'stranger', email: 'stranger@example.com' });
const PEOPLE = [VICTIM, MALLORY, STRANGER];
const { server, provider } = useWorld(PEOPLE);
let organization: TestOrganization;
let connected: Connected;
let browser: Browser;

beforeAll(async () => {
  organization = await server().organization();
  connected = await connect(server(), provider(), organization);
});
beforeEach(() => {
  browser = new Browser();
});
afterEach(() => {
  provider().misbehave({});
});

/** Nobody is signed in, and the page says nothing that tells the cases apart. */
async function expectRefused(page: Page, who = browser): Promise<void> {
  expect(page.status).toBe(403);
  expect(page.text).toContain('You could not be signed in');
  expect(page.text.replaceAll(/<code>[^<]+<\/code>/g, '')).toBe(await neutralPage());
  expect(await whoIs(server(), who)).toBeUndefined();
}

let neutral: string | undefined;
async function neutralPage(): Promise<string> {
  const page = await new Browser().visit(`${connected.callback}?state=nothing&code=nothing`);
  neutral ??= page.text.replaceAll(/<code>[^<]+<\/code>/g, '');
  return neutral;
}

const accountsNamed = async (userName: string): Promise<number> => {
  const { body } = await organization.scim.get(
    `/Users?filter=${encodeURIComponent(`userName eq "${userName}"`)}`,
  );
  return Number(body.totalResults);
};

describe('state (RFC 6749 section 10.12)', () => {
  it.each([
    ['missing', (url: URL) => url.searchParams.delete('state')],
    ['empty', (url: URL) => url.searchParams.set('state', '')],
    ['forged', (url: URL) => url.searchParams.set('state', 'A'.repeat(43))],
    ['given twice', (url: URL) => url.searchParams.append('state', 'A'.repeat(43))],
    ['very long', (url: URL) => url.searchParams.set('state', 'A'.repeat(10_000))],
  ])('%s is refused', async (_name, change) => {
    const url = await stopAtCallback(browser, connected, VICTIM);
    change(url);
    await expectRefused(await browser.visit(url.href));
  });

  it('replayed is refused, with the same code and with another one', async () => {
    const url = await stopAtCallback(browser, connected, VICTIM);
    await browser.visit(url.href);
    const replayer = new Browser();
    for (const name of ['rollcall-oidc']) {
      const value = browser.cookie(url.href, name);
      if (value !== undefined) replayer.setCookie(url.href, name, value);
    }
    await expectRefused(await replayer.visit(url.href), replayer);
    const other = await stopAtCallback(new Browser(), connected, VICTIM);
    url.searchParams.set('code', other.searchParams.get('code')!);
    await expectRefused(await replayer.visit(url.href), replayer);
  });

  it('is used up by the first answer, even a refused one', async () => {
    const url = await stopAtCallback(browser, connected, VICTIM);
    const refused = new URL(url);
    refused.searchParams.set('code', 'no such code');
    await expectRefused(await browser.visit(refused.href));
    await expectRefused(await browser.visit(url.href));
  });
});

describe('login CSRF: signing a victim in as the attacker (RFC 9700 section 2.1)', () => {
  it("is refused: the attacker's answer in the victim's browser, which has begun nothing", async () => {
    const url = await stopAtCallback(new Browser(), connected, MALLORY);
    await expectRefused(await browser.visit(url.href));
  });

  it("is refused: the attacker's answer in the victim's browser, which has begun a sign-in of its own", async () => {
    const url = await stopAtCallback(new Browser(), connected, MALLORY);
    await stopAtCallback(browser, connected, VICTIM);
    await expectRefused(await browser.visit(url.href));
  });

  it('leaves the sign-in to the browser that began it', async () => {
    const attacker = new Browser();
    const url = await stopAtCallback(attacker, connected, MALLORY);
    await browser.visit(url.href);
    await attacker.visit(url.href);
    expect(await whoIs(server(), attacker)).toBeDefined();
  });
});

describe('code injection (RFC 9700 section 4.5)', () => {
  it("is refused: somebody else's code in a sign-in of one's own", async () => {
    const stolen = await stopAtCallback(new Browser(), connected, VICTIM);
    const own = await stopAtCallback(browser, connected, MALLORY);
    own.searchParams.set('code', stolen.searchParams.get('code')!);
    await expectRefused(await browser.visit(own.href));
  });

  it('is refused: no code, an empty one, or two', async () => {
    for (const change of [
      (url: URL) => url.searchParams.delete('code'),
      (url: URL) => url.searchParams.set('code', ''),
      (url: URL) => url.searchParams.append('code', 'another'),
    ]) {
      const url = await stopAtCallback(browser, connected, VICTIM);
      change(url);
      await expectRefused(await browser.visit(url.href));
    }
  });

  it('is refused: an ID token in the answer instead of a code', async () => {
    const url = await stopAtCallback(browser, connected, VICTIM);
    url.searchParams.set('id_token', await provider().sign({ sub: VICTIM.id }));
    await expectRefused(await browser.visit(url.href));
  });
});

describe('PKCE downgrade (RFC 9700 section 4.8.2)', () => {
  it('does not happen: a provider that claims not to know PKCE is asked with S256 all the same', async () => {
    const other = await startTestProvider({ people: PEOPLE });
    other.misbehave({
      discovery: ({ code_challenge_methods_supported: _methods, ...document }) => document,
    });
    const elsewhere = await connect(server(), other, organization);
    const page = await browser.visit(`${elsewhere.address}/login`, {
      stopBefore: (url) => url.startsWith(other.issuer),
    });
    expect(new URL(page.url).searchParams.get('code_challenge_method')).toBe('S256');
    await other.close();
  });

  it('helps nobody: a code asked for without the challenge is not accepted with the verifier', async () => {
    const choose = await browser.visit(`${connected.address}/login`, {
      stopBefore: (url) => url.startsWith(provider().issuer),
    });
    const request = new URL(choose.url);
    request.searchParams.set('code_challenge', 'B'.repeat(43));
    const page = await browser.visit(request.href);
    await expectRefused(await browser.submit(page, { person: VICTIM.id }));
  });
});

describe('mix-up of providers (RFC 9207, RFC 9700 section 4.4)', () => {
  it('is refused: the answer of one provider at the address of another connection', async () => {
    const other = await startTestProvider({ people: PEOPLE });
    const second = await connect(server(), other, organization);
    const url = await stopAtCallback(browser, connected, MALLORY);
    await browser.visit(`${second.address}/login`, { stopBefore: (next) => next.startsWith(other.issuer) });
    const moved = new URL(url.search, second.callback);
    await expectRefused(await browser.visit(moved.href));
    await other.close();
  });

  it("is refused: another provider's code in the answer to this one's request", async () => {
    const other = await startTestProvider({ people: PEOPLE });
    const second = await connect(server(), other, organization);
    const foreign = await stopAtCallback(new Browser(), second, VICTIM);
    const own = await stopAtCallback(browser, connected, MALLORY);
    own.searchParams.set('code', foreign.searchParams.get('code')!);
    await expectRefused(await browser.visit(own.href));
    await other.close();
  });

  it.each([
    ['another iss', (url: URL) => url.searchParams.set('iss', 'https://evil.example.com')],
    ['no iss, where the provider says that it sends one', (url: URL) => url.searchParams.delete('iss')],
    ['two iss', (url: URL) => url.searchParams.append('iss', 'https://evil.example.com')],
  ])('is refused: an answer with %s', async (_name, change) => {
    const url = await stopAtCallback(browser, connected, VICTIM);
    change(url);
    await expectRefused(await browser.visit(url.href));
  });

  it('is refused: an answer to a connection that was given another client meanwhile', async () => {
    const own = await connect(server(), provider(), organization);
    const url = await stopAtCallback(browser, own, VICTIM);
    const { connection } = own;
    if (connection.kind !== 'oidc') throw new Error('it is one of OpenID Connect');
    const settings = { ...connection.settings, clientId: 'another-client' };
    await server().services.ssoConnections.update(organization.context, connection.id, {
      protocol: { kind: 'oidc', settings, secrets: { clientSecret: own.clientSecret } },
    });
    await expectRefused(await browser.visit(url.href));
  });

  it('is refused: an answer at a connection of another organization with the same provider and client', async () => {
    const elsewhere = await server().organization();
    const second = await connect(server(), provider(), elsewhere);
    const url = await stopAtCallback(browser, connected, MALLORY);
    await expectRefused(await browser.visit(new URL(url.search, second.callback).href));
  });
});

describe('an ID token is refused (OpenID Connect Core 1.0 section 3.1.3.7)', () => {
  const now = (): number => Math.floor(Date.now() / 1_000);
  it.each<[string, Misbehaviour]>([
    ['of another issuer', { claims: (claims) => ({ ...claims, iss: 'https://evil.example.com' }) }],
    ['for another audience', { claims: (claims) => ({ ...claims, aud: 'somebody-else' }) }],
    [
      'for several audiences without azp',
      { claims: (claims) => ({ ...claims, aud: [String(claims.aud), 'other'] }) },
    ],
    ['authorized for another party', { claims: (claims) => ({ ...claims, azp: 'somebody-else' }) }],
    ['with the nonce of another sign-in', { claims: (claims) => ({ ...claims, nonce: 'another' }) }],
    ['without a nonce', { claims: ({ nonce: _nonce, ...claims }) => claims }],
    ['that has expired', { claims: (claims) => ({ ...claims, exp: now() - 61 }) }],
    ['without an expiry', { claims: ({ exp: _exp, ...claims }) => claims }],
    ['that is not valid yet', { claims: (claims) => ({ ...claims, nbf: now() + 120 }) }],
    ['without a subject', { claims: ({ sub: _sub, ...claims }) => claims }],
    ['with an empty subject', { claims: (claims) => ({ ...claims, sub: '' }) }],
    ['with a subject of 256 characters', { claims: (claims) => ({ ...claims, sub: 's'.repeat(256) }) }],
    ['without a signature (alg none)', { signature: 'none' }],
    ['signed by a key that the provider does not publish', { signature: 'unknown_key' }],
  ])('%s', async (_name, misbehaviour) => {
    provider().misbehave(misbehaviour);
    await expectRefused(await signIn(browser, connected, VICTIM));
  });

  it('signed by HMAC with the client secret, or with the public key as its secret', async () => {
    const jwks = await (await fetch(`${provider().issuer}/jwks`)).text();
    for (const hmac of [connected.clientSecret, jwks]) {
      provider().misbehave({ signature: { hmac } });
      await expectRefused(await signIn(new Browser(), connected, VICTIM));
    }
  });

  it('of the same person from another sign-in, which has another nonce', async () => {
    let kept: object | undefined;
    provider().misbehave({ claims: (claims) => (kept = claims) });
    await signIn(new Browser(), connected, VICTIM);
    provider().misbehave({ claims: () => ({ ...kept }) });
    await expectRefused(await signIn(browser, connected, MALLORY));
  });
});

describe('the userinfo endpoint (OpenID Connect Core 1.0 section 5.3.2)', () => {
  it('is refused when it speaks of somebody else', async () => {
    provider().misbehave({
      claims: ({ groups: _groups, ...claims }) => claims,
      userInfo: (claims) => ({ ...claims, sub: VICTIM.id }),
    });
    await expectRefused(await signIn(browser, connected, MALLORY));
  });
});

describe('open redirect', () => {
  it.each([
    'https://evil.example.com/',
    '//evil.example.com/',
    '/\\evil.example.com',
    '/\t/evil.example.com',
    'javascript:alert(1)',
    ' /x',
    'x',
  ])('to %p does not happen', async (returnTo) => {
    const page = await signIn(browser, connected, VICTIM, `?returnTo=${encodeURIComponent(returnTo)}`);
    expect(page.url).toBe(`${server().baseUrl}/account`);
  });
});

describe('taking over accounts (product decision)', () => {
  it("an unknown subject with somebody else's name and address gets neither the account nor another one", async () => {
    const userName = 'ceo@example.com';
    await organization.scim.post('/Users', { userName, emails: [{ value: userName, primary: true }] });
    provider().misbehave({
      claims: (claims) => ({ ...claims, preferred_username: userName, email: userName }),
    });
    await expectRefused(await signIn(browser, connected, STRANGER));
    expect(await accountsNamed(userName)).toBe(1);
  });

  it.each(['CEO2@EXAMPLE.COM', 'ｃｅｏ２@example.com'])(
    'nor with %p, which folds to the same name',
    async (lookalike) => {
      await organization.scim.post('/Users', { userName: 'ceo2@example.com' });
      provider().misbehave({
        claims: (claims) => ({ ...claims, preferred_username: lookalike, email: lookalike }),
      });
      await expectRefused(await signIn(browser, connected, STRANGER));
      expect(await accountsNamed('ceo2@example.com')).toBe(1);
    },
  );

  it("a subject that changes to somebody else's is refused, although name and address are the account's", async () => {
    const own = await connect(server(), provider(), organization, { domains: ['linked.example'] });
    const claims = {
      preferred_username: 'ada@linked.example',
      email: 'ada@linked.example',
      email_verified: true,
    };
    provider().misbehave({ claims: (token) => ({ ...token, ...claims }) });
    const first = new Browser();
    await signIn(first, own, VICTIM);
    expect(await whoIs(server(), first)).toBeDefined();
    await expectRefused(await signIn(browser, own, MALLORY));
  });

  it('an address outside the verified domains gets no account', async () => {
    const elsewhere = await server().organization();
    const own = await connect(server(), provider(), elsewhere, { domains: ['verified.example'] });
    await expectRefused(await signIn(browser, own, MALLORY));
  });

  it('an unverified address finds no account, not even in a verified domain', async () => {
    const own = await connect(server(), provider(), organization, { domains: ['unverified.example'] });
    const userName = 'boss@unverified.example';
    await organization.scim.post('/Users', { userName });
    const claims = { preferred_username: userName, email: userName, email_verified: false };
    provider().misbehave({ claims: (token) => ({ ...token, ...claims }) });
    await expectRefused(await signIn(browser, own, MALLORY));
    provider().misbehave({ claims: (token) => ({ ...token, ...claims, email_verified: true }) });
    await signIn(browser, own, MALLORY);
    expect(await whoIs(server(), browser)).toBeDefined();
  });

  it('a claim that the connection requires keeps out who has another value', async () => {
    const elsewhere = await server().organization();
    const own = await connect(server(), provider(), elsewhere, {
      settings: { requiredClaims: { hd: ['a.example'] } },
    });
    await expectRefused(await signIn(browser, own, MALLORY));
    provider().misbehave({ claims: (token) => ({ ...token, hd: 'a.example' }) });
    await signIn(browser, own, MALLORY);
    expect(await whoIs(server(), browser)).toBeDefined();
  });
});

describe('a person who is deactivated', () => {
  it('is refused, and stays so', async () => {
    const elsewhere = await server().organization();
    const own = await connect(server(), provider(), elsewhere);
    const before = new Browser();
    await signIn(before, own, VICTIM);
    const me = await whoIs(server(), before);
    await elsewhere.scim.patch(`/Users/${me?.userId}`, {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [{ op: 'replace', path: 'active', value: false }],
    });
    expect(await whoIs(server(), before)).toBeUndefined();
    await expectRefused(await signIn(browser, own, VICTIM));
    const { body } = await elsewhere.scim.get(`/Users/${me?.userId}`);
    expect(body.active).toBe(false);
  });
});

describe('the provider itself refuses', () => {
  it('and nobody is signed in: the person went back', async () => {
    const choose = await browser.visit(`${connected.address}/login`);
    await expectRefused(await browser.submit(choose, { person: '' }));
  });

  it('and its words are not shown', async () => {
    const url = await stopAtCallback(browser, connected, VICTIM);
    url.searchParams.delete('code');
    url.searchParams.set('error', '<script>alert(1)</script>');
    url.searchParams.set('error_description', '<script>alert(2)</script>');
    await expectRefused(await browser.visit(url.href));
  });
});

describe('an address that names no connection of OpenID Connect', () => {
  it.each(['login', 'test', 'callback?state=a&code=b'])('is 404 at %s', async (path) => {
    for (const id of ['nonsense', '01234567-89ab-7def-8123-456789abcdef'])
      expect((await browser.visit(`${server().baseUrl}/sso/oidc/${id}/${path}`)).status).toBe(404);
  });

  it('is refused when the connection is switched off', async () => {
    const own = await connect(server(), provider(), organization, { isEnabled: false });
    await expectRefused(await browser.visit(`${own.address}/login`));
  });

  it('is refused when the connection is switched off while the person signs in', async () => {
    const own = await connect(server(), provider(), organization);
    const url = await stopAtCallback(browser, own, VICTIM);
    await server().services.ssoConnections.update(organization.context, own.connection.id, {
      options: { isEnabled: false },
    });
    await expectRefused(await browser.visit(url.href));
  });
});
