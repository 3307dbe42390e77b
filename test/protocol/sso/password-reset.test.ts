import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { expectStatus } from '../../conformance/rfc/support/assertions.js';
import { AuditTrail } from '../../persistence/support/audit-trail.js';
import { testClock } from '../../support/clock.js';
import { startSmtpSink, type ReceivedMail, type SmtpSink } from '../../support/fakes/smtp-sink.js';
import type { PageBrowser } from '../../support/page-browser.js';
import { type Page } from '../../support/page-browser.js';
import { startServer } from '../../support/server.js';
import { createSignInWorld, PASSWORD, type SignInWorld } from './support/sign-in-world.js';

const NEXT = 'a new and long password';
const HOUR = 3_600_000;
const clock = testClock();
let sink: SmtpSink;
let world: SignInWorld;
let serial = 0;

beforeAll(async () => {
  sink = await startSmtpSink();
  const env = { SMTP_URL: sink.url, EMAIL_FROM: 'rollcall@example.com', TRUST_PROXY: 'loopback' };
  world = await createSignInWorld(await startServer({ clock, env }));
});
afterAll(async () => {
  await world.server.close();
  await sink.close();
});

/** A browser at another address each time. */
const browser = (): PageBrowser =>
  world.browser({ 'x-forwarded-for': `198.51.100.${(serial = (serial % 250) + 1)}` });

async function ask(email: string, by = browser()): Promise<Page> {
  await by.open('/login/forgot');
  return by.submit('/login/forgot', { email });
}

const linkIn = (mail: ReceivedMail): string =>
  new URL(/https?:\S+\/login\/reset\/\S+/.exec(mail.text)?.[0] ?? '').pathname;

/** Asks for a link. @returns its path */
async function linkFor(email: string): Promise<string> {
  await ask(email);
  const mail = await sink.take();
  expect(mail.to).toEqual([email]);
  return linkIn(mail);
}

async function use(link: string, password = NEXT, again = password): Promise<Page> {
  const person = browser();
  await person.open(link);
  if (person.page.status !== 200) return person.page;
  return person.submit('', { password, passwordAgain: again });
}

/** No mail is under way any more: one asked for now would be the next to arrive. */
async function expectNoMail(): Promise<void> {
  await world.server.services.passwordResets.settle();
  const { email } = await world.admin();
  await linkFor(email);
}

describe('a forgotten password (product decision: the dashboard’s own reset link)', () => {
  it('is replaced by a link that is mailed, and every session of the person ends', async () => {
    const { id, email } = await world.admin();
    const open = await world.signedIn(email);
    const trail = await AuditTrail.start(world.server, world.organization.id);
    const answer = await ask(email);
    expect(answer.status).toBe(200);
    expect(answer.html).toContain('Look into your mail');
    const mail = await sink.take();
    expect(mail.to).toEqual([email]);
    expect(mail.text).toContain(email);
    const secret = linkIn(mail).split('/').at(-1) ?? '';
    expect(secret).toMatch(/^rp_[\w-]{43}$/);

    const page = await use(linkIn(mail));
    expect(page.url.pathname + page.url.search).toBe('/login/password?notice=password-changed');
    expect(page.html).toContain('Your password is changed');
    expect((await open.open('/account')).url.pathname).toBe('/login');
    await world.signedIn(email, NEXT);
    await expect(world.signedIn(email)).rejects.toThrow('sign-in failed');

    const news = (await trail.news()).filter(({ action }) => !action.startsWith('user:login'));
    expect(news).toMatchObject([
      { action: 'user:issue_password_reset', targetId: id, actorKind: 'system', actorId: 'sign_in' },
      { action: 'user:update_password', targetId: id, actorKind: 'user', actorId: id },
      { action: 'session:revoke', targetId: id },
    ]);
    const { rows } = await sql<{ all: string }>`
      select json_agg(c)::text as all from local_credentials c`.execute(world.server.database.connection.db);
    for (const text of [JSON.stringify(news), rows[0]?.all ?? '']) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(NEXT);
    }
  });

  it('is answered alike for everybody, and nobody but the owner of a password gets a mail', async () => {
    const { email } = await world.admin();
    const away = await world.admin();
    const change = { op: 'replace', path: 'active', value: false };
    expectStatus(await world.organization.scim.operations(`/Users/${away.id}`, change), 200);
    const known = await ask(email);
    await sink.take();
    for (const name of ['root-admin@example.com', 'nobody@example.com', away.email, 'a\0b']) {
      const { status, html } = await ask(name);
      expect({ status, html }).toEqual({ status: known.status, html: known.html });
    }
    await expectNoMail();
  });

  it('takes the link once', async () => {
    const { email } = await world.admin();
    const link = await linkFor(email);
    await use(link);
    expect((await use(link, 'yet another password')).status).toBe(403);
    await world.signedIn(email, NEXT);
  });

  it('of two who use one link at once, lets one change the password', async () => {
    const { email } = await world.admin();
    const link = await linkFor(email);
    const pages = await Promise.all(
      ['the first password', 'the second password'].map((text) => use(link, text)),
    );
    expect(pages.map(({ status }) => status).sort()).toEqual([200, 403]);
  });

  it('does nothing when the link is opened, as mail scanners do', async () => {
    const { email } = await world.admin();
    const link = await linkFor(email);
    for (let time = 0; time < 3; time += 1) expect((await browser().open(link)).status).toBe(200);
    await world.signedIn(email);
    expect((await use(link)).status).toBe(200);
  });

  it.each([
    ['two passwords that differ', NEXT, 'another long password', 'The two passwords differ.'],
    ['a short one', 'short', 'short', 'Choose 12 characters or more.'],
  ])('with %s is asked for again, and the link stays good', async (_case, password, again, text) => {
    const { email } = await world.admin();
    const link = await linkFor(email);
    const page = await use(link, password, again);
    expect(page.status).toBe(422);
    expect(page.html).toContain(text);
    await world.signedIn(email);
    expect((await use(link)).status).toBe(200);
  });

  it('is not changed by a form of another site (CWE-352), and its page sends no referrer', async () => {
    const { email } = await world.admin();
    const link = await linkFor(email);
    const fields = { password: NEXT, passwordAgain: NEXT };
    expect((await browser().post(link, fields)).status).toBe(403);
    const person = browser();
    const page = await person.open(link);
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect((await person.submit('', fields, { origin: 'https://evil.example' })).status).toBe(403);
    await person.open(link);
    expect((await person.submit('', fields, { origin: 'null' })).status).toBe(200);
  });
});

describe('a link to a new password is worthless', () => {
  it('an hour after it was made', async () => {
    const { email } = await world.admin();
    const link = await linkFor(email);
    clock.advance(HOUR);
    expect((await use(link)).status).toBe(403);
  });

  it('when another one was made', async () => {
    const { email } = await world.admin();
    const first = await linkFor(email);
    const second = await linkFor(email);
    expect((await use(first)).status).toBe(403);
    expect((await use(second)).status).toBe(200);
  });

  it('when the password was changed meanwhile', async () => {
    const { email } = await world.admin();
    const link = await linkFor(email);
    const person = await world.signedIn(email);
    await person.open('/account');
    await person.submit('/account/password', { current: PASSWORD, next: NEXT, nextAgain: NEXT });
    expect((await use(link, 'yet another password')).status).toBe(403);
  });

  it.each([
    ['deactivated and reactivated', true],
    ['deactivated', false],
  ])('when the person was %s meanwhile', async (_case, isBack) => {
    const { id, email } = await world.admin();
    const link = await linkFor(email);
    for (const value of isBack ? [false, true] : [false])
      expectStatus(
        await world.organization.scim.operations(`/Users/${id}`, { op: 'replace', path: 'active', value }),
        200,
      );
    expect((await use(link)).status).toBe(403);
  });

  it('when it was never made; and guessing ends with 429', async () => {
    const guesser = browser();
    let { status } = await guesser.open(`/login/reset/rp_${'a'.repeat(43)}`);
    expect(status).toBe(403);
    for (let count = 0; count < 100 && status === 403; count += 1)
      ({ status } = await guesser.open(`/login/reset/guess-${count}`));
    expect(status).toBe(429);
  });
});

describe('links to new passwords', () => {
  it('go where the password was first given to, whatever an identity provider says since (GitLab CVE-2022-1680)', async () => {
    const { id, email } = await world.admin();
    const emails = [{ value: 'thief@evil.example', type: 'work', primary: true }];
    const change = { op: 'replace', path: 'emails', value: emails };
    expectStatus(await world.organization.scim.operations(`/Users/${id}`, change), 200);
    await linkFor(email);
    await ask('thief@evil.example');
    await expectNoMail();
  });

  it('are few: asking from one place, and for one account, is slowed down, known or not', async () => {
    for (const email of [(await world.admin()).email, 'stranger@example.com']) {
      const here = browser();
      const statuses: number[] = [];
      for (let count = 0; count < 4; count += 1) statuses.push((await ask(email, here)).status);
      expect(statuses).toEqual([200, 200, 200, 429]);
      expect(here.page.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
      for (let count = 0; count < 7; count += 1) await ask(email);
      expect((await ask(email)).status).toBe(429);
    }
  });
});
