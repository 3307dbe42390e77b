import type { Kysely } from 'kysely';
import { toInstant, type Clock, type Instant } from '../../kernel/clock.js';
import type {
  ClaimedMail,
  MailDraft,
  MailOutboxStore,
  MailOutcome,
} from '../../directory/mail/mail-outbox-store.js';
import type { Database } from '../database.js';
import { defineStatement, run } from '../statement.js';

/** One statement, so that a mail is never taken without its claim being written. */
const CLAIM_MAILS = defineStatement(
  'mail_claim',
  `with due as (
     select org_id, id from mail_outbox
      where state = 'pending' and due_at <= $1
      order by due_at limit $3 for update skip locked
   )
   update mail_outbox m set attempts = m.attempts + 1, due_at = $2
     from due where m.org_id = due.org_id and m.id = due.id
   returning m.org_id, m.id, m.payload, m.attempts`,
);

interface ClaimedRow {
  readonly org_id: string;
  readonly id: string;
  readonly payload: string;
  readonly attempts: number;
}

/** The mail outbox in SQL. */
export class MailOutboxRepository implements MailOutboxStore {
  readonly #db: Kysely<Database>;
  readonly #clock: Clock;

  constructor(db: Kysely<Database>, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  async insert(organizationId: string, { id, payload }: MailDraft): Promise<void> {
    const now = toInstant(this.#clock.now());
    await this.#db
      .insertInto('mail_outbox')
      .values({
        org_id: organizationId,
        id,
        state: 'pending',
        payload,
        attempts: 0,
        due_at: now,
        created_at: now,
      })
      .execute();
  }

  async withdraw(organizationId: string, id: string): Promise<void> {
    await this.#db
      .updateTable('mail_outbox')
      .set({
        state: 'failed',
        payload: null,
        finished_at: toInstant(this.#clock.now()),
        last_error: 'withdrawn',
      })
      .where('org_id', '=', organizationId)
      .where('id', '=', id)
      .where('state', '=', 'pending')
      .execute();
  }

  async claim(now: Instant, until: Instant, limit: number): Promise<readonly ClaimedMail[]> {
    const rows = await run<ClaimedRow>(this.#db, CLAIM_MAILS, [now, until, limit]);
    return rows.map((row) => ({
      organizationId: row.org_id,
      id: row.id,
      payload: row.payload,
      attempt: row.attempts,
    }));
  }

  async settle(mail: ClaimedMail, outcome: MailOutcome): Promise<void> {
    await this.#db
      .updateTable('mail_outbox')
      .set(
        outcome.kind === 'retry'
          ? { due_at: outcome.dueAt, last_error: outcome.reason }
          : {
              state: outcome.kind,
              payload: null,
              finished_at: toInstant(this.#clock.now()),
              last_error: outcome.kind === 'failed' ? outcome.reason : null,
            },
      )
      .where('org_id', '=', mail.organizationId)
      .where('id', '=', mail.id)
      .where('attempts', '=', mail.attempt)
      .where('state', '=', 'pending')
      .execute();
  }
}
