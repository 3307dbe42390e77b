import type { IncomingMessage } from 'node:http';
import { principalContext, type Principal, type PrincipalContext } from '../../directory/principals/index.js';
import type { SsoSignIn } from '../../directory/sessions/session.js';
import { isDomainError } from '../../kernel/errors.js';
import { isUuid } from '../../kernel/ids.js';
import { redirectTo, tooManyAttempts, type PageAnswer, type PageRequest } from '../../pages/index.js';
import { renderAccountPage, type PasswordErrors } from '../pages/account-page.js';
import { renderLogoutPage, renderSignedOutHere } from '../pages/logout-page.js';
import { findPrincipal, readCheckedForm, requestFacts, type SignInParts } from './sign-in-parts.js';

const NOTICES: ReadonlyMap<string, string> = new Map([
  ['ended', 'That browser is signed out.'],
  ['others-ended', 'Every other browser is signed out.'],
  ['password', 'Your password is changed, and every other browser is signed out.'],
]);
const OTHERS = 'others';

/** GET /account */
export async function showAccount(
  parts: SignInParts,
  { query }: PageRequest,
  request: IncomingMessage,
): Promise<PageAnswer> {
  const principal = await findPrincipal(parts, request);
  if (!principal) return signInFirst(parts);
  return accountPage(parts, request, principal, { notice: NOTICES.get(query.get('notice') ?? '') });
}

/** POST /account/sessions: ends one session of the person, or all but the one this comes from. */
export async function endSessions(
  parts: SignInParts,
  page: PageRequest,
  request: IncomingMessage,
): Promise<PageAnswer> {
  const read = await readOwnForm(parts, page, request);
  if ('refusal' in read) return read.refusal;
  const { form, context } = read;
  const { principal } = context;
  const wanted = form.get('session') ?? '';
  if (wanted === OTHERS) await parts.sessions.endAll(context, principal.userId, principal.credential.id);
  else if (isUuid(wanted)) await endOne(parts, context, wanted);
  return redirectTo(`${parts.site.basePath}/account?notice=${wanted === OTHERS ? 'others-ended' : 'ended'}`);
}

/** One that has ended meanwhile is as good as ended now. */
async function endOne(parts: SignInParts, context: PrincipalContext, id: string): Promise<void> {
  try {
    await parts.sessions.end(context, context.principal.userId, id);
  } catch (error) {
    if (!isDomainError(error, 'session.not_found')) throw error;
  }
}

/** POST /account/password */
export async function changePassword(
  parts: SignInParts,
  page: PageRequest,
  request: IncomingMessage,
): Promise<PageAnswer> {
  const read = await readOwnForm(parts, page, request);
  if ('refusal' in read) return read.refusal;
  const { form, context } = read;
  const { principal } = context;
  const [current, next] = [form.get('current') ?? '', form.get('next') ?? ''];
  const again = (passwordErrors: PasswordErrors): Promise<PageAnswer> =>
    accountPage(parts, request, principal, { passwordErrors });
  if (next !== (form.get('nextAgain') ?? '')) return again({ nextAgain: 'The two passwords differ.' });
  try {
    await parts.account.changePassword(context, { current, next });
    return redirectTo(`${parts.site.basePath}/account?notice=password`);
  } catch (error) {
    if (isDomainError(error, 'account.wrong_password')) return again({ current: error.detail });
    if (isDomainError(error, 'account.invalid_password')) return again({ next: error.detail });
    if (isDomainError(error, 'credential.too_many_attempts'))
      return tooManyAttempts(error.retryAfterSeconds ?? 1, page.id);
    throw error;
  }
}

/** GET /logout: a button, because a link anywhere could lead here. */
export async function showLogout(
  parts: SignInParts,
  _page: PageRequest,
  request: IncomingMessage,
): Promise<PageAnswer> {
  if (!(await findPrincipal(parts, request))) return redirectTo(`${parts.site.basePath}/login`);
  const { token, cookies } = parts.guard.issue(request);
  return { status: 200, body: renderLogoutPage(parts.site.basePath, token), cookies };
}

/** POST /logout */
export async function signOut(
  parts: SignInParts,
  page: PageRequest,
  request: IncomingMessage,
): Promise<PageAnswer> {
  const read = await readCheckedForm(parts, page, request);
  if ('refusal' in read) return read.refusal;
  const context = await findContext(parts, page, request);
  const signIn = context && (await parts.sessions.findSsoSignIn(context.principal));
  if (context) await parts.sessions.signOut(context, context.principal);
  const location = context && signIn && (await findProviderLogout(parts, context, signIn));
  const cookies = [parts.cookie.clear()];
  return location === undefined
    ? redirectTo(`${parts.site.basePath}/login?notice=signed-out`, cookies)
    : { status: 200, body: renderSignedOutHere(parts.site.basePath, location), cookies };
}

/** The person is signed out here already: what goes wrong on the way to the identity provider is for the log. */
async function findProviderLogout(
  { providerLogout, logger }: SignInParts,
  { organizationId, requestId }: PrincipalContext,
  signIn: SsoSignIn,
): Promise<string | undefined> {
  try {
    return await providerLogout.findUrl(organizationId, signIn);
  } catch (error) {
    const { ssoConnectionId } = signIn;
    logger.error(
      { err: error, requestId, organizationId, ssoConnectionId },
      'no way to sign out at the provider',
    );
    return undefined;
  }
}

const signInFirst = ({ site }: SignInParts): PageAnswer =>
  redirectTo(
    `${site.basePath}/login?${new URLSearchParams({ returnTo: `${site.basePath}/account` }).toString()}`,
  );

/** The form of somebody who is signed in, from the browser it was given to. */
async function readOwnForm(
  parts: SignInParts,
  page: PageRequest,
  request: IncomingMessage,
): Promise<
  { readonly form: URLSearchParams; readonly context: PrincipalContext } | { readonly refusal: PageAnswer }
> {
  const read = await readCheckedForm(parts, page, request);
  if ('refusal' in read) return read;
  const context = await findContext(parts, page, request);
  return context ? { form: read.form, context } : { refusal: signInFirst(parts) };
}

async function findContext(
  parts: SignInParts,
  page: PageRequest,
  request: IncomingMessage,
): Promise<PrincipalContext | undefined> {
  const principal = await findPrincipal(parts, request);
  return principal && principalContext(principal, requestFacts(parts, page, request));
}

async function accountPage(
  parts: SignInParts,
  request: IncomingMessage,
  principal: Principal,
  state: { readonly notice?: string | undefined; readonly passwordErrors?: PasswordErrors },
): Promise<PageAnswer> {
  const { token, cookies } = parts.guard.issue(request);
  const { notice, passwordErrors = {} } = state;
  const body = renderAccountPage({
    basePath: parts.site.basePath,
    formToken: token,
    account: await parts.account.describe(principal),
    currentSession: principal.credential.id,
    notice,
    passwordErrors,
  });
  return { status: Object.keys(passwordErrors).length === 0 ? 200 : 422, body, cookies };
}
