import type { Request } from 'express';
import type { RequestContext } from '../../directory/request-context.js';
import { writeSessionCookie } from '../../http/index.js';
import type { OidcConnection } from '../../directory/sign-on/sso-connection.js';
import { landingOf, redirectTo, type PageAnswer, type PageRequest } from '../../pages/index.js';
import { refusedAnswer, shownRefusal } from '../pages/index.js';
import { refuseSignIn } from './answers.js';
import { noConnection } from '../flow/begin-flow.js';
import { MAX_ID_TOKEN_HINT } from './end-session-url.js';
import { findConnection, findTester } from '../flow/find-connection.js';
import type { OidcPerson } from './oidc-flow.js';
import type { OidcSurface } from './oidc-dependencies.js';
import { logoutHintPlace } from './logout-hint.js';
import { refusal } from './refusal.js';
import { renderRefusedTest, renderTest } from './test-page.js';

/** GET /sso/oidc/{connection}/callback: the provider's answer. Ends in a session, or in a refusal. */
export async function finishSignIn(
  surface: OidcSurface,
  page: PageRequest,
  request: Request,
): Promise<PageAnswer> {
  const connection = await findConnection(surface, request, 'oidc');
  if (connection === undefined) return noConnection(page);
  const browserSecret = surface.flowCookie.read(request);
  const { flow, result } = await surface.flow.finish(connection, page.query, browserSecret);
  if (flow?.purpose === 'test') {
    const tester = await findTester(surface, connection, request);
    if (tester?.userId !== flow.userId) return noConnection(page);
    if (!result.ok) return renderRefusedTest(surface, page, connection, result.error);
    noteClaims(surface, page, connection, result.value);
    return renderTest(surface, connection, result.value);
  }
  if (surface.isSwitchedOff) return refuseSignIn(surface, page, connection, refusal('connection_disabled'));
  if (!result.ok) return refuseSignIn(surface, page, connection, result.error);
  noteClaims(surface, page, connection, result.value);
  return signIn(surface, page, request, result.value, flow?.returnTo);
}

async function signIn(
  surface: OidcSurface,
  page: PageRequest,
  request: Request,
  { identity, idToken }: OidcPerson,
  returnTo: string | undefined,
): Promise<PageAnswer> {
  const { signOn, sessions, sessionCookie, sealer, site, logger } = surface;
  const { ssoConnection, subject, sessionIndex } = identity;
  const { organizationId, id: ssoConnectionId } = ssoConnection;
  const context: RequestContext = {
    organizationId,
    actor: { kind: 'sso_connection', id: ssoConnectionId },
    requestId: page.id,
    sourceAddress: surface.clientAddress(request),
  };
  const logoutHint =
    idToken.length <= MAX_ID_TOKEN_HINT ? sealer.seal(idToken, logoutHintPlace(ssoConnectionId)) : undefined;
  const outcome = await signOn.signIn(context, identity, (stores, userId) =>
    sessions.open(
      context,
      userId,
      {
        origin: { method: 'oidc', ssoConnectionId, subject, sessionIndex, logoutHint },
        userAgent: request.headers['user-agent'],
        replaces: sessionCookie.read(request),
      },
      stores,
    ),
  );
  if (outcome.kind === 'refused') {
    logger.warn(
      { requestId: page.id, organizationId, ssoConnectionId, reason: outcome.reason },
      'sign-in by OpenID Connect refused',
    );
    return refusedAnswer({
      refusal: shownRefusal(outcome.reason),
      reference: page.id,
      basePath: site.basePath,
    });
  }
  const cookie = writeSessionCookie(sessionCookie, outcome.opened, surface.clock);
  return redirectTo(landingOf(site, returnTo), [cookie]);
}

/** What was left out of an answer that was accepted otherwise: an admin will ask why. */
function noteClaims(
  { logger }: OidcSurface,
  { id }: PageRequest,
  { organizationId, id: ssoConnectionId }: OidcConnection,
  { notes, userInfoProblem }: OidcPerson,
): void {
  if (notes.length === 0 && userInfoProblem === undefined) return;
  logger.warn(
    { requestId: id, organizationId, ssoConnectionId, notes, userInfo: userInfoProblem },
    'claims left out at a sign-in by OpenID Connect',
  );
}
