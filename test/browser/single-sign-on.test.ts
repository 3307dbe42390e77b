import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { connect as connectOidc } from '../protocol/sso/oidc/support/world.js';
import { connect as connectSaml, useWorld as useSamlWorld } from '../protocol/sso/saml/support/world.js';
import { person, startTestProvider, type TestProvider } from '../support/openid-provider.js';
import { idpPerson } from '../support/saml/saml-identity-provider.js';
import { createUser } from '../conformance/rfc/support/resources.js';
import { describeInBrowser, picture, useBrowser } from './support/browser.js';

/** Enters an address on the page of sign-in, and goes where it leads. */
async function beginAt(page: Page, origin: string, email: string, returnTo = ''): Promise<void> {
  await page.goto(`${origin}/login${returnTo}`);
  await page.getByLabel('Work e-mail address').fill(email);
  await page.getByRole('button', { name: 'Continue' }).click();
}

const cookieOf = async (page: Page): Promise<string | undefined> =>
  (await page.context().cookies()).find(({ name }) => name === 'rollcall')?.value;

/** Violations of content policies that the browser reports. */
function watchPolicies(page: Page): readonly string[] {
  const violations: string[] = [];
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) violations.push(message.text());
  });
  return violations;
}

const GRACE = person({ email: 'grace@oidc.example', name: 'Grace Hopper' });

describeInBrowser('single sign-on in a browser (product decision)', () => {
  const world = useSamlWorld({ env: { DISABLE_SSO_PROVISIONING: 'true' } });
  const openPage = useBrowser();
  let provider: TestProvider | undefined;
  beforeAll(async () => {
    provider = await startTestProvider({ people: [GRACE] });
  });
  afterAll(() => provider?.close());

  it('by SAML goes from the e-mail address to the identity provider and back, and out of both', async () => {
    const { server, idp } = world;
    const organization = await server().organization();
    const connected = await connectSaml(world, organization, { domains: ['saml.example'] });
    await createUser(organization.scim, { userName: 'grace@saml.example' });
    idp().signedIn = idpPerson('grace', {
      nameId: 'grace@saml.example',
      attributes: { email: 'grace@saml.example' },
    });
    const page = await openPage();
    const violations = watchPolicies(page);
    await beginAt(page, server().baseUrl, 'grace@saml.example');
    await page.waitForURL('**/account');
    await picture(page, 'saml-account');
    expect(await page.getByText('grace@saml.example').first().isVisible()).toBe(true);
    expect(await page.getByText('at the identity provider (SAML)').isVisible()).toBe(true);
    const secret = await cookieOf(page);
    expect(await server().services.sessions.verify(secret ?? '')).toMatchObject({
      organizationId: organization.id,
    });

    await page.getByRole('button', { name: 'Sign out' }).first().click();
    await page.waitForURL('**/login**');
    expect(await server().services.sessions.verify(secret ?? '')).toBeUndefined();
    expect(await cookieOf(page)).toBeUndefined();
    expect(
      idp().participants.filter(({ serviceProviderId }) =>
        serviceProviderId.includes(connected.connection.id),
      ),
    ).toEqual([]);
    expect(violations).toEqual([]);
    await page.context().close();
  });

  it('shows who has no account what to ask for, where accounts are not made at sign-in', async () => {
    const { server, idp } = world;
    const organization = await server().organization();
    await connectSaml(world, organization, { domains: ['refused.example'] });
    idp().signedIn = idpPerson('new', {
      nameId: 'new@refused.example',
      attributes: { email: 'new@refused.example' },
    });
    const page = await openPage();
    const answered = page.waitForResponse((response) => response.url().endsWith('/acs'));
    await beginAt(page, server().baseUrl, 'new@refused.example');
    expect((await answered).status()).toBe(403);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await picture(page, 'saml-refused');
    expect(await page.locator('main').innerText()).toMatch(/ask|invite/i);
    expect(await page.locator('main').innerText()).toContain('Reference ');
    expect(await cookieOf(page)).toBeUndefined();
    await page.context().close();
  });

  it('by OpenID Connect goes from the e-mail address to the provider, back to where the person wanted to go, and out of both', async () => {
    const server = world.server();
    const organization = await server.organization();
    if (!provider) throw new Error('the provider has not started');
    await createUser(organization.scim, { userName: GRACE.email, displayName: 'Grace Hopper' });
    await connectOidc(server, provider, organization, { domains: ['oidc.example'] });
    const page = await openPage();
    const violations = watchPolicies(page);
    await beginAt(page, server.baseUrl, GRACE.email, '?returnTo=%2Fguides%2Fokta');
    await page.getByRole('button', { name: 'Grace Hopper' }).click();
    await page.waitForURL('**/guides/okta');
    const secret = await cookieOf(page);
    expect(await server.services.sessions.verify(secret ?? '')).toMatchObject({
      organizationId: organization.id,
    });
    await page.goto(`${server.baseUrl}/account`);
    await picture(page, 'oidc-account');
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Grace Hopper');

    await page.getByRole('button', { name: 'Sign out' }).first().click();
    await page.getByRole('button', { name: 'Sign out everywhere' }).click();
    await page.waitForURL('**/login**');
    expect(await server.services.sessions.verify(secret ?? '')).toBeUndefined();
    expect(violations).toEqual([]);
    await page.context().close();
  });
});
