import { afterEach, describe, expect, it } from '@jest/globals';
import { Browser } from '../../../support/browser.js';
import { testClock } from '../../../support/clock.js';
import { person, startTestProvider } from '../../../support/openid-provider.js';
import { connect, signIn, useWorld, whoIs } from './support/world.js';

const ADA = person({ id: 'ada' });
const clock = testClock();
const { server, provider } = useWorld([ADA], { clock });
const DISCOVERY = '/.well-known/openid-configuration';
afterEach(() => {
  provider().misbehave({});
});

const countOf = (path: string): number => provider().requests.filter((asked) => asked === path).length;

describe('a provider that cannot be used', () => {
  it.each([
    ['is down', 503],
    ['answers with a page', 404],
    ['redirects', 302],
  ])('%s: the person is told to try again, and nothing else', async (_name, status) => {
    const other = await startTestProvider({ people: [ADA] });
    other.misbehave({ outage: { paths: [DISCOVERY], status } });
    const connected = await connect(server(), other, await server().organization());
    const page = await new Browser().visit(`${connected.address}/login`);
    expect(page.status).toBe(403);
    expect(page.text).toContain('You could not be signed in');
    expect(page.text).not.toContain(other.issuer);
    await other.close();
    expect((await new Browser().visit(`${connected.address}/login`)).status).toBe(403);
  });

  it.each(['/token', '/jwks'])('fails at %s: nobody is signed in, and later everybody is', async (path) => {
    const other = await startTestProvider({ people: [ADA] });
    const connected = await connect(server(), other, await server().organization());
    other.misbehave({ outage: { paths: [path], status: 500 } });
    const browser = new Browser();
    expect((await signIn(browser, connected, ADA)).status).toBe(403);
    expect(await whoIs(server(), browser)).toBeUndefined();
    other.misbehave({});
    await signIn(browser, connected, ADA);
    expect(await whoIs(server(), browser)).toBeDefined();
    await other.close();
  });

  it('has another client secret: nobody is signed in', async () => {
    const connected = await connect(server(), provider(), await server().organization());
    await provider().setClient({
      client_id: connected.clientId,
      client_secret: 'another secret',
      redirect_uris: [connected.callback],
      token_endpoint_auth_method: 'client_secret_post',
    });
    const browser = new Browser();
    expect((await signIn(browser, connected, ADA)).status).toBe(403);
    expect(await whoIs(server(), browser)).toBeUndefined();
  });
});

// Last, because the clock here runs ahead of the provider's.
describe('the discovery document', () => {
  it('is fetched once for many sign-ins, and again after a while', async () => {
    const connected = await connect(server(), provider(), await server().organization());
    await signIn(new Browser(), connected, ADA);
    const before = countOf(DISCOVERY);
    await Promise.all([1, 2, 3].map(() => signIn(new Browser(), connected, ADA)));
    expect(countOf(DISCOVERY)).toBe(before);
    clock.advance(16 * 60_000);
    await signIn(new Browser(), connected, ADA);
    expect(countOf(DISCOVERY)).toBe(before + 1);
  });

  it('is used on while the provider does not serve it, for a day', async () => {
    const connected = await connect(server(), provider(), await server().organization());
    await signIn(new Browser(), connected, ADA);
    provider().misbehave({ outage: { paths: [DISCOVERY], status: 503 } });
    clock.advance(23 * 3_600_000);
    const browser = new Browser();
    const begin = await browser.visit(`${connected.address}/login`);
    expect(begin.text).toContain('Who are you?');
    clock.advance(2 * 3_600_000);
    expect((await new Browser().visit(`${connected.address}/login`)).status).toBe(403);
  });

  it('of another issuer is never used, also not as a newer one', async () => {
    const connected = await connect(server(), provider(), await server().organization());
    provider().misbehave({ discovery: (document) => ({ ...document, issuer: 'https://evil.example.com' }) });
    clock.advance(16 * 60_000);
    expect((await new Browser().visit(`${connected.address}/login`)).status).toBe(403);
  });
});
