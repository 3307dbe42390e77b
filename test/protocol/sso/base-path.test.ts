import { request as forward } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listen, type RunningServer } from '../../../src/http/index.js';
import { PageBrowser } from '../../support/page-browser.js';
import { person, startTestProvider, type TestProvider } from '../../support/openid-provider.js';
import { startServer } from '../../support/server.js';
import { Browser } from '../../support/browser.js';
import { connect, signIn } from './oidc/support/world.js';
import { createSignInWorld, PASSWORD, type SignInWorld } from './support/sign-in-world.js';

const PREFIX = '/identity';
const ADA = person({ email: 'ada@based.example' });

let proxy: RunningServer;
let provider: TestProvider;
let world: SignInWorld;
/** PUBLIC_URL: the server behind a proxy that takes the prefix away. */
let publicUrl: string;

beforeAll(async () => {
  let target = '';
  proxy = await listen(
    (request, response) => {
      const { url = '', method, headers } = request;
      if (!url.startsWith(`${PREFIX}/`)) return response.writeHead(404).end(`outside: ${url}`);
      const path = target + url.slice(PREFIX.length);
      return request.pipe(
        forward(path, { method, headers }, (answer) => {
          response.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(response);
        }),
      );
    },
    { host: '127.0.0.1', port: 0 },
  );
  publicUrl = `http://127.0.0.1:${proxy.port}${PREFIX}`;
  provider = await startTestProvider({ people: [ADA] });
  const server = await startServer({ env: { PUBLIC_URL: publicUrl } });
  target = server.baseUrl;
  world = await createSignInWorld({ ...server, baseUrl: publicUrl });
});
afterAll(async () => {
  await world.server.close();
  await provider.close();
  await proxy.close(0);
});

/** Where somebody wants to go, and where they come out. */
const LANDINGS = [
  [undefined, `${PREFIX}/account`],
  [`${PREFIX}/account?notice=ended`, `${PREFIX}/account?notice=ended`],
  ['//evil.example', `${PREFIX}/account`],
  ['/\\evil.example', `${PREFIX}/account`],
  ['https://evil.example', `${PREFIX}/account`],
] as const;
const queryOf = (returnTo: string | undefined): string =>
  returnTo === undefined ? '' : `?${new URLSearchParams({ returnTo }).toString()}`;

describe('below a path of PUBLIC_URL, signing in leads to the same places whatever the way (CWE-601)', () => {
  it.each(LANDINGS)('with a password, to %s: %s', async (returnTo, expected) => {
    const { email } = await world.admin();
    const browser = new PageBrowser(publicUrl);
    await browser.open(`${PREFIX}/login${queryOf(returnTo)}`);
    await browser.submit(`${PREFIX}/login`, { email });
    const { url } = await browser.submit(`${PREFIX}/login/password`, { email, password: PASSWORD });
    expect(url.href).toBe(new URL(expected, publicUrl).href);
  });

  it.each(LANDINGS)('by OpenID Connect, to %s: %s', async (returnTo, expected) => {
    const organization = await world.server.organization();
    const connected = await connect(world.server, provider, organization);
    const { url } = await signIn(new Browser(), connected, ADA, queryOf(returnTo));
    expect(url).toBe(new URL(expected, publicUrl).href);
  });

  it('who has to sign in first comes back', async () => {
    const { email } = await world.admin();
    const browser = new PageBrowser(publicUrl);
    expect((await browser.open(`${PREFIX}/account`)).url.pathname).toBe(`${PREFIX}/login`);
    await browser.submit(`${PREFIX}/login`, { email });
    const { url } = await browser.submit(`${PREFIX}/login/password`, { email, password: PASSWORD });
    expect(url.pathname).toBe(`${PREFIX}/account`);
    await browser.submit(`${PREFIX}/logout`);
    expect(browser.page.url.pathname).toBe(`${PREFIX}/login`);
  });

  it('links to new passwords are below it', async () => {
    const { email } = await world.admin();
    const { link = '' } = await world.server.services.passwordResets.issueByName(
      world.organization.context,
      email,
      { sendEmail: false },
    );
    expect(link).toMatch(`${publicUrl}/login/reset/`);
    const browser = new PageBrowser(publicUrl);
    await browser.open(new URL(link).pathname);
    const password = 'a new and long password';
    const { url } = await browser.submit('', { password, passwordAgain: password });
    expect(url.pathname).toBe(`${PREFIX}/login/password`);
  });
});
