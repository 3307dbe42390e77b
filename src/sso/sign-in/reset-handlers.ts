import type { Request } from 'express';
import type { IncomingMessage } from 'node:http';
import type { PasswordResetOwner } from '../../directory/organizations/local-credential-store.js';
import { withoutOpaqueOrigin } from '../../http/index.js';
import { isDomainError } from '../../kernel/errors.js';
import { LIMITS } from '../../kernel/limits.js';
import {
  errorAnswer,
  redirectTo,
  tooManyAttempts,
  type PageAnswer,
  type PageRequest,
} from '../../pages/index.js';
import {
  renderAskAdmin,
  renderForgotForm,
  renderLinkSent,
  renderResetForm,
  type ResetErrors,
} from '../pages/reset-page.js';
import { localIsOff } from './login-handlers.js';
import { readCheckedForm, requestFacts, type SignInParts } from './sign-in-parts.js';

/** GET /login/forgot */
export function showForgot(parts: SignInParts, { id }: PageRequest, request: IncomingMessage): PageAnswer {
  const { site, passwordResets } = parts;
  if (!parts.isLocalAllowed) return localIsOff(id);
  if (!passwordResets.isOffered) return { status: 200, body: renderAskAdmin(site.basePath) };
  return forgotForm(parts, request, undefined);
}

/** POST /login/forgot: always the same answer, before anybody looks whether there is such an account. */
export async function askForReset(
  parts: SignInParts,
  page: PageRequest,
  request: IncomingMessage,
): Promise<PageAnswer> {
  const read = await readCheckedForm(parts, page, request);
  if ('refusal' in read) return read.refusal;
  const { site, passwordResets, logger } = parts;
  if (!parts.isLocalAllowed) return localIsOff(page.id);
  if (!passwordResets.isOffered) return { status: 200, body: renderAskAdmin(site.basePath) };
  const userName = (read.form.get('email') ?? '').trim();
  if (userName === '' || userName.length > LIMITS.nameLength)
    return forgotForm(parts, request, 'Enter your e-mail address or user name.');
  const outcome = await passwordResets.request(
    { userName, request: requestFacts(parts, page, request) },
    (error) => {
      logger.error({ err: error, requestId: page.id }, 'the link to a new password was not sent');
    },
  );
  return outcome.kind === 'throttled'
    ? tooManyAttempts(outcome.retryAfterSeconds, page.id)
    : { status: 200, body: renderLinkSent(site.basePath) };
}

function forgotForm(parts: SignInParts, request: IncomingMessage, error: string | undefined): PageAnswer {
  const { token, cookies } = parts.guard.issue(request);
  const body = renderForgotForm({ basePath: parts.site.basePath, formToken: token, error });
  return { status: error === undefined ? 200 : 422, body, cookies };
}

/** GET /login/reset/{secret}. Nothing happens yet, since mail scanners open links. */
export async function showReset(
  parts: SignInParts,
  { id }: PageRequest,
  request: Request,
): Promise<PageAnswer> {
  if (!parts.isLocalAllowed) return localIsOff(id);
  try {
    return resetForm(parts, request, await findOwner(parts, request), {});
  } catch (error) {
    return refuseLink(error, id);
  }
}

/** POST /login/reset/{secret} */
export async function completeReset(
  parts: SignInParts,
  page: PageRequest,
  request: Request,
): Promise<PageAnswer> {
  if (!parts.isLocalAllowed) return localIsOff(page.id);
  const read = await readCheckedForm(parts, page, request, withoutOpaqueOrigin(request));
  if ('refusal' in read) return read.refusal;
  const { form } = read;
  const password = form.get('password') ?? '';
  try {
    const owner = await findOwner(parts, request);
    if (password !== (form.get('passwordAgain') ?? ''))
      return resetForm(parts, request, owner, { passwordAgain: 'The two passwords differ.' });
    try {
      await parts.passwordResets.complete(
        { secret: secretOf(request), password },
        requestFacts(parts, page, request),
      );
    } catch (error) {
      if (!isDomainError(error, 'account.invalid_password')) throw error;
      return resetForm(parts, request, owner, { password: error.detail });
    }
    return redirectTo(`${parts.site.basePath}/login/password?notice=password-changed`);
  } catch (error) {
    return refuseLink(error, page.id);
  }
}

const secretOf = ({ params }: Request): string => String(params['secret']);

/** Wrong links count like other credentials that are no good. */
const findOwner = (
  { attempts, clientAddress, passwordResets }: SignInParts,
  request: Request,
): Promise<PasswordResetOwner> =>
  attempts.run(clientAddress(request), 'account.reset_link_invalid', () =>
    passwordResets.find(secretOf(request)),
  );

function resetForm(
  parts: SignInParts,
  request: Request,
  owner: PasswordResetOwner,
  errors: ResetErrors,
): PageAnswer {
  const { token, cookies } = parts.guard.issue(request);
  const body = renderResetForm(owner, { basePath: parts.site.basePath, formToken: token, errors });
  return { status: Object.keys(errors).length === 0 ? 200 : 422, body, cookies };
}

/** The same for a link that never was, was used, was replaced, or expired: nothing is to be learned here. */
function refuseLink(error: unknown, id: string): PageAnswer {
  if (!isDomainError(error, 'account.reset_link_invalid')) throw error;
  return errorAnswer(
    403,
    'This link cannot be used',
    'It was used before, replaced by another one, or has expired. Ask for a new one where you sign in.',
    id,
  );
}
