import { DomainError } from '../../kernel/errors.js';
import type { IdWindow, Page } from '../query.js';
import type { RequestContext } from '../request-context.js';
import type { Stores, UnitOfWork } from '../unit-of-work.js';
import type { SignOnReview } from './sign-on-review-store.js';

/** Sign-ins that were refused because an account of the same name exists, and what an admin makes of them. */
export class SignOnReviewService {
  readonly #unitOfWork: UnitOfWork;

  constructor({ unitOfWork }: { readonly unitOfWork: UnitOfWork }) {
    this.#unitOfWork = unitOfWork;
  }

  page(
    organizationId: string,
    state: SignOnReview['state'] | undefined,
    window: IdWindow,
  ): Promise<Page<SignOnReview>> {
    return this.#unitOfWork.stores.signOnReviews.page(organizationId, state, window);
  }

  /** @throws DomainError sign_on_review.not_found */
  get(organizationId: string, id: string): Promise<SignOnReview> {
    return requireReview(this.#unitOfWork.stores, organizationId, id);
  }

  /**
   * Confirms that it is the same person: links the account to the subject, in place of the subject that it had at that
   * connection, if any. The person signs in at the next attempt.
   * @throws DomainError sign_on_review.not_found, sign_on_review.resolved, identity.taken
   */
  link(context: RequestContext, id: string): Promise<SignOnReview> {
    return this.#resolve(context, id, 'linked');
  }

  /**
   * Says that it is somebody else: further attempts are counted, and not put before the admins again.
   * @throws DomainError sign_on_review.not_found, sign_on_review.resolved
   */
  dismiss(context: RequestContext, id: string): Promise<SignOnReview> {
    return this.#resolve(context, id, 'dismissed');
  }

  #resolve(context: RequestContext, id: string, state: 'linked' | 'dismissed'): Promise<SignOnReview> {
    return this.#unitOfWork.transaction(async (stores) => {
      const review = await requireReview(stores, context.organizationId, id);
      const isChanged = review.state === 'open' || (review.state === 'dismissed' && state === 'linked');
      if (!isChanged) throw new DomainError('sign_on_review.resolved');
      if (state === 'linked') await link(stores, context, review);
      else await stores.signOnReviews.dismiss(context, review);
      return requireReview(stores, context.organizationId, id);
    });
  }
}

async function requireReview(stores: Stores, organizationId: string, id: string): Promise<SignOnReview> {
  const review = await stores.signOnReviews.find(organizationId, id);
  if (!review) throw new DomainError('sign_on_review.not_found');
  return review;
}

async function link(stores: Stores, context: RequestContext, review: SignOnReview): Promise<void> {
  await stores.signOn.holdConnection(context.organizationId, review.ssoConnectionId);
  await stores.signOn.lockAccount(context.organizationId, review.candidateUserId);
  await stores.signOnReviews.link(context, review);
}
