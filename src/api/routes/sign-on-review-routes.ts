import { z } from 'zod';
import type { SignOnReview } from '../../directory/sign-on/sign-on-review-store.js';
import { REFUSAL_REASONS } from '../../directory/sign-on/sign-on-outcome.js';
import { defineRoute, ok, type Route } from '../frame/route.js';
import { id, instant, orNull } from '../schemas/common.js';
import { pageOf } from '../schemas/page.js';

const PATH = '/api/v1/sign-on-reviews';
const REVIEW = `${PATH}/{signOnReviewId}` as const;
const TAG = 'Refused sign-ins';
const STATES = ['open', 'linked', 'dismissed'] as const;

const params = z.strictObject({ signOnReviewId: id });

const reviewSchema = z
  .strictObject({
    id,
    ssoConnectionId: id,
    subject: z.string().meta({ description: 'What the identity provider calls the person.' }),
    userName: z.string().nullable(),
    email: z.string().nullable(),
    displayName: z.string().nullable(),
    userId: id.meta({ description: 'The account that has the name.' }),
    reason: z.enum(REFUSAL_REASONS),
    state: z.enum(STATES),
    attempts: z.int(),
    createdAt: instant,
    lastAttemptAt: instant,
    resolvedAt: instant.nullable(),
  })
  .meta({
    id: 'SignOnReview',
    description:
      'A sign-in that was refused because nothing showed that the account of that name is the same person.',
  });

const toWire = (review: SignOnReview): z.input<typeof reviewSchema> => ({
  id: review.id,
  ssoConnectionId: review.ssoConnectionId,
  subject: review.subject,
  userName: orNull(review.claims.userName),
  email: orNull(review.claims.email),
  displayName: orNull(review.claims.displayName),
  userId: review.candidateUserId,
  reason: review.reason,
  state: review.state,
  attempts: review.attempts,
  createdAt: review.createdAt,
  lastAttemptAt: review.lastAttemptAt,
  resolvedAt: orNull(review.resolvedAt),
});

const answers = { 200: { description: 'The refused sign-in as it is now.', schema: reviewSchema } };

export const signOnReviewRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: PATH,
    operationId: 'signOnReviews.list',
    tag: TAG,
    summary: 'List refused sign-ins',
    permission: 'sso:manage',
    list: { sort: ['id'] },
    query: z.strictObject({
      state: z.enum(STATES).optional().meta({ description: 'In this state.', example: 'open' }),
    }),
    answers: { 200: { description: 'A page of them, the oldest first.', schema: pageOf(reviewSchema) } },
    handle: async ({ signOnReviews }, { context, query, page }) => {
      const { after, limit, sort } = page;
      const window = { after, limit, descending: sort.descending };
      return page.reply(await signOnReviews.page(context.organizationId, query.state, window), toWire);
    },
  }),
  defineRoute({
    method: 'GET',
    path: REVIEW,
    operationId: 'signOnReviews.get',
    tag: TAG,
    summary: 'Read a refused sign-in',
    permission: 'sso:manage',
    params,
    answers: { 200: { description: 'The refused sign-in.', schema: reviewSchema } },
    problems: ['sign_on_review.not_found'],
    handle: async ({ signOnReviews }, { context, params: { signOnReviewId } }) =>
      ok(toWire(await signOnReviews.get(context.organizationId, signOnReviewId))),
  }),
  defineRoute({
    method: 'POST',
    path: `${REVIEW}/link`,
    operationId: 'signOnReviews.link',
    tag: TAG,
    summary: 'Confirm that it is the same person',
    description:
      'Links the account to the subject, in place of the subject it had at that connection. The person signs in at the next attempt.',
    permission: 'sso:manage',
    params,
    answers,
    problems: ['sign_on_review.not_found', 'sign_on_review.resolved', 'identity.taken'],
    handle: async ({ signOnReviews }, { context, params: { signOnReviewId } }) =>
      ok(toWire(await signOnReviews.link(context, signOnReviewId))),
  }),
  defineRoute({
    method: 'POST',
    path: `${REVIEW}/dismiss`,
    operationId: 'signOnReviews.dismiss',
    tag: TAG,
    summary: 'Say that it is somebody else',
    description: 'Further attempts are counted, and stay refused. It can still be linked.',
    permission: 'sso:manage',
    params,
    answers,
    problems: ['sign_on_review.not_found', 'sign_on_review.resolved'],
    handle: async ({ signOnReviews }, { context, params: { signOnReviewId } }) =>
      ok(toWire(await signOnReviews.dismiss(context, signOnReviewId))),
  }),
];
