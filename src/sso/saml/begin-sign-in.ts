import type { Request } from 'express';
import type { SamlConnection } from '../../directory/sign-on/sso-connection.js';
import { SSO_FLOW_SECONDS } from '../../directory/sign-on/sso-flow-service.js';
import { parseReturnTo } from '../../kernel/return-to.js';
import { redirectTo, type PageAnswer, type PageRequest } from '../../pages/index.js';
import { refuseSignIn } from './answers.js';
import { browserSecretOf, noConnection, refuseTooManyStarts } from '../flow/begin-flow.js';
import { findConnection, findTester } from '../flow/find-connection.js';
import type { SamlSurface } from './saml-dependencies.js';
import type { SamlStart } from './saml-flow.js';

/** GET /sso/saml/{connection}/login: sends the browser to the identity provider. `returnTo` is optional. */
export async function beginLogin(
  surface: SamlSurface,
  page: PageRequest,
  request: Request,
): Promise<PageAnswer> {
  const connection = await findConnection(surface, request, 'saml');
  if (connection === undefined) return noConnection(page);
  if (surface.isSwitchedOff || !connection.isEnabled)
    return refuseSignIn(surface, page, connection, {
      code: 'connection_disabled',
      detail: surface.isSwitchedOff ? 'every connection is switched off' : 'the connection is switched off',
    });
  const returnTo = parseReturnTo(page.query.get('returnTo'));
  return begin(surface, page, request, connection, { purpose: 'login', returnTo, userId: undefined });
}

/** GET /sso/saml/{connection}/test: an admin goes the same way to see what would happen; the connection may be off. */
export async function beginTest(
  surface: SamlSurface,
  page: PageRequest,
  request: Request,
): Promise<PageAnswer> {
  const connection = await findConnection(surface, request, 'saml');
  if (connection === undefined) return noConnection(page);
  const tester = await findTester(surface, connection, request);
  if (tester === undefined) return noConnection(page);
  const { userId } = tester;
  return begin(surface, page, request, connection, { purpose: 'test', returnTo: undefined, userId });
}

async function begin(
  surface: SamlSurface,
  page: PageRequest,
  request: Request,
  connection: SamlConnection,
  beginning: Pick<SamlStart, 'purpose' | 'returnTo' | 'userId'>,
): Promise<PageAnswer> {
  const refused = refuseTooManyStarts(surface, page, request);
  if (refused) return refused;
  const { flow, flowCookie, sessionCookie } = surface;
  const browserSecret = browserSecretOf(surface, request);
  // The answer is a post of another site, with which browsers do not send the cookie of the session.
  const replaces = sessionCookie.read(request);
  const location = await flow.start(connection, { ...beginning, browserSecret, replaces });
  return redirectTo(location, [flowCookie.write(browserSecret, SSO_FLOW_SECONDS)]);
}
