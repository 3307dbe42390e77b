import type { Kysely } from 'kysely';
import type {
  IdempotencyAttempt,
  IdempotencyScope,
  IdempotencyStore,
  KeptAnswer,
  KnownAttempt,
} from '../directory/idempotency/idempotency-store.js';
import type { Instant } from '../kernel/clock.js';
import type { Database } from './database.js';

/** Milliseconds around an attempt in which its audit event was written, clocks of replicas included. */
const AUDIT_WINDOW = 300_000;

/** Idempotency keys in SQL. */
export class IdempotencyRepository implements IdempotencyStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async begin(scope: IdempotencyScope, attempt: IdempotencyAttempt): Promise<KnownAttempt | undefined> {
    const begun = await this.#db
      .insertInto('idempotency_keys')
      .values({
        org_id: scope.organizationId,
        user_id: scope.userId,
        operation: scope.operation,
        key: scope.key,
        ...columnsOf(attempt),
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('key')
      .executeTakeFirst();
    if (begun) return undefined;
    const row = await this.#db
      .selectFrom('idempotency_keys')
      .selectAll()
      .where((expression) => expression.and(whereOf(scope)))
      .executeTakeFirst();
    // It ended between the two statements: begin again.
    if (!row) return this.begin(scope, attempt);
    const { answer_status: status, sealed_answer: sealed } = row;
    return {
      requestHash: row.request_hash,
      requestId: row.request_id,
      begunAt: row.begun_at,
      expiresAt: row.expires_at,
      answer: status === null || sealed === null ? undefined : { status, sealed },
      hasFailed: row.has_failed,
    };
  }

  async takeOver(
    scope: IdempotencyScope,
    known: KnownAttempt,
    attempt: IdempotencyAttempt,
  ): Promise<boolean> {
    const row = await this.#db
      .updateTable('idempotency_keys')
      .set({ ...columnsOf(attempt), has_failed: false, answer_status: null, sealed_answer: null })
      .where((expression) => expression.and(whereOf(scope)))
      .where('request_id', '=', known.requestId)
      .where('begun_at', '=', known.begunAt)
      .returning('key')
      .executeTakeFirst();
    return row !== undefined;
  }

  async complete(
    scope: IdempotencyScope,
    attempt: IdempotencyAttempt,
    { status, sealed }: KeptAnswer,
  ): Promise<void> {
    await this.#own(scope, attempt).set({ answer_status: status, sealed_answer: sealed }).execute();
  }

  async fail(scope: IdempotencyScope, attempt: IdempotencyAttempt): Promise<void> {
    await this.#own(scope, attempt).set({ has_failed: true }).execute();
  }

  async forget(scope: IdempotencyScope, attempt: IdempotencyAttempt): Promise<void> {
    await this.#db
      .deleteFrom('idempotency_keys')
      .where((expression) => expression.and(whereOf(scope)))
      .where('request_id', '=', attempt.requestId)
      .where('begun_at', '=', attempt.begunAt)
      .execute();
  }

  #own(scope: IdempotencyScope, attempt: IdempotencyAttempt) {
    return this.#db
      .updateTable('idempotency_keys')
      .where((expression) => expression.and(whereOf(scope)))
      .where('request_id', '=', attempt.requestId)
      .where('begun_at', '=', attempt.begunAt);
  }

  async wasCarriedOut({ organizationId }: IdempotencyScope, known: KnownAttempt): Promise<boolean> {
    const begunAt = Date.parse(known.begunAt);
    const row = await this.#db
      .selectFrom('audit_events')
      .select('id')
      .where('org_id', '=', organizationId)
      .where('id', '>=', firstIdAt(begunAt - AUDIT_WINDOW))
      .where('id', '<', firstIdAt(begunAt + AUDIT_WINDOW))
      .where('request_id', '=', known.requestId)
      .limit(1)
      .executeTakeFirst();
    return row !== undefined;
  }

  async deleteExpired(now: Instant): Promise<void> {
    await this.#db.deleteFrom('idempotency_keys').where('expires_at', '<', now).execute();
  }
}

const whereOf = ({ organizationId, userId, operation, key }: IdempotencyScope) => ({
  org_id: organizationId,
  user_id: userId,
  operation,
  key,
});

const columnsOf = ({ requestHash, requestId, begunAt, expiresAt }: IdempotencyAttempt) => ({
  request_hash: requestHash,
  request_id: requestId,
  begun_at: begunAt,
  expires_at: expiresAt,
});

/** The least UUIDv7 of a moment: ids of audit events are in the order of time (RFC 9562 section 5.7). */
const firstIdAt = (milliseconds: number): string => {
  const time = milliseconds.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`;
};
