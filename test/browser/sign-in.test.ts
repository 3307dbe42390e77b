import { expect, it } from '@jest/globals';
import { connectDomain } from '../protocol/sso/support/verified-domain.js';
import { PASSWORD, useSignInWorld } from '../protocol/sso/support/sign-in-world.js';
import { describeInBrowser, picture, useBrowser } from './support/browser.js';

describeInBrowser('signing in and out in a browser (product decision)', () => {
  const world = useSignInWorld();
  const openPage = useBrowser();
  const at = (path: string): string => world().server.baseUrl + path;

  it('goes from the e-mail address to the own account, and out again', async () => {
    const { email } = await world().admin();
    const page = await openPage();
    await page.goto(at('/account'));
    expect(new URL(page.url()).pathname).toBe('/login');
    await picture(page, 'login');
    await page.getByLabel('Work e-mail address').fill(email);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByLabel('Password').fill(PASSWORD);
    await picture(page, 'password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL('**/account');
    await picture(page, 'account');
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(email);
    const [cookie] = (await page.context().cookies()).filter(({ name }) => name === 'rollcall');
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });

    await page.getByRole('button', { name: 'Sign out' }).first().click();
    await page.waitForURL('**/login?notice=signed-out');
    expect(await page.getByRole('status').textContent()).toBe('You are signed out.');
    await picture(page, 'signed-out');
    await page.goto(at('/account'));
    expect(new URL(page.url()).pathname).toBe('/login');
    await page.context().close();
  });

  it('says that a password is wrong, where a screen reader hears it, and keeps the address', async () => {
    const { email } = await world().admin();
    const page = await openPage();
    await page.goto(at('/login/password'));
    await page.getByLabel('E-mail address or user name').fill(email);
    await page.getByLabel('Password').fill('not the password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    expect(await page.getByRole('alert').textContent()).toContain('is wrong');
    expect(await page.getByLabel('E-mail address or user name').inputValue()).toBe(email);
    expect(await page.getByLabel('Password').inputValue()).toBe('');
    expect(await page.getByLabel('Password').getAttribute('aria-invalid')).toBe('true');
    expect(await page.title()).toMatch(/^Error: /);
    await picture(page, 'wrong-password');
    await page.context().close();
  });

  it('takes nothing but a keyboard', async () => {
    const { email } = await world().admin();
    const page = await openPage();
    await page.goto(at('/login'));
    // What is typed before the field has the focus is lost, as it is to a person.
    await page.getByLabel('Work e-mail address').and(page.locator(':focus')).waitFor();
    await page.keyboard.type(email);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/login');
    await page.getByLabel('Password').and(page.locator(':focus')).waitFor();
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/account');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent.trim()')).toBe('Sign out');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/login?notice=signed-out');
    await page.context().close();
  });

  it('leaves the content policy unbroken on the way to an identity provider', async () => {
    const { server, organization } = world();
    await connectDomain(server, organization, 'browser.example.com', { kind: 'saml' });
    const page = await openPage();
    const violations: string[] = [];
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) violations.push(message.text());
    });
    await page.goto(at('/login'));
    await page.getByLabel('Work e-mail address').fill('ada@browser.example.com');
    // Nobody is there: that the browser sets out is enough.
    const leaving = page.waitForRequest((request) => request.url().startsWith('https://idp.example.com/'));
    await page.getByRole('button', { name: 'Continue' }).click();
    await leaving;
    expect(violations).toEqual([]);
    await page.context().close();
  });

  it('changes the password and ends another browser’s session', async () => {
    const { email } = await world().admin();
    const other = await world().signedIn(email);
    const page = await openPage();
    await page.goto(at('/login/password'));
    await page.getByLabel('E-mail address or user name').fill(email);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL('**/account');
    await picture(page, 'account-two-sessions');
    const next = 'a new and long password';
    await page.getByLabel('Current password').fill(PASSWORD);
    await page.getByLabel('New password', { exact: false }).first().fill(next);
    await page.getByLabel('New password, again').fill(next);
    await page.getByRole('button', { name: 'Change password' }).click();
    expect(await page.getByRole('status').textContent()).toContain('Your password is changed');
    expect((await other.open('/account')).url.pathname).toBe('/login');
    await page.context().close();
  });

  it('takes a new password on the page behind a link, whose address no other page learns', async () => {
    const { email } = await world().admin();
    const { server, organization } = world();
    const page = await openPage();
    await page.goto(at('/login/password'));
    await page.getByRole('link', { name: 'Forgot your password?' }).click();
    await page.waitForURL('**/login/forgot');
    await picture(page, 'forgot');
    const { link = '' } = await server.services.passwordResets.issueByName(organization.context, email, {
      sendEmail: false,
    });
    const next = 'a new and long password';
    await page.goto(link);
    await picture(page, 'reset');
    await page.getByLabel('New password', { exact: false }).first().fill(next);
    await page.getByLabel('New password, again').fill(next);
    const sending = page.waitForRequest((request) => request.method() === 'POST');
    await page.getByRole('button', { name: 'Change password' }).click();
    expect((await sending).headers()['referer']).toBeUndefined();
    await page.waitForURL('**/login/password**');
    expect(await page.getByRole('status').textContent()).toContain('Your password is changed');
    await page.getByLabel('E-mail address or user name').fill(email);
    await page.getByLabel('Password').fill(next);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL('**/account');
    await page.context().close();
  });
});
