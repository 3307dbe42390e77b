import type { Request } from 'express';
import type { OidcConnection } from '../../directory/sign-on/sso-connection.js';
import { SSO_FLOW_SECONDS } from '../../directory/sign-on/sso-flow-service.js';
import { parseReturnTo } from '../../kernel/return-to.js';
import { redirectTo, type PageAnswer, type PageRequest } from '../../pages/index.js';
import { refuseSignIn } from './answers.js';
import { browserSecretOf, noConnection, refuseTooManyStarts } from '../flow/begin-flow.js';
import { findConnection, findTester } from '../flow/find-connection.js';
import type { OidcSurface } from './oidc-dependencies.js';
import { refusal } from './refusal.js';
import { renderRefusedTest } from './test-page.js';

/** GET /sso/oidc/{connection}/login: sends the browser to the provider. `returnTo` and `login_hint` are optional. */
export async function beginLogin(
  surface: OidcSurface,
  page: PageRequest,
  request: Request,
): Promise<PageAnswer> {
  const connection = await findConnection(surface, request, 'oidc');
  if (connection === undefined) return noConnection(page);
  if (surface.isSwitchedOff || !connection.isEnabled)
    return refuseSignIn(surface, page, connection, refusal('connection_disabled'));
  return begin(surface, page, request, connection, {
    purpose: 'login',
    returnTo: parseReturnTo(page.query.get('returnTo')),
    userId: undefined,
    loginHint: readLoginHint(page.query),
  });
}

/** GET /sso/oidc/{connection}/test: an admin goes the same way to see what would happen; the connection may be off. */
export async function beginTest(
  surface: OidcSurface,
  page: PageRequest,
  request: Request,
): Promise<PageAnswer> {
  const connection = await findConnection(surface, request, 'oidc');
  if (connection === undefined) return noConnection(page);
  const tester = await findTester(surface, connection, request);
  if (tester === undefined) return noConnection(page);
  return begin(surface, page, request, connection, {
    purpose: 'test',
    returnTo: undefined,
    userId: tester.userId,
    loginHint: undefined,
  });
}

interface Beginning {
  readonly purpose: 'login' | 'test';
  readonly returnTo: string | undefined;
  readonly userId: string | undefined;
  readonly loginHint: string | undefined;
}

async function begin(
  surface: OidcSurface,
  page: PageRequest,
  request: Request,
  connection: OidcConnection,
  beginning: Beginning,
): Promise<PageAnswer> {
  const refused = refuseTooManyStarts(surface, page, request);
  if (refused) return refused;
  const browserSecret = browserSecretOf(surface, request);
  const started = await surface.flow.start(connection, { ...beginning, browserSecret });
  if (started.ok)
    return redirectTo(started.value.href, [surface.flowCookie.write(browserSecret, SSO_FLOW_SECONDS)]);
  return beginning.purpose === 'test'
    ? renderRefusedTest(surface, page, connection, started.error)
    : refuseSignIn(surface, page, connection, started.error);
}

const LOGIN_HINT = /^[\x21-\x7e\u00a0-\uffff]{1,254}$/;

const readLoginHint = (query: URLSearchParams): string | undefined => {
  const hint = query.get('login_hint');
  return hint !== null && LOGIN_HINT.test(hint) ? hint : undefined;
};
