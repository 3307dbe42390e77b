import { Router, type Request } from 'express';
import type { InvitationAcceptance } from '../directory/invitations/invitation-acceptance.js';
import type { SessionService } from '../directory/sessions/session-service.js';
import { FormGuard, sessionCookie, type AttemptLimiter, type ClientAddress } from '../http/index.js';
import type { Clock } from '../kernel/clock.js';
import type { Logger, Metrics } from '../observability/index.js';
import { handlePage, siteOf, type PageAnswer, type PageRequest } from '../pages/index.js';
import { acceptInvitation, showInvitation, type InvitationPageParts } from './pages/invitation-page.js';

export interface InvitationRouterDependencies {
  readonly acceptance: InvitationAcceptance;
  readonly sessions: SessionService;
  readonly attempts: AttemptLimiter;
  readonly clientAddress: ClientAddress;
  readonly clock: Clock;
  /** Absolute, without a slash at the end. */
  readonly publicUrl: string;
  readonly secretKey: string;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** The page behind the link of an invitation. Its address holds a secret: it sends no referrer, and is not logged. */
export function createInvitationRouter(dependencies: InvitationRouterDependencies): Router {
  const { metrics, logger, publicUrl, secretKey } = dependencies;
  const site = siteOf(publicUrl);
  const { origin, isHttps, basePath } = site;
  const parts: InvitationPageParts = {
    ...dependencies,
    guard: new FormGuard({ secretKey, origin, isHttps }),
    cookie: sessionCookie(isHttps),
    basePath,
  };
  const answerWith =
    (handle: typeof showInvitation) =>
    (page: PageRequest, request: Request): Promise<PageAnswer> =>
      handle(parts, { page, request, secret: String(request.params['secret']) });

  const router = Router({ strict: true, caseSensitive: true });
  const shell = { metrics, logger, site };
  router.get(
    '/invitations/:secret',
    handlePage(shell, {
      surface: 'web',
      operation: 'invitation.form',
      answer: answerWith(showInvitation),
    }),
  );
  router.post(
    '/invitations/:secret',
    handlePage(shell, {
      surface: 'web',
      operation: 'invitation.accept',
      answer: answerWith(acceptInvitation),
    }),
  );
  return router;
}
