import { randomInt } from 'node:crypto';
import type { MailOutbox } from '../directory/mail/mail-outbox.js';
import type { ClaimedMail, MailOutboxStore, MailOutcome } from '../directory/mail/mail-outbox-store.js';
import { toInstant, type Clock } from '../kernel/clock.js';
import type { Logger } from '../observability/index.js';
import { composeMail } from './compose-mail.js';
import { SEND_TIMEOUT, type SmtpSender } from './smtp-sender.js';

export interface MailWorkerDependencies {
  readonly outbox: MailOutbox;
  readonly store: MailOutboxStore;
  readonly sender: SmtpSender;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Mails taken, and sent beside each other, at a time. */
const BATCH = 5;
/** Milliseconds a claim lasts: a worker that lives is done with the mail long before. */
const CLAIM = 5 * SEND_TIMEOUT;
/** Milliseconds between looks for what other processes left, and what is to be tried again. */
const POLL_INTERVAL = 5_000;
/** Attempts until a mail is given up: with the waits between them, after about 21 hours. */
const MAX_ATTEMPTS = 12;
const FIRST_WAIT = 60_000;
const LONGEST_WAIT = 4 * 3_600_000;
/** Milliseconds that mails under way have when the process is asked to stop. */
const STOP_GRACE = 5_000;

/**
 * Sends what is in the outbox. Every process runs one; claims keep two from sending the same mail. A process that ends
 * between the mail server's yes and writing it down leaves a mail that is sent again when the claim lapses.
 */
export class MailWorker {
  readonly #parts: MailWorkerDependencies;
  readonly #abort = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isAnnounced = false;
  #isStopped = false;
  #unsubscribe: (() => void) | undefined;

  constructor(parts: MailWorkerDependencies) {
    this.#parts = parts;
  }

  /** Looks for mails now, whenever one is announced, and every few seconds. */
  start(): void {
    this.#unsubscribe ??= this.#parts.outbox.onAnnounced(() => this.#wake());
    this.#wake();
  }

  /** Takes no more mails, and waits for those under way; after a few seconds they are given up, to be sent later. */
  async stop(): Promise<void> {
    this.#unsubscribe?.();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isAnnounced = false;
    this.#isStopped = true;
    const giveUp = setTimeout(() => this.#abort.abort(), STOP_GRACE);
    await this.#running;
    clearTimeout(giveUp);
  }

  /** A look that is under way is followed by another one, as it may have passed the new mail already. */
  #wake(): void {
    if (this.#isStopped) return;
    this.#isAnnounced = true;
    if (this.#running) return;
    clearTimeout(this.#timer);
    this.#running = this.#look().finally(() => {
      this.#running = undefined;
      if (this.#isStopped) return;
      if (this.#isAnnounced) return this.#wake();
      this.#timer = setTimeout(() => this.#wake(), POLL_INTERVAL);
      this.#timer.unref();
    });
  }

  async #look(): Promise<void> {
    while (this.#isAnnounced) {
      this.#isAnnounced = false;
      try {
        await this.deliverDue();
      } catch (error) {
        this.#parts.logger.warn({ err: error }, 'the mail outbox could not be read');
      }
    }
  }

  /** Sends everything that is due now. @returns how many mails were tried */
  async deliverDue(): Promise<number> {
    const { store, clock } = this.#parts;
    let tried = 0;
    while (!this.#isStopped) {
      const now = clock.now();
      const mails = await store.claim(toInstant(now), toInstant(now + CLAIM), BATCH);
      await Promise.all(mails.map((mail) => this.#deliver(mail)));
      tried += mails.length;
      if (mails.length < BATCH) break;
    }
    return tried;
  }

  async #deliver(claimed: ClaimedMail): Promise<void> {
    const { store, logger } = this.#parts;
    const outcome = await this.#attempt(claimed);
    const { id, organizationId, attempt } = claimed;
    const facts = { mailId: id, organizationId, attempt };
    if (outcome.kind === 'sent') logger.info(facts, 'mail sent');
    else if (outcome.kind === 'retry')
      logger.warn({ ...facts, ...outcome }, 'mail not sent, to be tried again');
    else logger.error({ ...facts, ...outcome }, 'mail given up');
    await store.settle(claimed, outcome);
  }

  async #attempt(claimed: ClaimedMail): Promise<MailOutcome> {
    const { outbox, sender, clock } = this.#parts;
    const mail = outbox.open(claimed);
    if (mail === undefined) return { kind: 'failed', reason: 'sealed with another SECRET_KEY' };
    if (Date.parse(mail.expiresAt) <= clock.now()) return { kind: 'failed', reason: 'expired' };
    const sent = await sender.send(composeMail(mail), {
      id: claimed.id,
      sentAt: clock.now(),
      signal: this.#abort.signal,
    });
    if (sent.ok) return { kind: 'sent' };
    const { reason, isPermanent } = sent.error;
    if (isPermanent || claimed.attempt >= MAX_ATTEMPTS) return { kind: 'failed', reason };
    return { kind: 'retry', dueAt: toInstant(clock.now() + waitAfter(claimed.attempt)), reason };
  }
}

/** Milliseconds until the next attempt: doubled each time, and spread, so that mails of one outage do not come back as one. */
function waitAfter(attempt: number): number {
  const wait = Math.min(FIRST_WAIT * 2 ** (attempt - 1), LONGEST_WAIT);
  return wait + randomInt(Math.floor(wait / 5));
}
