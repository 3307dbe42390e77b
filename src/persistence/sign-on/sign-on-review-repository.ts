import type { Kysely, Selectable } from 'kysely';
import { toInstant, type Clock } from '../../kernel/clock.js';
import type { IdWindow, Page } from '../../directory/query.js';
import type { RequestContext } from '../../directory/request-context.js';
import type { RefusalReason } from '../../directory/sign-on/sign-on-outcome.js';
import type {
  ReviewDraft,
  ReviewedClaims,
  SignOnReview,
  SignOnReviewStore,
} from '../../directory/sign-on/sign-on-review-store.js';
import { appendAuditEvent } from '../audit-repository.js';
import type { Database } from '../database.js';
import type { SignOnReviewTable } from '../tables/sso-tables.js';
import { readIdPage } from '../id-page.js';

const toReview = (row: Selectable<SignOnReviewTable>): SignOnReview => ({
  id: row.id,
  ssoConnectionId: row.sso_connection_id,
  subject: row.subject,
  candidateUserId: row.candidate_user_id,
  reason: row.reason as RefusalReason,
  claims: row.claims as ReviewedClaims,
  state: row.state,
  attempts: row.attempts,
  createdAt: row.created_at,
  lastAttemptAt: row.last_attempt_at,
  resolvedAt: row.resolved_at ?? undefined,
});

/** Refused sign-ins in SQL. */
export class SignOnReviewRepository implements SignOnReviewStore {
  readonly #db: Kysely<Database>;
  readonly #clock: Clock;

  constructor(db: Kysely<Database>, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  page(
    organizationId: string,
    state: SignOnReview['state'] | undefined,
    window: IdWindow,
  ): Promise<Page<SignOnReview>> {
    let selected = this.#db.selectFrom('sign_on_reviews').selectAll().where('org_id', '=', organizationId);
    if (state) selected = selected.where('state', '=', state);
    return readIdPage(selected, window, toReview);
  }

  async find(organizationId: string, id: string): Promise<SignOnReview | undefined> {
    const row = await this.#db
      .selectFrom('sign_on_reviews')
      .selectAll()
      .where('org_id', '=', organizationId)
      .where('id', '=', id)
      .$if(this.#db.isTransaction, (select) => select.forUpdate())
      .executeTakeFirst();
    return row && toReview(row);
  }

  async note(context: RequestContext, draft: ReviewDraft): Promise<string> {
    const now = toInstant(this.#clock.now());
    const claims = JSON.stringify(draft.claims);
    // What an admin has dismissed stays dismissed, however often it is tried again.
    const known = await this.#db
      .updateTable('sign_on_reviews')
      .set((expression) => ({
        attempts: expression('attempts', '+', 1),
        last_attempt_at: now,
        reason: draft.reason,
        claims,
      }))
      .where('org_id', '=', context.organizationId)
      .where('sso_connection_id', '=', draft.ssoConnectionId)
      .where('subject', '=', draft.subject)
      .where('candidate_user_id', '=', draft.candidateUserId)
      .where('state', 'in', ['open', 'dismissed'])
      .returning('id')
      .execute();
    const [first] = known;
    if (first) return first.id;
    const row = await this.#db
      .insertInto('sign_on_reviews')
      .values({
        org_id: context.organizationId,
        id: draft.id,
        sso_connection_id: draft.ssoConnectionId,
        subject: draft.subject,
        candidate_user_id: draft.candidateUserId,
        reason: draft.reason,
        claims,
        state: 'open',
        attempts: 1,
        created_at: now,
        last_attempt_at: now,
        resolved_at: null,
      })
      .onConflict((conflict) =>
        conflict
          .columns(['org_id', 'sso_connection_id', 'subject', 'candidate_user_id'])
          .where('state', '=', 'open')
          .doUpdateSet((expression) => ({ attempts: expression('sign_on_reviews.attempts', '+', 1) })),
      )
      .returning('id')
      .executeTakeFirstOrThrow();
    return row.id;
  }

  async dismiss(context: RequestContext, review: SignOnReview): Promise<void> {
    await this.#close(context, review, 'dismissed');
    await appendAuditEvent(this.#db, this.#clock, context, {
      action: 'sign_on_review:dismiss',
      targetType: 'SignOnReview',
      targetId: review.id,
      after: JSON.stringify(identityOf(review)),
    });
  }

  async link(context: RequestContext, review: SignOnReview): Promise<void> {
    const { ssoConnectionId, subject, candidateUserId } = review;
    const { organizationId } = context;
    const replaced = await this.#db
      .deleteFrom('identities')
      .where('org_id', '=', organizationId)
      .where('sso_connection_id', '=', ssoConnectionId)
      .where('user_id', '=', candidateUserId)
      .returning('subject')
      .executeTakeFirst();
    await this.#db
      .insertInto('identities')
      .values({
        org_id: organizationId,
        sso_connection_id: ssoConnectionId,
        subject,
        user_id: candidateUserId,
        created_at: toInstant(this.#clock.now()),
        last_signed_in_at: null,
      })
      .execute();
    await this.#close(context, review, 'linked');
    await appendAuditEvent(this.#db, this.#clock, context, {
      action: 'sign_on_review:link',
      targetType: 'SignOnReview',
      targetId: review.id,
      ...(replaced ? { before: JSON.stringify({ ...identityOf(review), subject: replaced.subject }) } : {}),
      after: JSON.stringify(identityOf(review)),
    });
  }

  async #close(context: RequestContext, review: SignOnReview, state: 'linked' | 'dismissed'): Promise<void> {
    await this.#db
      .updateTable('sign_on_reviews')
      .set({ state, resolved_at: toInstant(this.#clock.now()) })
      .where('org_id', '=', context.organizationId)
      .where('id', '=', review.id)
      .execute();
  }

  async auditRefusal(
    context: RequestContext,
    refusal: Parameters<SignOnReviewStore['auditRefusal']>[1],
  ): Promise<void> {
    const { reason, ssoConnectionId, userId, reviewId, claims } = refusal;
    await appendAuditEvent(this.#db, this.#clock, context, {
      action: 'user:login_refused',
      targetType: userId === undefined ? 'SsoConnection' : 'User',
      targetId: userId ?? ssoConnectionId,
      after: JSON.stringify({ reason, ssoConnectionId, reviewId, ...claims }),
    });
  }
}

const identityOf = ({ ssoConnectionId, subject, candidateUserId }: SignOnReview) => ({
  ssoConnectionId,
  subject,
  userId: candidateUserId,
});
