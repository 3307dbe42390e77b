import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { connect, stopAtCallback, type Connected } from '../protocol/sso/oidc/support/world.js';
import { Browser, type Page } from '../support/browser.js';
import { person, startTestProvider, type TestProvider } from '../support/openid-provider.js';
import { describeOnPostgres } from '../support/real-postgres.js';
import type { TestServer } from '../support/server.js';
import { range, repeat, useReplicas } from './support/replicas.js';

/** Where browsers find the load balancer; the tests go to the replicas themselves. */
const PUBLIC_URL = 'http://127.0.0.1:9';
const ADA = person({ id: 'ada', email: 'ada@example.com' });

describeOnPostgres('sign-ins by OpenID Connect on two replicas', () => {
  const replicas = useReplicas({ PUBLIC_URL });
  let provider: TestProvider;

  beforeAll(async () => {
    provider = await startTestProvider({ people: [ADA] });
  });
  afterAll(() => provider.close());

  const replica = (index: number): TestServer => replicas().servers[index % 2 === 0 ? 0 : 1];
  const at = (index: number, url: URL): string => `${replica(index).baseUrl}${url.pathname}${url.search}`;

  /** An answer of the provider that waits to be brought to a replica. */
  async function begin(
    index: number,
    connected: Connected,
  ): Promise<{ readonly browser: Browser; readonly url: URL }> {
    const browser = new Browser();
    const { pathname } = new URL(connected.address);
    const begun = { ...connected, address: replica(index).baseUrl + pathname };
    return { browser, url: await stopAtCallback(browser, begun, ADA) };
  }

  const isSignedIn = async (browser: Browser): Promise<boolean> =>
    (await browser.visit(`${replica(0).baseUrl}/api/v1/me`)).status === 200;

  async function connectHere() {
    const organization = await replicas().organization();
    const server = { ...replicas().servers[0], baseUrl: PUBLIC_URL };
    return { organization, connected: await connect(server, provider, organization) };
  }

  it('one that began at one replica ends at the other: nothing of it lives in a process', async () => {
    const { connected } = await connectHere();
    const { browser, url } = await begin(0, connected);
    expect((await browser.visit(at(1, url))).status).toBe(200);
    expect(await isSignedIn(browser)).toBe(true);
  });

  it('one answer brought to both replicas at once signs in once', async () => {
    await repeat(5, async () => {
      const { connected } = await connectHere();
      const { browser, url } = await begin(0, connected);
      const pages = await Promise.all(range(6).map((index) => browser.visit(at(index, url))));
      expect(pages.map(({ status }: Page) => status).sort()).toEqual([200, 403, 403, 403, 403, 403]);
    });
  });

  it('first sign-ins of one person in several browsers at once make one account', async () => {
    await repeat(5, async () => {
      const { organization, connected } = await connectHere();
      const begun = await Promise.all(range(6).map((index) => begin(index, connected)));
      await Promise.all(begun.map(({ browser, url }, index) => browser.visit(at(index, url))));
      for (const { browser } of begun) expect(await isSignedIn(browser)).toBe(true);
      const { body } = await organization.scim.get('/Users?filter=userName%20eq%20%22ada%40example.com%22');
      expect(body.totalResults).toBe(1);
    });
  });

  it('one that meets a deactivation leaves no session behind', async () => {
    await repeat(5, async () => {
      const { organization, connected } = await connectHere();
      const first = await begin(0, connected);
      await first.browser.visit(at(0, first.url));
      const { body } = await organization.scim.get('/Users?filter=userName%20eq%20%22ada%40example.com%22');
      const begun = await Promise.all(range(4).map((index) => begin(index, connected)));
      await Promise.all([
        ...begun.map(({ browser, url }, index) => browser.visit(at(index, url))),
        organization.scim.operations(`/Users/${body.Resources[0].id}`, {
          op: 'replace',
          path: 'active',
          value: false,
        }),
      ]);
      for (const { browser } of [...begun, first]) expect(await isSignedIn(browser)).toBe(false);
    });
  });
});
