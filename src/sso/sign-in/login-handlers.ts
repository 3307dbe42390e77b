import type { IncomingMessage } from 'node:http';
import { writeSessionCookie } from '../../http/index.js';
import { LIMITS } from '../../kernel/limits.js';
import { parseReturnTo } from '../../kernel/return-to.js';
import {
  errorAnswer,
  forwardTo,
  landingOf,
  redirectTo,
  tooManyAttempts,
  type PageAnswer,
  type PageRequest,
} from '../../pages/index.js';
import {
  renderEmailStep,
  renderForwarding,
  renderNoSignIn,
  renderPasswordStep,
  WRONG_PASSWORD,
} from '../pages/login-page.js';
import {
  findPrincipal,
  readCheckedForm,
  requestFacts,
  type SignInParts,
  type SsoTarget,
} from './sign-in-parts.js';

const PASSWORD_NOTICES: ReadonlyMap<string, string> = new Map([
  [
    'password-changed',
    'Your password is changed, and you are signed out everywhere. Sign in with the new one.',
  ],
]);
const NOTICES: ReadonlyMap<string, string> = new Map([['signed-out', 'You are signed out.']]);

/** GET /login: the first step, or straight on for who is signed in. */
export async function showLogin(
  parts: SignInParts,
  { query }: PageRequest,
  request: IncomingMessage,
): Promise<PageAnswer> {
  const returnTo = parseReturnTo(query.get('returnTo'));
  if (await findPrincipal(parts, request)) return redirectTo(landingOf(parts.site, returnTo));
  const notice = NOTICES.get(query.get('notice') ?? '');
  return emailStep(parts, request, { returnTo, notice });
}

/** POST /login: sends the person to where the domain of their address signs in. */
export async function discover(
  parts: SignInParts,
  page: PageRequest,
  request: IncomingMessage,
): Promise<PageAnswer> {
  const read = await readCheckedForm(parts, page, request);
  if ('refusal' in read) return read.refusal;
  const email = (read.form.get('email') ?? '').trim();
  const returnTo = parseReturnTo(read.form.get('returnTo'));
  if (email === '' || email.length > LIMITS.nameLength)
    return emailStep(parts, request, { returnTo, error: 'Enter your e-mail address.' });
  const target = await parts.realms.findByDomain(email);
  if (target) {
    const href = hrefOf(parts, target, { returnTo, loginHint: email });
    return forwardTo(href, renderForwarding(parts.site.basePath, href));
  }
  if (!parts.isLocalAllowed) return { status: 403, body: renderNoSignIn(parts.site.basePath, returnTo) };
  return passwordStep(parts, request, { email, returnTo });
}

/** GET /login/password: the form for accounts with a password, whatever their domain. */
export async function showPasswordForm(
  parts: SignInParts,
  { query, id }: PageRequest,
  request: IncomingMessage,
): Promise<PageAnswer> {
  const returnTo = parseReturnTo(query.get('returnTo'));
  if (!parts.isLocalAllowed) return localIsOff(id);
  if (await findPrincipal(parts, request)) return redirectTo(landingOf(parts.site, returnTo));
  const notice = PASSWORD_NOTICES.get(query.get('notice') ?? '');
  return passwordStep(parts, request, { email: '', returnTo, notice });
}

/** POST /login/password */
export async function signInWithPassword(
  parts: SignInParts,
  page: PageRequest,
  request: IncomingMessage,
): Promise<PageAnswer> {
  const read = await readCheckedForm(parts, page, request);
  if ('refusal' in read) return read.refusal;
  if (!parts.isLocalAllowed) return localIsOff(page.id);
  const { form } = read;
  const email = (form.get('email') ?? '').trim();
  const returnTo = parseReturnTo(form.get('returnTo'));
  const outcome = await parts.localSignIn.signIn({
    userName: email,
    password: form.get('password') ?? '',
    organizationId: form.get('organization') ?? undefined,
    request: requestFacts(parts, page, request),
    userAgent: request.headers['user-agent'],
    replaces: parts.cookie.read(request),
  });
  switch (outcome.kind) {
    case 'signed_in':
      return redirectTo(landingOf(parts.site, returnTo), [
        writeSessionCookie(parts.cookie, outcome.session, parts.clock),
      ]);
    case 'choose_organization':
      return passwordStep(parts, request, {
        email,
        returnTo,
        error: 'Choose your organization, and enter the password again.',
        organizations: outcome.organizations,
      });
    case 'refused':
      return passwordStep(parts, request, { email, returnTo, error: WRONG_PASSWORD });
    case 'throttled':
      return tooManyAttempts(outcome.retryAfterSeconds, page.id);
  }
}

export const localIsOff = (id: string): PageAnswer =>
  errorAnswer(404, 'Passwords are switched off', 'Sign in at your identity provider instead.', id);

/** The start of a sign-in at a connection. OpenID Connect takes the address along, so that nobody enters it twice. */
function hrefOf(
  { site }: SignInParts,
  { kind, id }: SsoTarget,
  { returnTo, loginHint }: { readonly returnTo: string | undefined; readonly loginHint?: string },
): string {
  const query = new URLSearchParams({
    ...(returnTo === undefined ? {} : { returnTo }),
    ...(loginHint === undefined || kind !== 'oidc' ? {} : { login_hint: loginHint }),
  });
  return `${site.basePath}/sso/${kind}/${id}/login${query.size === 0 ? '' : `?${query.toString()}`}`;
}

async function emailStep(
  parts: SignInParts,
  request: IncomingMessage,
  state: {
    readonly returnTo: string | undefined;
    readonly notice?: string | undefined;
    readonly error?: string;
  },
): Promise<PageAnswer> {
  const { token, cookies } = parts.guard.issue(request);
  const offered = await parts.realms.listOffered();
  const body = renderEmailStep({
    basePath: parts.site.basePath,
    formToken: token,
    returnTo: state.returnTo,
    email: '',
    error: state.error,
    notice: state.notice,
    isLocalAllowed: parts.isLocalAllowed,
    offered: offered.map((target) => ({
      name: target.name,
      href: hrefOf(parts, target, { returnTo: state.returnTo }),
    })),
  });
  return { status: state.error === undefined ? 200 : 422, body, cookies };
}

interface PasswordState {
  readonly email: string;
  readonly returnTo: string | undefined;
  readonly error?: string;
  readonly notice?: string | undefined;
  readonly organizations?: readonly { readonly id: string; readonly name: string }[];
}

function passwordStep(parts: SignInParts, request: IncomingMessage, state: PasswordState): PageAnswer {
  const { token, cookies } = parts.guard.issue(request);
  const { email, returnTo, error, notice, organizations = [] } = state;
  const body = renderPasswordStep({
    basePath: parts.site.basePath,
    formToken: token,
    returnTo,
    email,
    error,
    notice,
    organizations,
  });
  return { status: error === undefined ? 200 : 422, body, cookies };
}
