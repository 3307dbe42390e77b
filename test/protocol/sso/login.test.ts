import { describe, expect, it } from '@jest/globals';
import { expectStatus } from '../../conformance/rfc/support/assertions.js';
import { AuditTrail } from '../../persistence/support/audit-trail.js';
import { testClock } from '../../support/clock.js';
import { PASSWORD, useSignInWorld } from './support/sign-in-world.js';

const MINUTE = 60_000;
const WRONG = 'The user name or the password is wrong';
const clock = testClock();
const world = useSignInWorld({ clock });

describe('signing in with a password (product decision)', () => {
  it('begins with the e-mail address and ends on the own account', async () => {
    const { email } = await world().admin();
    const browser = world().browser();
    expect((await browser.open('/account')).url.pathname).toBe('/login');
    const second = await browser.submit('/login', { email });
    expect(second.html).toContain(`value="${email}"`);
    const last = await browser.submit('/login/password', { email, password: PASSWORD });
    expect(last.url.pathname).toBe('/account');
    expect(last.status).toBe(200);
    expect(last.html).toContain(email);
    expect(last.html).toContain('This browser');
  });

  it('takes the user name in any case, as every comparison of names does (RFC 7643 4.1.1)', async () => {
    const { email } = await world().admin();
    await world().signedIn(` ${email.toUpperCase()} `);
  });

  it('gives the browser a new secret, whatever it brought along, and ends the session it had (session fixation)', async () => {
    const { email } = await world().admin();
    const browser = world().browser();
    browser.setCookie('rollcall', `rs_${'a'.repeat(43)}`);
    await browser.open('/login/password');
    await browser.submit('/login/password', { email, password: PASSWORD });
    const first = browser.cookie('rollcall') ?? '';
    expect(first).toMatch(/^rs_[\w-]{43}$/);
    expect(first).not.toContain('aaaa');

    const again = world().browser();
    again.setCookie('rollcall', first);
    clock.advance(1);
    await again.open('/login/password');
    expect(again.page.url.pathname).toBe('/account');
  });

  it('goes back to where the person came from, on this server only (CWE-601)', async () => {
    const { email } = await world().admin();
    for (const [returnTo, expected] of [
      ['/account?notice=ended', '/account?notice=ended'],
      ['//evil.example', '/account'],
      ['https://evil.example/', '/account'],
      ['/\\evil.example', '/account'],
    ] as const) {
      const browser = world().browser();
      await browser.open(`/login?${new URLSearchParams({ returnTo }).toString()}`);
      await browser.submit('/login', { email });
      const { url } = await browser.submit('/login/password', { email, password: PASSWORD });
      expect(url.origin).toBe(world().server.baseUrl);
      expect(url.pathname + url.search).toBe(expected);
    }
  });

  it('sends who is signed in straight on', async () => {
    const { email } = await world().admin();
    const browser = await world().signedIn(email);
    expect((await browser.open('/login')).url.pathname).toBe('/account');
  });

  it('sets a cookie that scripts and other sites cannot use, until the session ends', async () => {
    const { email } = await world().admin();
    const browser = world().browser();
    const { headers, html } = await browser.open('/login/password');
    const formToken = /name="formToken" value="([^"]+)"/.exec(html)?.[1] ?? '';
    const response = await fetch(`${world().server.baseUrl}/login/password`, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie: headers.getSetCookie()[0]?.split(';')[0] ?? '' },
      body: new URLSearchParams({ email, password: PASSWORD, formToken }),
    });
    expect(response.status).toBe(303);
    expect(response.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^rollcall=rs_[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/),
    ]);
  });
});

describe('refusing a password (product decision)', () => {
  it('says the same of a wrong one, an unknown account, one without a password and a deactivated one', async () => {
    const { organization } = world();
    const { id, email } = await world().admin();
    const inactive = await world().admin();
    const change = { op: 'replace', path: 'active', value: false };
    expectStatus(await organization.scim.operations(`/Users/${inactive.id}`, change), 200);
    expectStatus(await organization.scim.post('/Users', { userName: 'sso-only@example.com' }), 201);
    const trail = await AuditTrail.start(world().server, organization.id);
    const pages = [];
    for (const [name, password] of [
      [email, 'wrong password'],
      [email, ''],
      ['nobody@example.com', PASSWORD],
      ['sso-only@example.com', PASSWORD],
      [inactive.email, PASSWORD],
      ['x'.repeat(5_000), PASSWORD],
      ['', PASSWORD],
      [`${email}\u0000`, PASSWORD],
    ] as const) {
      const browser = world().browser();
      await browser.open('/login/password');
      const page = await browser.submit('/login/password', { email: name, password });
      expect(page.status).toBe(422);
      expect(browser.cookie('rollcall')).toBeUndefined();
      expect(page.html).toContain(WRONG);
      expect(page.html).not.toContain(PASSWORD);
      pages.push(page.html.replaceAll(/value="[^"]*"/g, ''));
    }
    expect(
      new Set(
        pages.map((html) => html.replace(' autofocus', '')).map((html) => html.replace(' autofocus', '')),
      ).size,
    ).toBe(1);
    expect(await trail.news()).toMatchObject([
      {
        action: 'user:login_refused',
        targetId: id,
        actorKind: 'system',
        after: { method: 'password', reason: 'wrong_password' },
      },
      { action: 'user:login_refused', targetId: id, after: { reason: 'wrong_password' } },
      { action: 'user:login_refused', targetId: inactive.id, after: { reason: 'deactivated' } },
    ]);
  });

  it('slows guessing down for an account from one place, known or not, and lets go after the window', async () => {
    const { email } = await world().admin();
    for (const name of [email, 'unknown-but-guessed@example.com']) {
      const browser = world().browser();
      const attempt = async (password: string) => {
        await browser.open('/login/password');
        return browser.submit('/login/password', { email: name, password });
      };
      for (let count = 0; count < 10; count += 1) expect((await attempt(`guess ${count}`)).status).toBe(422);
      const { status, headers, html } = await attempt(PASSWORD);
      expect(status).toBe(429);
      expect(Number(headers.get('retry-after'))).toBe(900);
      expect(html).toContain('Try again in 15 minutes');
      clock.advance(14 * MINUTE);
      expect((await attempt(PASSWORD)).html).toContain('Try again in a minute');
      clock.advance(MINUTE);
      expect((await attempt(PASSWORD)).status).toBe(name === email ? 200 : 422);
    }
  });

  it('does not count who knows the password', async () => {
    const { email } = await world().admin();
    for (let count = 0; count < 12; count += 1) await world().signedIn(email);
  });

  it('counts attempts that come at once before any of them is answered', async () => {
    const { email } = await world().admin();
    clock.advance(15 * MINUTE);
    const statuses = await Promise.all(
      Array.from({ length: 14 }, async (_, index) => {
        const browser = world().browser();
        await browser.open('/login/password');
        return (await browser.submit('/login/password', { email, password: `guess ${index}` })).status;
      }),
    );
    expect(statuses.filter((status) => status === 429)).toHaveLength(4);
    clock.advance(15 * MINUTE);
  });
});

describe('an account in several organizations (product decision)', () => {
  it('is asked which one when the password is right in more than one', async () => {
    const { server, organization } = world();
    const other = await server.organization();
    const email = 'twice@example.com';
    const options = { email, password: PASSWORD, isProtected: false };
    const ids = [
      await server.services.setup.createAdmin(organization.context, options),
      await server.services.setup.createAdmin(other.context, options),
    ];
    const browser = world().browser();
    await browser.open('/login/password');
    const page = await browser.submit('/login/password', { email, password: PASSWORD });
    expect(page.status).toBe(422);
    expect(page.html).toContain('Choose your organization');
    expect(browser.cookie('rollcall')).toBeUndefined();
    await browser.submit('/login/password', { email, password: PASSWORD, organization: other.id });
    const principal = await server.services.sessions.verify(browser.cookie('rollcall') ?? '');
    expect(principal).toMatchObject({ organizationId: other.id, userId: ids[1] });
  });

  it('is told of none of them with a wrong password, and only of those where the password is right', async () => {
    const { server, organization } = world();
    const other = await server.organization();
    const email = 'twice-but-different@example.com';
    const make = (context: typeof other.context, password: string) =>
      server.services.setup.createAdmin(context, { email, password, isProtected: false });
    await make(organization.context, PASSWORD);
    await make(other.context, 'quite another password');
    const browser = world().browser();
    await browser.open('/login/password');
    const page = await browser.submit('/login/password', { email, password: 'neither of the two' });
    expect(page.html).not.toContain('name="organization"');
    await browser.submit('/login/password', { email, password: PASSWORD });
    const principal = await server.services.sessions.verify(browser.cookie('rollcall') ?? '');
    expect(principal).toMatchObject({ organizationId: organization.id });
  });
});

describe('the sign-in forms withstand (CWE-352)', () => {
  const fields = async () => ({ email: (await world().admin()).email, password: PASSWORD });

  it('login CSRF: a form without the token of this browser, or from another site', async () => {
    const entered = await fields();
    const browser = world().browser();
    expect((await browser.post('/login/password', entered)).status).toBe(403);
    await browser.open('/login/password');
    expect((await browser.post('/login/password', { ...entered, formToken: 'x' })).status).toBe(403);
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
    ]) {
      await browser.open('/login/password');
      expect((await browser.submit('/login/password', entered, headers)).status).toBe(403);
    }
    expect(browser.cookie('rollcall')).toBeUndefined();
    await browser.open('/login');
    expect(
      (await browser.submit('/login', { email: entered.email }, { origin: 'https://evil.example' })).status,
    ).toBe(403);
  });

  it('the token of another browser', async () => {
    const entered = await fields();
    const attacker = world().browser();
    const { html } = await attacker.open('/login/password');
    const formToken = /name="formToken" value="([^"]+)"/.exec(html)?.[1] ?? '';
    const victim = world().browser();
    await victim.open('/login/password');
    expect((await victim.post('/login/password', { ...entered, formToken })).status).toBe(403);
  });

  it('bodies that are no form, or too large', async () => {
    const browser = world().browser();
    await browser.open('/login');
    for (const path of ['/login', '/login/password', '/logout', '/account/sessions', '/account/password']) {
      const json = { 'content-type': 'application/json' };
      expect((await browser.post(path, {}, json)).status).toBe(415);
      expect((await browser.post(path, { email: 'x'.repeat(20_000) })).status).toBe(413);
    }
  });

  it('what is typed as markup', async () => {
    const browser = world().browser();
    await browser.open('/login');
    const page = await browser.submit('/login', { email: '"><script>alert(1)</script>' });
    expect(page.html).not.toContain('<script>');
    expect(page.html).toContain('&quot;&gt;&lt;script&gt;');
  });

  it('framing and caching; the origin is sent along to this server alone', async () => {
    for (const path of ['/login', '/login/password', '/account', '/logout']) {
      const { headers } = await world().browser().open(path);
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('referrer-policy')).toBe('same-origin');
    }
  });

  it('an empty or endless address', async () => {
    for (const email of ['', '   ', 'x'.repeat(300)]) {
      const browser = world().browser();
      await browser.open('/login');
      const page = await browser.submit('/login', { email });
      expect(page.status).toBe(422);
      expect(page.html).toContain('Enter your e-mail address.');
    }
  });
});

describe('LOCAL_SIGN_IN=false (product decision)', () => {
  const closed = useSignInWorld({ env: { LOCAL_SIGN_IN: 'false' } });

  it('leaves no way to use a password, and says the same to everybody', async () => {
    const { email } = await closed().admin();
    const browser = closed().browser();
    const { html } = await browser.open('/login');
    expect(html).not.toContain('/login/password');
    const known = await browser.submit('/login', { email });
    await browser.open('/login');
    const unknown = await browser.submit('/login', { email: 'nobody@example.com' });
    expect([known.status, unknown.status]).toEqual([403, 403]);
    expect(known.html).toBe(unknown.html);
    expect((await browser.open('/login/password')).status).toBe(404);
    await browser.open('/login');
    const formToken = /name="formToken" value="([^"]+)"/.exec(browser.page.html)?.[1] ?? '';
    expect((await browser.post('/login/password', { email, password: PASSWORD, formToken })).status).toBe(
      404,
    );
    expect(browser.cookie('rollcall')).toBeUndefined();
  });
});
