import type { Request, Response } from 'express';
import type { OidcConnection } from '../../directory/sign-on/sso-connection.js';
import { requestIdOf } from '../../http/index.js';
import { isDomainError } from '../../kernel/errors.js';
import { readForm } from '../../pages/index.js';
import { findConnection } from '../flow/find-connection.js';
import { verifyLogoutToken } from './logout-token.js';
import type { OidcSurface } from './oidc-dependencies.js';
import { OIDC_REFUSALS, refusal, type OidcRefusal } from './refusal.js';

/**
 * POST /sso/oidc/{connection}/backchannel-logout: the provider itself says that a session, or every session of a
 * subject, has ended there (OpenID Connect Back-Channel Logout 1.0 section 2.5). No browser takes part, so no cookie is
 * looked at. 200 as soon as the sessions have ended, also when there were none; 400 for a token that is not believed.
 */
export async function takeBackChannelLogout(
  surface: OidcSurface,
  request: Request,
  response: Response,
): Promise<void> {
  const requestId = requestIdOf(request.headers['x-request-id']);
  response.setHeader('X-Request-Id', requestId);
  response.setHeader('Cache-Control', 'no-store');
  try {
    const problem = await takeLogoutToken(surface, request, requestId);
    if (problem === undefined) response.status(200).end();
    else answerProblem(response, problem.status, problem.error, problem.description);
  } catch (error) {
    surface.logger.error({ err: error, requestId }, 'back-channel logout failed');
    const isAway = isDomainError(error) && error.kind === 'unavailable';
    if (isAway) response.setHeader('Retry-After', '5');
    answerProblem(
      response,
      isAway ? 503 : 500,
      isAway ? 'temporarily_unavailable' : 'server_error',
      'The request cannot be answered now.',
    );
  }
}

interface Problem {
  readonly status: number;
  readonly error: string;
  readonly description: string;
}

async function takeLogoutToken(
  surface: OidcSurface,
  request: Request,
  requestId: string,
): Promise<Problem | undefined> {
  const connection = await findConnection(surface, request, 'oidc');
  if (connection === undefined) return invalidRequest('There is no such connection.', 404);
  const form = await readForm(request);
  if (!form.ok)
    return form.error === 'not_a_form'
      ? invalidRequest('Content-Type must be application/x-www-form-urlencoded.', 415)
      : invalidRequest('The request is too large.', 413);
  const [token, ...more] = form.value.getAll('logout_token');
  if (token === undefined || more.length > 0) return invalidRequest('logout_token is required, once.');
  const refused = await endSessions(surface, connection, token, requestId);
  if (refused === undefined) return undefined;
  const { reason, evidence } = refused;
  const { id: ssoConnectionId, organizationId } = connection;
  surface.logger.warn(
    { requestId, organizationId, ssoConnectionId, reason, evidence, meaning: OIDC_REFUSALS[reason] },
    'back-channel logout refused',
  );
  return invalidRequest('The logout token is not valid for this connection.');
}

async function endSessions(
  surface: OidcSurface,
  connection: OidcConnection,
  token: string,
  requestId: string,
): Promise<OidcRefusal | undefined> {
  const { providers, singleLogout, clock } = surface;
  const { organizationId, id: ssoConnectionId, settings } = connection;
  const provider = await providers.find(settings.issuer);
  if (!provider.ok) return provider.error;
  const logout = await verifyLogoutToken(provider.value, settings.clientId, token, clock);
  if (!logout.ok) return logout.error;
  const ended = await singleLogout.endSessions(
    {
      organizationId,
      actor: { kind: 'sso_connection', id: ssoConnectionId },
      requestId,
      sourceAddress: undefined,
    },
    { ...logout.value, ssoConnectionId },
  );
  return ended === 'replayed' ? refusal('token_replayed', 'jti') : undefined;
}

const invalidRequest = (description: string, status = 400): Problem => ({
  status,
  error: 'invalid_request',
  description,
});

const answerProblem = (response: Response, status: number, error: string, description: string): void => {
  response.status(status).json({ error, error_description: description });
};
