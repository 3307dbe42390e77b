import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { InvitationMail } from '../../../src/directory/mail/mail.js';
import { MailOutbox } from '../../../src/directory/mail/mail-outbox.js';
import { Sealer } from '../../../src/kernel/encryption.js';
import { MailWorker, SmtpSender } from '../../../src/mail/index.js';
import { createLogger } from '../../../src/observability/index.js';
import { startSmtpSink, type SmtpSink } from '../../support/fakes/smtp-sink.js';
import { startServer, type TestServer } from '../../support/server.js';
import { testClock } from '../../support/clock.js';

const LINK = 'https://rollcall.example.com/invitations/a-secret-nobody-else-may-read';
const FROM = { name: 'Rollcall', address: 'rollcall@example.com' };

const clock = testClock();
let server: TestServer;
let sink: SmtpSink;
let organizationId: string;
let outbox: MailOutbox;
let worker: MailWorker;

beforeAll(async () => {
  // Its own worker is off, as it has no mail server: the tests say when to look.
  server = await startServer({ clock });
});
afterAll(async () => {
  await server.close();
});

beforeEach(async () => {
  sink = await startSmtpSink();
  ({ id: organizationId } = await server.organization());
  outbox = new MailOutbox({ clock, sealer: new Sealer('k'.repeat(32), 'mail'), isConfigured: true });
  worker = makeWorker(sink.url);
});
afterEach(async () => {
  await sink.close();
  await sql`delete from mail_outbox`.execute(server.database.connection.db);
});

function makeWorker(url: string, reads = outbox): MailWorker {
  return new MailWorker({
    outbox: reads,
    store: server.services.unitOfWork.stores.mailOutbox,
    sender: new SmtpSender({ url, from: FROM }),
    clock,
    logger: createLogger('silent'),
  });
}

/** Leaves a mail for the worker. @returns its id */
const leave = (mail: Partial<InvitationMail> = {}): Promise<string> =>
  server.services.unitOfWork.transaction((stores) =>
    outbox.leave(stores, organizationId, {
      kind: 'invitation',
      to: 'ada@example.com',
      link: LINK,
      organizationName: 'Analytical Engines',
      inviterName: 'Charles Babbage',
      expiresAt: '2026-12-01T09:30:00.000Z',
      ...mail,
    }),
  );

async function rowOf(id: string): Promise<Record<string, unknown>> {
  const { rows } = await sql<Record<string, unknown>>`
    select state, payload, attempts, due_at, last_error, finished_at from mail_outbox
     where org_id = ${organizationId}::uuid and id = ${id}::uuid`.execute(server.database.connection.db);
  return rows[0] ?? {};
}

describe('a mail (product decision: invitations by e-mail)', () => {
  it('arrives as plain text and as HTML, with the link, who invites and until when', async () => {
    await leave();
    expect(await worker.deliverDue()).toBe(1);
    const mail = await sink.take();
    expect(mail).toMatchObject({ from: 'rollcall@example.com', to: ['ada@example.com'] });
    expect(mail.header('from')).toBe('Rollcall <rollcall@example.com>');
    expect(mail.header('to')).toBe('ada@example.com');
    expect(mail.header('subject')).toBe('Invitation to Analytical Engines');
    expect(mail.text).toContain(`\r\n${LINK}\r\n`);
    expect(mail.text).toContain('Charles Babbage invites you to join Analytical Engines.');
    expect(mail.text).toContain('until 2026-12-01 09:30 UTC');
    expect(mail.html).toContain(`<a href="${LINK}">`);
  });

  it('says that a program sent it (RFC 3834), and when, by the clock', async () => {
    const id = await leave();
    await worker.deliverDue();
    const mail = await sink.take();
    expect(mail.header('auto-submitted')).toBe('auto-generated');
    expect(mail.header('message-id')).toBe(`<${id}@example.com>`);
    expect(Date.parse(mail.header('date') ?? '')).toBe(Math.floor(clock.now() / 1000) * 1000);
  });

  it('takes no header from a name: line breaks and controls become spaces', async () => {
    await leave({
      organizationName: 'Evil\r\nBcc: everybody@example.com\r\n\r\nbody',
      inviterName: 'Mallory\nX-Injected: yes\u2028\u0000',
    });
    await worker.deliverDue();
    const mail = await sink.take();
    expect(mail.to).toEqual(['ada@example.com']);
    expect(mail.headers.map(([name]) => name)).not.toContain('bcc');
    expect(mail.headers.map(([name]) => name)).not.toContain('x-injected');
    expect(mail.header('subject')).toBe('Invitation to Evil Bcc: everybody@example.com body');
    expect(mail.text).toContain('Mallory X-Injected: yes invites you');
  });

  it('escapes names in its HTML', async () => {
    await leave({ inviterName: '<img src=x onerror=alert(1)> & "co"' });
    await worker.deliverDue();
    const { html } = await sink.take();
    expect(html).not.toContain('<img');
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt; &amp; ');
  });

  it('shortens names, so that a mail says what we say', async () => {
    await leave({ inviterName: `A ${'very '.repeat(100)}long name` });
    await worker.deliverDue();
    const { text } = await sink.take();
    expect(/^(.*) invites you/.exec(text)?.[1]?.length).toBe(80);
  });

  it('names in any script arrive as they are', async () => {
    await leave({ organizationName: 'Ärztehaus 東京', inviterName: 'Иван' });
    await worker.deliverDue();
    const mail = await sink.take();
    expect(mail.text).toContain('Иван invites you to join Ärztehaus 東京.');
    expect(mail.header('subject')).toMatch(/^=\?UTF-8\?/i);
  });
});

describe('the outbox (product decision: a failed mail is tried again, and its state shown)', () => {
  it('keeps neither address nor link in clear, and nothing once the mail is sent', async () => {
    const id = await leave();
    const waiting = await rowOf(id);
    expect(waiting).toMatchObject({ state: 'pending', attempts: 0, finished_at: null });
    expect(String(waiting['payload'])).not.toMatch(/ada|example|secret/);
    await worker.deliverDue();
    expect(await rowOf(id)).toMatchObject({ state: 'sent', payload: null, last_error: null, attempts: 1 });
  });

  it('sends nothing of a transaction that did not end well', async () => {
    const lost = server.services.unitOfWork.transaction(async (stores) => {
      await outbox.leave(stores, organizationId, {} as InvitationMail);
      throw new Error('not after all');
    });
    await expect(lost).rejects.toThrow('not after all');
    expect(await worker.deliverDue()).toBe(0);
  });

  it('sends each mail once, however often it looks', async () => {
    await leave();
    await worker.deliverDue();
    clock.advance(3_600_000);
    expect(await worker.deliverDue()).toBe(0);
    expect(sink.mails).toHaveLength(1);
  });

  it('waits a minute after a temporary refusal, then longer, and the mail still arrives', async () => {
    const id = await leave();
    sink.refuse({ code: 450, text: 'greylisted ada@example.com' });
    expect(await worker.deliverDue()).toBe(1);
    expect(await rowOf(id)).toMatchObject({ state: 'pending', attempts: 1 });
    clock.advance(59_000);
    expect(await worker.deliverDue()).toBe(0);
    clock.advance(14_000);
    expect(await worker.deliverDue()).toBe(1);
    clock.advance(73_000);
    expect(await worker.deliverDue()).toBe(0);
    sink.refuse(undefined);
    clock.advance(73_000);
    expect(await worker.deliverDue()).toBe(1);
    expect(await rowOf(id)).toMatchObject({ state: 'sent', attempts: 3 });
  });

  it('notes why in codes only: what a server says may hold the address or the link', async () => {
    const id = await leave();
    sink.refuse({ code: 451, text: `4.7.1 ${LINK} for ada@example.com is suspicious` });
    await worker.deliverDue();
    expect((await rowOf(id))['last_error']).toBe('EENVELOPE RCPT TO 451 4.7.1');
  });

  it('gives up at once when the address is refused for good', async () => {
    const id = await leave();
    sink.refuse({ code: 550, text: '5.1.1 no such user' });
    await worker.deliverDue();
    expect(await rowOf(id)).toMatchObject({ state: 'failed', payload: null, attempts: 1 });
  });

  it('gives up after the twelfth attempt, within a day', async () => {
    const id = await leave();
    const startedAt = clock.now();
    await sink.close();
    while ((await rowOf(id))['state'] === 'pending') {
      clock.advance(60_000);
      await worker.deliverDue();
    }
    expect(await rowOf(id)).toMatchObject({ state: 'failed', payload: null, attempts: 12 });
    expect(clock.now() - startedAt).toBeLessThan(24 * 3_600_000);
    sink = await startSmtpSink();
  });

  it('gives up a mail that was sealed with another SECRET_KEY', async () => {
    const id = await leave();
    const other = new MailOutbox({ clock, sealer: new Sealer('o'.repeat(32), 'mail'), isConfigured: true });
    await makeWorker(sink.url, other).deliverDue();
    expect(await rowOf(id)).toMatchObject({ state: 'failed', last_error: 'sealed with another SECRET_KEY' });
    expect(sink.mails).toHaveLength(0);
  });

  it('takes up what a process left that ended in the middle, and not before its claim has lapsed', async () => {
    await leave();
    const { mailOutbox } = server.services.unitOfWork.stores;
    const now = new Date(clock.now()).toISOString();
    const [claimed] = await mailOutbox.claim(now, new Date(clock.now() + 300_000).toISOString(), 5);
    expect(await worker.deliverDue()).toBe(0);
    clock.advance(301_000);
    expect(await worker.deliverDue()).toBe(1);
    // The first process was not dead after all: what it reports now is of an attempt that no longer counts.
    if (!claimed) throw new Error('nothing was claimed');
    await mailOutbox.settle(claimed, { kind: 'failed', reason: 'late' });
    expect(await rowOf(claimed.id)).toMatchObject({ state: 'sent', attempts: 2 });
  });

  it('takes a mail back that is no longer wanted', async () => {
    const id = await leave();
    await server.services.unitOfWork.stores.mailOutbox.withdraw(organizationId, id);
    expect(await worker.deliverDue()).toBe(0);
    expect(await rowOf(id)).toMatchObject({ state: 'failed', payload: null, last_error: 'withdrawn' });
  });
});

describe('the way to the mail server', () => {
  it('a running server sends what is announced, by itself', async () => {
    const running = await startServer({
      env: { SMTP_URL: sink.url, EMAIL_FROM: 'Rollcall <rollcall@example.com>' },
    });
    const organization = await running.organization();
    const { mailOutbox, unitOfWork } = running.services;
    await unitOfWork.transaction((stores) =>
      mailOutbox.leave(stores, organization.id, {
        kind: 'invitation',
        to: 'grace@example.com',
        link: LINK,
        organizationName: 'COBOL',
        inviterName: undefined,
        expiresAt: '2026-12-01T09:30:00.000Z',
      }),
    );
    mailOutbox.announce();
    expect(await sink.take()).toMatchObject({ to: ['grace@example.com'] });
    await running.close();
  });

  it('checks the certificate of the server: mail is not handed to anybody who answers', async () => {
    const secure = await startSmtpSink({ secure: true });
    const id = await leave();
    await makeWorker(secure.url.replace('smtp:', 'smtps:')).deliverDue();
    expect(secure.mails).toHaveLength(0);
    expect(await rowOf(id)).toMatchObject({ state: 'pending', last_error: expect.stringContaining('CERT') });
    await secure.close();
  });

  it('signs in with user and password of SMTP_URL, percent-decoded', async () => {
    const logins: unknown[] = [];
    const guarded = await startSmtpSink({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _session, callback) => {
        logins.push({ username, password });
        callback(null, { user: username });
      },
    });
    await leave();
    await makeWorker(guarded.url.replace('smtp://', 'smtp://us%40er:p%3Ass@')).deliverDue();
    expect(logins).toEqual([{ username: 'us@er', password: 'p:ss' }]);
    expect(guarded.mails).toHaveLength(1);
    await guarded.close();
  });
});
