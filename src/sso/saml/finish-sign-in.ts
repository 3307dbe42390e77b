import type { Request, Response } from 'express';
import type { RequestContext } from '../../directory/request-context.js';
import type { SamlConnection } from '../../directory/sign-on/sso-connection.js';
import type { SsoFlow } from '../../directory/sign-on/sso-flow-service.js';
import { comesFromOurPages, readBody } from '../../http/index.js';
import { LIMITS } from '../../kernel/limits.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { parseReturnTo } from '../../kernel/return-to.js';
import { landingOf, redirectTo, type PageAnswer, type PageRequest } from '../../pages/index.js';
import { refusedAnswer, shownRefusal } from '../pages/index.js';
import { noConnection } from '../flow/begin-flow.js';
import { refuseSignIn } from './answers.js';
import { findConnection } from '../flow/find-connection.js';
import { sealLogoutHint } from './logout/logout-hint.js';
import { renderPostAgain } from './pages/post-again.js';
import { renderRefusedTest, renderTest } from './pages/test-page.js';
import type { SamlSurface } from './saml-dependencies.js';
import type { SamlFinish, SamlPerson, SamlPost } from './saml-flow.js';
import { authenticate } from './saml-strategy.js';
import type { SamlRefusal } from './verify/saml-refusal.js';

const FORM_TYPE = /^application\/x-www-form-urlencoded *(?:;|$)/i;
/** Base64 grows by a third, its `+`, `/` and `=` threefold in a form, and RelayState comes on top. */
const FORM_BYTES = LIMITS.samlMessageBytes * 2;
/** Characters of a RelayState; the standard allows 80 bytes. */
const RELAY_STATE_LENGTH = 2_048;

/** POST /sso/saml/{connection}/acs: the identity provider's answer. Ends in a session, or in a refusal. */
export async function finishSignIn(
  surface: SamlSurface,
  page: PageRequest,
  request: Request,
  response: Response,
): Promise<PageAnswer> {
  const connection = await findConnection(surface, request, 'saml');
  if (connection === undefined) return noConnection(page);
  const post = await readPost(request);
  if (!post.ok) return refuseSignIn(surface, page, connection, post.error);
  const browserSecret = surface.flowCookie.read(request);
  const { site } = surface;
  if (browserSecret === undefined && !site.isHttps && !comesFromOurPages(request, site.origin))
    return renderPostAgain(site.basePath, `${site.basePath}/sso/saml/${connection.id}/acs`, post.value);
  const finish = await authenticate(surface.passport, request, response, post.value, (given) =>
    surface.flow.finish(connection, given, browserSecret),
  );
  if (finish.flow?.purpose === 'test') return showTest(surface, page, connection, finish.flow, finish.result);
  if (surface.isSwitchedOff)
    return refuseSignIn(surface, page, connection, {
      code: 'connection_disabled',
      detail: 'every connection is switched off',
    });
  if (!finish.result.ok) return refuseSignIn(surface, page, connection, finish.result.error);
  noteOverage(surface, page, connection, finish.result.value);
  return signIn(surface, page, request, finish.result.value, {
    returnTo: finish.flow ? finish.flow.returnTo : parseReturnTo(post.value.relayState),
    replaces: finish.flow?.secrets['replaces'] ?? surface.sessionCookie.read(request),
  });
}

/** The fields of the HTTP-POST binding (SAML bindings 3.5), each at most once. */
async function readPost(request: Request): Promise<Result<SamlPost, SamlRefusal>> {
  if (!FORM_TYPE.test(request.headers['content-type'] ?? ''))
    return err({ code: 'malformed', detail: 'not a form' });
  const body = await readBody(request, FORM_BYTES);
  if (!body.ok) return err({ code: 'too_large', detail: `the form has more than ${FORM_BYTES} bytes` });
  const form = new URLSearchParams(body.value.toString('utf8'));
  const [response, ...responses] = form.getAll('SAMLResponse');
  const [relayState, ...relayStates] = form.getAll('RelayState');
  if (response === undefined || response === '' || responses.length > 0 || relayStates.length > 0)
    return err({ code: 'malformed', detail: 'SAMLResponse is required, once' });
  if (relayState !== undefined && relayState.length > RELAY_STATE_LENGTH)
    return err({ code: 'too_large', detail: 'RelayState is too long' });
  return ok({ response, relayState });
}

/**
 * Shows the trial to the browser that began it. The cookie of the session does not come with a post of another site, so what
 * counts is that it is the browser that began, and that the admin who began there is still signed in.
 */
async function showTest(
  surface: SamlSurface,
  page: PageRequest,
  connection: SamlConnection,
  { userId }: SsoFlow,
  result: SamlFinish['result'],
): Promise<PageAnswer> {
  const sessions = userId === undefined ? [] : await surface.sessions.list(connection.organizationId, userId);
  if (sessions.length === 0) return noConnection(page);
  if (!result.ok) return renderRefusedTest(surface, page, connection, result.error);
  return renderTest(surface, connection, result.value);
}

async function signIn(
  surface: SamlSurface,
  page: PageRequest,
  request: Request,
  { identity, assertion }: SamlPerson,
  flow: { readonly returnTo: string | undefined; readonly replaces: string | undefined },
): Promise<PageAnswer> {
  const { signOn, sessions, sessionCookie, site, logger, clock } = surface;
  const { organizationId, id: ssoConnectionId } = identity.ssoConnection;
  const context: RequestContext = {
    organizationId,
    actor: { kind: 'sso_connection', id: ssoConnectionId },
    requestId: page.id,
    sourceAddress: surface.clientAddress(request),
  };
  const origin = {
    method: 'saml',
    ssoConnectionId,
    // As the identity provider names the person when it signs somebody out, whatever the account is found by.
    subject: assertion.subject,
    sessionIndex: identity.sessionIndex,
    logoutHint: sealLogoutHint(surface.sealer, ssoConnectionId, assertion),
  } as const;
  const options = {
    origin,
    userAgent: request.headers['user-agent'],
    replaces: flow.replaces,
    notAfter: assertion.sessionNotOnOrAfter,
  };
  const outcome = await signOn.signIn(context, identity, (stores, userId) =>
    sessions.open(context, userId, options, stores),
  );
  if (outcome.kind === 'refused') {
    logger.warn(
      { requestId: page.id, organizationId, ssoConnectionId, reason: outcome.reason },
      'sign-in by SAML refused',
    );
    const refusal = shownRefusal(outcome.reason);
    return refusedAnswer({ refusal, reference: page.id, basePath: site.basePath });
  }
  const { secret, expiresAt } = outcome.opened;
  const seconds = Math.floor((Date.parse(expiresAt) - clock.now()) / 1_000);
  return redirectTo(landingOf(site, flow.returnTo), [sessionCookie.write(secret, seconds)]);
}

/** An admin will ask why nothing is known of the person's groups. */
function noteOverage(
  { logger }: SamlSurface,
  { id }: PageRequest,
  { organizationId, id: ssoConnectionId }: SamlConnection,
  { notes }: SamlPerson,
): void {
  if (notes.length > 0)
    logger.warn({ requestId: id, organizationId, ssoConnectionId, notes }, 'left out at a sign-in by SAML');
}
