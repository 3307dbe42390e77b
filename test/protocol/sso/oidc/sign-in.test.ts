import { beforeAll, describe, expect, it } from '@jest/globals';
import { Browser } from '../../../support/browser.js';
import { person, startTestProvider } from '../../../support/openid-provider.js';
import type { TestOrganization } from '../../../support/server.js';
import { connect, signIn, useWorld, whoIs, type Connected } from './support/world.js';

const ADA = person({
  id: 'ada',
  email: 'ada@example.com',
  userName: 'ada@example.com',
  groups: ['Research'],
});
const GRACE = person({ id: 'grace', name: 'Grace Hopper', email: 'grace@example.com' });
const PEOPLE = [ADA, GRACE];
const { server, provider } = useWorld(PEOPLE);
let organization: TestOrganization;
let connected: Connected;

beforeAll(async () => {
  organization = await server().organization();
  connected = await connect(server(), provider(), organization);
});

const userCount = async (): Promise<number> => {
  const { body } = await organization.scim.get('/Users?count=0');
  return Number(body.totalResults);
};

describe('a sign-in by OpenID Connect (Core 1.0 section 3.1)', () => {
  it('makes an account at the first time, with the default role, and a session', async () => {
    const browser = new Browser();
    const page = await signIn(browser, connected, ADA);
    expect(page.url).toBe(`${server().baseUrl}/account`);
    const me = await whoIs(server(), browser);
    expect(me).toMatchObject({ organizationId: organization.id, organizationRole: 'member' });
    const { body } = await organization.scim.get(`/Users/${me?.userId}`);
    expect(body).toMatchObject({
      userName: 'ada@example.com',
      displayName: 'Ada Lovelace',
      name: { givenName: 'Ada', familyName: 'Lovelace' },
      emails: [{ value: 'ada@example.com' }],
    });
  });

  it('comes to the same account again, whoever the person is called by then', async () => {
    const renamed = { ...GRACE };
    const [first, second] = [new Browser(), new Browser()];
    await signIn(first, connected, renamed);
    const before = await whoIs(server(), first);
    const count = await userCount();
    provider().misbehave({
      claims: (claims) => ({ ...claims, preferred_username: 'rear-admiral', email: 'hopper@example.com' }),
    });
    await signIn(second, connected, renamed);
    provider().misbehave({});
    expect((await whoIs(server(), second))?.userId).toBe(before?.userId);
    expect(await userCount()).toBe(count);
  });

  it('goes to the page that was asked for', async () => {
    const page = await signIn(new Browser(), connected, ADA, '?returnTo=%2Freadyz%3Fa%3Db%26c');
    expect(page.url).toBe(`${server().baseUrl}/readyz?a=b&c`);
  });

  it('asks with state, nonce, PKCE and a redirect address of this connection alone', async () => {
    const stopBefore = (url: string): boolean => url.startsWith(provider().issuer);
    const page = await new Browser().visit(`${connected.address}/login?login_hint=ada%40example.com`, {
      stopBefore,
    });
    const query = new URL(page.url).searchParams;
    expect(Object.fromEntries(query)).toMatchObject({
      response_type: 'code',
      response_mode: 'query',
      client_id: connected.clientId,
      redirect_uri: connected.callback,
      scope: 'openid profile email groups',
      code_challenge_method: 'S256',
      login_hint: 'ada@example.com',
    });
    for (const name of ['state', 'nonce', 'code_challenge']) expect(query.get(name)).toMatch(/^[\w-]{43}$/);
  });

  it('never uses the same state, nonce or code challenge again', async () => {
    const stopBefore = (url: string): boolean => url.startsWith(provider().issuer);
    const browser = new Browser();
    const [first, second] = [
      await browser.visit(`${connected.address}/login`, { stopBefore }),
      await browser.visit(`${connected.address}/login`, { stopBefore }),
    ];
    for (const name of ['state', 'nonce', 'code_challenge'])
      expect(new URL(first.url).searchParams.get(name)).not.toBe(new URL(second.url).searchParams.get(name));
  });

  it('ends in a cookie that scripts and other sites do not get, and ends the session that was there', async () => {
    const browser = new Browser();
    await signIn(browser, connected, ADA);
    const first = browser.cookie(server().baseUrl, 'rollcall')!;
    const choose = await browser.visit(`${connected.address}/login`);
    expect(choose.url).toBe(`${server().baseUrl}/account`);
    const second = browser.cookie(server().baseUrl, 'rollcall')!;
    expect(second).not.toBe(first);
    expect(await server().services.sessions.verify(first)).toBeUndefined();
    expect(await server().services.sessions.verify(second)).toBeDefined();
  });

  it('works in two tabs at once', async () => {
    const browser = new Browser();
    const [first, second] = [
      await browser.visit(`${connected.address}/login`),
      await browser.visit(`${connected.address}/login`),
    ];
    expect((await browser.submit(second, { person: ADA.id })).url).toBe(`${server().baseUrl}/account`);
    expect((await browser.submit(first, { person: ADA.id })).url).toBe(`${server().baseUrl}/account`);
  });

  it('takes the newest key when the provider has changed it, without a restart', async () => {
    await provider().rotateKey();
    const browser = new Browser();
    await signIn(browser, connected, ADA);
    expect(await whoIs(server(), browser)).toBeDefined();
  });
});

describe('a provider with thin ID tokens', () => {
  it('is asked at its userinfo endpoint for what the token leaves out', async () => {
    provider().misbehave({
      claims: ({ email: _email, name: _name, preferred_username: _user, groups: _groups, ...claims }) =>
        claims,
    });
    const elsewhere = await server().organization();
    const browser = new Browser();
    await signIn(browser, await connect(server(), provider(), elsewhere), ADA);
    provider().misbehave({});
    const me = await whoIs(server(), browser);
    const { body } = await elsewhere.scim.get(`/Users/${me?.userId}`);
    expect(body).toMatchObject({ userName: 'ada@example.com', displayName: 'Ada Lovelace' });
  });

  it('lets the token win where both speak', async () => {
    provider().misbehave({
      claims: ({ groups: _groups, ...claims }) => claims,
      userInfo: (claims) => ({ ...claims, preferred_username: 'root-admin@example.com', name: 'Root' }),
    });
    const elsewhere = await server().organization();
    const browser = new Browser();
    await signIn(browser, await connect(server(), provider(), elsewhere), ADA);
    provider().misbehave({});
    const me = await whoIs(server(), browser);
    const { body } = await elsewhere.scim.get(`/Users/${me?.userId}`);
    expect(body.userName).toBe('ada@example.com');
  });

  it('does not keep anybody out when only its userinfo endpoint is down', async () => {
    provider().misbehave({
      claims: ({ groups: _groups, ...claims }) => claims,
      outage: { paths: ['/me'], status: 500 },
    });
    const browser = new Browser();
    await signIn(browser, connected, ADA);
    provider().misbehave({});
    expect(await whoIs(server(), browser)).toBeDefined();
  });
});

describe('a client', () => {
  it('proves itself by HTTP Basic where the provider takes nothing else', async () => {
    const other = await startTestProvider({ people: PEOPLE });
    other.misbehave({
      discovery: (document) => ({
        ...document,
        token_endpoint_auth_methods_supported: ['client_secret_basic'],
      }),
    });
    const elsewhere = await server().organization();
    const own = await connect(server(), other, elsewhere, {
      clientSecret: 'a secret: with %20 & signs',
    });
    await other.setClient({
      client_id: own.clientId,
      client_secret: own.clientSecret,
      redirect_uris: [own.callback],
      token_endpoint_auth_method: 'client_secret_basic',
    });
    const browser = new Browser();
    await signIn(browser, own, ADA);
    expect(await whoIs(server(), browser)).toBeDefined();
    await other.close();
  });
});
