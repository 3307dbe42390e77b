import type { Instant } from '../../kernel/clock.js';
import type { IdWindow, Page } from '../query.js';
import type { RequestContext } from '../request-context.js';
import type { RefusalReason } from './sign-on-outcome.js';

/** What an identity provider said of a refused person, as an admin sees it. */
export interface ReviewedClaims {
  readonly userName?: string;
  readonly email?: string;
  readonly displayName?: string;
}

/** A sign-in that looked like a known account and was refused, for an admin to decide about. */
export interface SignOnReview {
  readonly id: string;
  readonly ssoConnectionId: string;
  readonly subject: string;
  readonly candidateUserId: string;
  readonly reason: RefusalReason;
  readonly claims: ReviewedClaims;
  readonly state: 'open' | 'linked' | 'dismissed';
  /** How often it was tried. */
  readonly attempts: number;
  readonly createdAt: Instant;
  readonly lastAttemptAt: Instant;
  readonly resolvedAt: Instant | undefined;
}

export type ReviewDraft = Pick<
  SignOnReview,
  'id' | 'ssoConnectionId' | 'subject' | 'candidateUserId' | 'reason' | 'claims'
>;

export interface SignOnReviewStore {
  page(
    organizationId: string,
    state: SignOnReview['state'] | undefined,
    window: IdWindow,
  ): Promise<Page<SignOnReview>>;
  /** Inside a transaction the review is locked until its end. */
  find(organizationId: string, id: string): Promise<SignOnReview | undefined>;
  /** Notes an attempt: a new review, or one more attempt in the open one of the same subject and account. */
  note(context: RequestContext, draft: ReviewDraft): Promise<string>;
  dismiss(context: RequestContext, review: SignOnReview): Promise<void>;
  /**
   * Links the account to the subject, in place of the one that it had at that connection. The account must be locked.
   * @throws DomainError identity.taken when the subject has another account meanwhile
   */
  link(context: RequestContext, review: SignOnReview): Promise<void>;
  /** A refused sign-in, as an audit event. */
  auditRefusal(
    context: RequestContext,
    refusal: {
      readonly reason: RefusalReason;
      readonly ssoConnectionId: string;
      readonly userId: string | undefined;
      readonly reviewId: string | undefined;
      readonly claims: ReviewedClaims & { readonly subject?: string };
    },
  ): Promise<void>;
}
