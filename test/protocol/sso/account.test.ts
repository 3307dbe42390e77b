import { describe, expect, it } from '@jest/globals';
import { expectStatus } from '../../conformance/rfc/support/assertions.js';
import { AuditTrail } from '../../persistence/support/audit-trail.js';
import { PASSWORD, useSignInWorld } from './support/sign-in-world.js';

const world = useSignInWorld();
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

const isLive = async (secret: string | undefined): Promise<boolean> =>
  (await world().server.services.sessions.verify(secret ?? '')) !== undefined;

describe('signing out (product decision)', () => {
  it('takes a button, ends the session on the server and takes the cookie away', async () => {
    const { id, email } = await world().admin();
    const browser = await world().signedIn(email);
    const secret = browser.cookie('rollcall');
    const trail = await AuditTrail.start(world().server, world().organization.id);
    await browser.open('/logout');
    expect(await isLive(secret)).toBe(true);
    const page = await browser.submit('/logout');
    expect(page.url.pathname).toBe('/login');
    expect(page.html).toContain('You are signed out.');
    expect(browser.cookie('rollcall')).toBeUndefined();
    expect(await isLive(secret)).toBe(false);
    expect(await trail.news()).toMatchObject([
      { action: 'user:logout', targetId: id, actorKind: 'user', actorId: id },
    ]);
    expect((await browser.open('/account')).url.pathname).toBe('/login');
  });

  it('is not done by a link, nor by a form of another site (CWE-352)', async () => {
    const { email } = await world().admin();
    const browser = await world().signedIn(email);
    await browser.open('/logout');
    expect((await browser.post('/logout', {})).status).toBe(403);
    await browser.open('/logout');
    expect((await browser.submit('/logout', {}, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect(await isLive(browser.cookie('rollcall'))).toBe(true);
  });

  it('without a session leads to sign-in', async () => {
    expect((await world().browser().open('/logout')).url.pathname).toBe('/login');
  });
});

describe('the own account (product decision)', () => {
  it('shows who is signed in, and where', async () => {
    const { email } = await world().admin();
    const firefox = world().browser({ 'user-agent': FIREFOX });
    await firefox.open('/login/password');
    const { html } = await firefox.submit('/login/password', { email, password: PASSWORD });
    expect(html).toContain(email);
    expect(html).toContain('Firefox on Linux');
    expect(html).toContain('127.0.0.1');
    expect(html).toMatch(/<time datetime="\d{4}-[^"]+Z">\d{4}-\d\d-\d\d \d\d:\d\d UTC<\/time>/);
  });

  it('shows what a browser calls itself as text', async () => {
    const { email } = await world().admin();
    const browser = world().browser({ 'user-agent': '<script>alert(1)</script>' });
    await browser.open('/login/password');
    const { html } = await browser.submit('/login/password', { email, password: PASSWORD });
    expect(html).not.toContain('<script>');
    expect(html).toContain('&lt;script&gt;');
  });

  it('ends another session, and every other', async () => {
    const { email } = await world().admin();
    const browsers = [];
    for (let count = 0; count < 4; count += 1) browsers.push(await world().signedIn(email));
    const [here, ...others] = browsers;
    if (!here) throw new Error('nobody is signed in');
    const live = () => Promise.all(others.map((browser) => isLive(browser.cookie('rollcall'))));
    const { html } = await here.open('/account');
    const session = /name="session" value="([0-9a-f-]{36})"/.exec(html)?.[1] ?? '';
    const page = await here.submit('/account/sessions', { session });
    expect(page.html).toContain('That browser is signed out.');
    expect((await live()).filter((isAlive) => isAlive)).toHaveLength(2);
    const last = await here.submit('/account/sessions', { session: 'others' });
    expect(last.html).toContain('Every other browser is signed out.');
    expect(await live()).toEqual([false, false, false]);
    expect(await isLive(here.cookie('rollcall'))).toBe(true);
    expect((await others[0]?.open('/account'))?.url.pathname).toBe('/login');
  });

  it('ends nobody else’s session: an id of somebody else does nothing', async () => {
    const [mine, theirs] = [await world().admin(), await world().admin()];
    const browser = await world().signedIn(mine.email);
    const victim = await world().signedIn(theirs.email);
    const principal = await world().server.services.sessions.verify(victim.cookie('rollcall') ?? '');
    const formToken =
      /name="formToken" value="([^"]+)"/.exec((await browser.open('/account')).html)?.[1] ?? '';
    for (const session of [principal?.credential.id ?? '', 'x', ''])
      await browser.post('/account/sessions', { session, formToken });
    expect(await isLive(victim.cookie('rollcall'))).toBe(true);
    expect(await isLive(browser.cookie('rollcall'))).toBe(true);
  });

  it('is closed to who was deactivated a moment ago', async () => {
    const { id, email } = await world().admin();
    const browser = await world().signedIn(email);
    await browser.open('/account');
    const change = { op: 'replace', path: 'active', value: false };
    expectStatus(await world().organization.scim.operations(`/Users/${id}`, change), 200);
    expect(
      (await browser.submit('/account/password', { current: PASSWORD, next: 'x', nextAgain: 'x' })).url
        .pathname,
    ).toBe('/login');
    expect((await browser.open('/account')).url.pathname).toBe('/login');
  });
});

describe('changing the own password (product decision)', () => {
  const next = 'a new and long password';

  it('wants the current one, ends every other session, and is audited without the password', async () => {
    const { id, email } = await world().admin();
    const [browser, other] = [await world().signedIn(email), await world().signedIn(email)];
    const trail = await AuditTrail.start(world().server, world().organization.id);
    await browser.open('/account');
    const page = await browser.submit('/account/password', { current: PASSWORD, next, nextAgain: next });
    expect(page.html).toContain('Your password is changed');
    expect(await isLive(browser.cookie('rollcall'))).toBe(true);
    expect(await isLive(other.cookie('rollcall'))).toBe(false);
    const news = await trail.news();
    expect(news).toMatchObject([
      { action: 'user:update_password', targetId: id, actorId: id },
      { action: 'session:revoke', targetId: id },
    ]);
    expect(JSON.stringify(news)).not.toContain(next);
    await world().signedIn(email, next);
    await expect(world().signedIn(email)).rejects.toThrow('sign-in failed');
  });

  it.each([
    ['a wrong current one', { current: 'wrong', next, nextAgain: next }, 'This is not the current password.'],
    ['two that differ', { current: PASSWORD, next, nextAgain: 'x' }, 'The two passwords differ.'],
    [
      'a short one',
      { current: PASSWORD, next: 'short', nextAgain: 'short' },
      'Choose 12 characters or more.',
    ],
    [
      'an endless one',
      { current: PASSWORD, next: 'x'.repeat(1_025), nextAgain: 'x'.repeat(1_025) },
      'Choose 12',
    ],
  ])('refuses %s, and changes nothing', async (_case, fields, message) => {
    const { email } = await world().admin();
    const browser = await world().signedIn(email);
    await browser.open('/account');
    const page = await browser.submit('/account/password', fields);
    expect(page.status).toBe(422);
    expect(page.html).toContain(message);
    expect(page.html).not.toContain(PASSWORD);
    await world().signedIn(email);
  });

  it('is slowed down like sign-in: an open browser is no way around', async () => {
    const { email } = await world().admin();
    const browser = await world().signedIn(email);
    let status = 0;
    for (let count = 0; count < 11; count += 1) {
      await browser.open('/account');
      ({ status } = await browser.submit('/account/password', {
        current: `guess ${count}`,
        next,
        nextAgain: next,
      }));
    }
    expect(status).toBe(429);
  });
});
