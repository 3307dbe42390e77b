import type { RefusalReason } from '../../directory/sign-on/sign-on-outcome.js';
import { markup, renderPage, type PageAnswer } from '../../pages/index.js';

/** What a person who is not let in may know. Everything else is in the log and in the audit trail, under the reference. */
export type ShownRefusal =
  /** Nobody may have an account here who was not invited or provisioned. */
  | 'provisioning_disabled'
  /** No seat is free for a new account. */
  | 'seat_limit'
  /** Every other reason, which could tell a stranger whether an account exists. */
  | 'neutral';

export interface RefusedSignIn {
  readonly refusal: ShownRefusal;
  /** Request id. */
  readonly reference: string;
  readonly basePath: string;
}

const TEXTS: Readonly<Record<ShownRefusal, { readonly title: string; readonly message: string }>> = {
  provisioning_disabled: {
    title: 'You need an invitation',
    message:
      'Your identity provider knows you, but there is no account for you here, and accounts are not made by signing in. Ask an admin of your organization to invite you, or to assign you this application in the identity provider.',
  },
  seat_limit: {
    title: 'Seat limit reached',
    message:
      'There is no free seat for a new account. Ask an admin of your organization to free one or to raise the limit, then sign in again.',
  },
  neutral: {
    title: 'You could not be signed in',
    message:
      'Try again. If it stays like this, ask an admin of your organization, and give them the reference below: the reason stands beside it in the log.',
  },
};

/** The one page for every refused sign-in, whichever check failed. */
export function refusedAnswer({ refusal, reference, basePath }: RefusedSignIn): PageAnswer {
  const { title, message } = TEXTS[refusal];
  const body = markup`<h1>${title}</h1>
    <p class="lead">${message}</p>
    <p><a class="button" href="${basePath}/login">Try again</a></p>
    <p><small>Reference <code>${reference}</code></small></p>`;
  return { status: 403, body: renderPage({ title, body, basePath }) };
}

/** What of a reason is shown. @param reason undefined for an answer that was not even believed */
export function shownRefusal(reason: RefusalReason | undefined): ShownRefusal {
  if (reason === 'provisioning_disabled') return 'provisioning_disabled';
  return reason === 'seat_limit_reached' ? 'seat_limit' : 'neutral';
}
