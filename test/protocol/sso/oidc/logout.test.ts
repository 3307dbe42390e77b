import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { decodeJwt, type JWTPayload } from 'jose';
import { sql } from 'kysely';
import { Browser, type Page, type Visit } from '../../../support/browser.js';
import { testClock } from '../../../support/clock.js';
import {
  person,
  startTestProvider,
  type Misbehaviour,
  type SignOptions,
} from '../../../support/openid-provider.js';
import { startServer, type TestOrganization } from '../../../support/server.js';
import { connect, signIn, useWorld, whoIs, type Connected } from './support/world.js';

const ADA = person({ id: 'ada' });
const GRACE = person({ id: 'grace' });
const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
const { server, provider } = useWorld([ADA, GRACE]);
let organization: TestOrganization;
let connected: Connected;

beforeAll(async () => {
  organization = await server().organization();
  connected = await connect(server(), provider(), organization);
});
afterEach(() => {
  provider().misbehave({});
});

const seconds = (): number => Math.floor(Date.now() / 1_000);

const logoutClaims = (more: Record<string, unknown> = {}): JWTPayload => ({
  iss: provider().issuer,
  aud: connected.clientId,
  iat: seconds(),
  exp: seconds() + 120,
  jti: randomUUID(),
  sub: ADA.id,
  events: { [EVENT]: {} },
  ...more,
});

async function send(token: string, { address } = connected): Promise<Response> {
  return fetch(`${address}/backchannel-logout`, {
    method: 'POST',
    body: new URLSearchParams({ logout_token: token }),
  });
}

async function signedIn(who = ADA, where = connected): Promise<Browser> {
  const browser = new Browser();
  await signIn(browser, where, who);
  expect(await whoIs(server(), browser)).toBeDefined();
  return browser;
}

const isSignedIn = async (browser: Browser): Promise<boolean> =>
  (await whoIs(server(), browser)) !== undefined;

describe('back-channel logout (OpenID Connect Back-Channel Logout 1.0)', () => {
  it('by the provider itself, when the person signs out there, ends the session of that browser only', async () => {
    const [here, elsewhere] = [await signedIn(), await signedIn()];
    const page = await here.visit(`${provider().issuer}/session/end?client_id=${connected.clientId}`);
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(page.text)?.[1];
    await here.visit(`${provider().issuer}/session/end/confirm`, {
      form: { xsrf: xsrf ?? '', logout: 'yes' },
    });
    expect(await isSignedIn(here)).toBe(false);
    expect(await isSignedIn(elsewhere)).toBe(true);
  });

  it('for a subject ends all sessions that were opened there, and nobody else’s', async () => {
    const [first, second, other] = [await signedIn(), await signedIn(), await signedIn(GRACE)];
    const response = await send(await provider().sign(logoutClaims(), { type: 'logout+jwt' }));
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect([await isSignedIn(first), await isSignedIn(second)]).toEqual([false, false]);
    expect(await isSignedIn(other)).toBe(true);
  });

  it('is 200 as well when there is no session left', async () => {
    const claims = logoutClaims({ sub: 'somebody who never came' });
    expect((await send(await provider().sign(claims, { type: 'logout+jwt' }))).status).toBe(200);
  });

  it('is taken without typ, as older providers send it', async () => {
    const browser = await signedIn();
    expect((await send(await provider().sign(logoutClaims()))).status).toBe(200);
    expect(await isSignedIn(browser)).toBe(false);
  });

  it.each<[string, Record<string, unknown>, SignOptions]>([
    ['of another issuer', { iss: 'https://evil.example.com' }, {}],
    ['for another client', { aud: 'somebody-else' }, {}],
    ['made an hour ago', { iat: seconds() - 3_600 }, {}],
    ['that has expired', { exp: seconds() - 61 }, {}],
    ['of the future', { iat: seconds() + 600 }, {}],
    ['without jti', { jti: undefined }, {}],
    ['without iat', { iat: undefined }, {}],
    ['without events', { events: undefined }, {}],
    ['with another event', { events: { 'http://example.com/other': {} } }, {}],
    ['with an event that is no object', { events: { [EVENT]: true } }, {}],
    ['with a nonce, as an ID token has', { nonce: 'n' }, {}],
    ['that names neither subject nor session', { sub: undefined }, {}],
    ['with a subject that is no text', { sub: 7 }, {}],
    ['with an empty sid', { sid: '' }, {}],
    ['of another type', {}, { type: 'at+jwt' }],
  ])('is refused for a token %s', async (_name, claims, options) => {
    const browser = await signedIn();
    const token = await provider().sign(logoutClaims(claims), { type: 'logout+jwt', ...options });
    const response = await send(token);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: 'invalid_request' });
    expect(await isSignedIn(browser)).toBe(true);
  });

  it('is refused for an unsigned token, and for one by HMAC with the client secret', async () => {
    const browser = await signedIn();
    const [, payload] = (await provider().sign(logoutClaims())).split('.');
    const header = Buffer.from('{"alg":"none"}').toString('base64url');
    expect((await send(`${header}.${payload}.`)).status).toBe(400);
    const key = new TextEncoder().encode(connected.clientSecret);
    const hmac = await provider().sign(logoutClaims(), { algorithm: 'HS256', key, type: 'logout+jwt' });
    expect((await send(hmac)).status).toBe(400);
    expect(await isSignedIn(browser)).toBe(true);
  });

  it('is refused the second time for the same token', async () => {
    const token = await provider().sign(logoutClaims(), { type: 'logout+jwt' });
    expect((await send(token)).status).toBe(200);
    const browser = await signedIn();
    expect((await send(token)).status).toBe(400);
    expect(await isSignedIn(browser)).toBe(true);
  });

  it('is refused at another connection, and at one of another organization with the same client', async () => {
    const elsewhere = await connect(server(), provider(), await server().organization());
    const browser = await signedIn();
    const token = await provider().sign(logoutClaims(), { type: 'logout+jwt' });
    expect((await send(token, elsewhere)).status).toBe(400);
    expect(await isSignedIn(browser)).toBe(true);
  });

  it.each([
    ['no form', { body: '{}', headers: { 'content-type': 'application/json' } }, 415],
    ['no token', { body: new URLSearchParams({}) }, 400],
    [
      'two tokens',
      {
        body: new URLSearchParams([
          ['logout_token', 'a'],
          ['logout_token', 'b'],
        ]),
      },
      400,
    ],
    ['nonsense', { body: new URLSearchParams({ logout_token: 'nonsense' }) }, 400],
    ['far too much', { body: new URLSearchParams({ logout_token: 'a'.repeat(100_000) }) }, 413],
  ])('is refused with %s', async (_name, init, status) => {
    const response = await fetch(`${connected.address}/backchannel-logout`, { method: 'POST', ...init });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: 'invalid_request' });
  });

  it('is 404 where there is no such connection', async () => {
    const address = `${server().baseUrl}/sso/oidc/${randomUUID()}`;
    expect((await send('a', { ...connected, address })).status).toBe(404);
  });
});

describe('signing out here (OpenID Connect RP-Initiated Logout 1.0)', () => {
  /** Presses the button on /logout, and follows from there. */
  async function signOut(browser: Browser, visit: Visit = {}): Promise<Page> {
    const page = await browser.visit(`${server().baseUrl}/logout`);
    const formToken = /name="formToken" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
    return browser.submit(page, { formToken }, visit);
  }

  it('signs out at the provider as well, and comes back to the sign-in page', async () => {
    const browser = await signedIn();
    const there = await signOut(browser);
    const query = new URL(there.url).searchParams;
    expect(there.url.startsWith(`${provider().issuer}/session/end`)).toBe(true);
    expect(query.get('post_logout_redirect_uri')).toBe(`${server().baseUrl}/login`);
    expect(query.get('client_id')).toBe(connected.clientId);
    expect(decodeJwt(query.get('id_token_hint') ?? '')).toMatchObject({ sub: ADA.id });
    expect(await isSignedIn(browser)).toBe(false);

    const xsrf = /name="xsrf" value="([^"]+)"/.exec(there.text)?.[1] ?? '';
    const back = await browser.visit(`${provider().issuer}/session/end/confirm`, {
      form: { xsrf, logout: 'yes' },
    });
    expect(back.url).toBe(`${server().baseUrl}/login`);
    expect((await browser.visit(`${connected.address}/login`)).text).toContain('Who are you?');
  });

  it('keeps the ID token encrypted until then', async () => {
    const browser = await signedIn();
    const { rows } = await sql<Record<string, string>>`
      select sso_logout_hint as hint from sessions where sso_connection_id = ${connected.connection.id}::uuid`.execute(
      server().database.connection.db,
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const { hint } of rows) expect(hint).toMatch(/^[\w-]+$/);
    await signOut(browser);
  });

  it.each<[string, Misbehaviour]>([
    ['has no address for it', { discovery: ({ end_session_endpoint: _endpoint, ...document }) => document }],
    ['cannot be asked', { outage: { paths: ['/.well-known/openid-configuration'], status: 500 } }],
  ])('ends the session here when the provider %s', async (_name, misbehaviour) => {
    const clock = testClock();
    const other = await startTestProvider({ people: [ADA] });
    const replica = await startServer({ clock, database: server().database });
    const elsewhere = await connect(replica, other, await replica.organization());
    const browser = new Browser();
    await signIn(browser, elsewhere, ADA);
    other.misbehave(misbehaviour);
    clock.advance(25 * 3_600_000);
    const page = await browser.visit(`${replica.baseUrl}/logout`);
    const formToken = /name="formToken" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
    const after = await browser.submit(page, { formToken });
    expect(after.url).toBe(`${replica.baseUrl}/login?notice=signed-out`);
    expect(await whoIs(replica, browser)).toBeUndefined();
    await replica.close();
    await other.close();
  });

  it('goes nowhere else for who signed in with a password', async () => {
    const browser = new Browser();
    const { secret } = await server().services.sessions.open(organization.context, organization.adminId, {
      origin: { method: 'password' },
      userAgent: undefined,
      replaces: undefined,
    });
    browser.setCookie(server().baseUrl, 'rollcall', secret);
    expect((await signOut(browser)).url).toBe(`${server().baseUrl}/login?notice=signed-out`);
  });
});
