import type { IncomingMessage } from 'node:http';
import type { SessionService } from '../../directory/sessions/session-service.js';
import type { SetupService } from '../../directory/setup/setup-service.js';
import {
  writeSessionCookie,
  type AttemptLimiter,
  type BrowserCookie,
  type ClientAddress,
} from '../../http/index.js';
import type { Clock } from '../../kernel/clock.js';
import { isDomainError } from '../../kernel/errors.js';
import {
  errorAnswer,
  formProblemAnswer,
  readForm,
  type PageAnswer,
  type PageRequest,
} from '../../pages/index.js';
import { renderSetupDone } from './setup-done.js';
import { renderSetupForm, type SetupErrors } from './setup-form.js';

export interface SetupPageParts {
  readonly setup: SetupService;
  readonly sessions: SessionService;
  readonly attempts: AttemptLimiter;
  readonly clientAddress: ClientAddress;
  readonly clock: Clock;
  readonly cookie: BrowserCookie;
  readonly publicUrl: string;
  readonly basePath: string;
}

const MAX_NAME_LENGTH = 100;
const DEFAULT_CONNECTION_NAME = 'okta';

/** GET /setup: the form, for who has the one-time link. */
export async function showSetupForm(
  parts: SetupPageParts,
  { query, id }: PageRequest,
  request: IncomingMessage,
): Promise<PageAnswer> {
  const token = query.get('token') ?? '';
  if (!(await isGood(parts, request, token))) return refuseLink(id);
  const state = {
    basePath: parts.basePath,
    token,
    email: '',
    connectionName: DEFAULT_CONNECTION_NAME,
    errors: {},
  };
  return { status: 200, body: renderSetupForm(state) };
}

/** POST /setup: makes the admin, the connection and its token, and takes the link. */
export async function completeSetup(
  parts: SetupPageParts,
  { id }: PageRequest,
  request: IncomingMessage,
): Promise<PageAnswer> {
  const read = await readForm(request);
  if (!read.ok) return formProblemAnswer(read.error, id);
  const form = read.value;
  const input = {
    link: form.get('token') ?? '',
    email: (form.get('email') ?? '').trim(),
    password: form.get('password') ?? '',
    connectionName: (form.get('connectionName') ?? '').trim(),
  };
  if (!(await isGood(parts, request, input.link))) return refuseLink(id);
  const errors = findErrors(input.connectionName, input.password, form.get('passwordAgain') ?? '');
  if (Object.keys(errors).length > 0) return redisplay(parts, input, errors);
  try {
    const { token, adminId, organization } = await parts.setup.completeSetup(input);
    const session = await parts.sessions.open(
      {
        organizationId: organization.id,
        actor: { kind: 'user', id: adminId },
        requestId: id,
        sourceAddress: parts.clientAddress(request),
      },
      adminId,
      {
        origin: { method: 'setup' },
        userAgent: request.headers['user-agent'],
        replaces: parts.cookie.read(request),
      },
    );
    return {
      status: 200,
      body: renderSetupDone({ ...parts, token: token.secret }),
      cookies: [writeSessionCookie(parts.cookie, session, parts.clock)],
    };
  } catch (error) {
    if (isDomainError(error, 'setup.link_invalid')) return refuseLink(id);
    if (isDomainError(error, 'setup.invalid')) {
      const field = error.field === 'password' ? 'password' : 'email';
      return redisplay(parts, input, { [field]: withoutFieldName(error.detail) });
    }
    if (isDomainError(error, 'user.user_name_taken')) return redisplay(parts, input, { email: error.detail });
    throw error;
  }
}

/** Whether the link can be used. Wrong ones count like other credentials that are no good. */
async function isGood(
  { setup, attempts, clientAddress }: SetupPageParts,
  request: IncomingMessage,
  link: string,
): Promise<boolean> {
  const attempt = attempts.begin(clientAddress(request));
  const isLink = await setup.isSetupLink(link).catch((error: unknown) => {
    attempt.forgive();
    throw error;
  });
  if (isLink) attempt.forgive();
  return isLink;
}

/** What only the form can see, and what would be found only after the link is used up. */
function findErrors(connectionName: string, password: string, passwordAgain: string): SetupErrors {
  return {
    ...(password === passwordAgain ? {} : { passwordAgain: 'The two passwords differ.' }),
    ...(connectionName.length <= MAX_NAME_LENGTH
      ? {}
      : { connectionName: `At most ${MAX_NAME_LENGTH} characters.` }),
  };
}

const redisplay = (
  { basePath }: SetupPageParts,
  {
    link,
    email,
    connectionName,
  }: { readonly link: string; readonly email: string; readonly connectionName: string },
  errors: SetupErrors,
): PageAnswer => ({
  status: 422,
  body: renderSetupForm({ basePath, token: link, email, connectionName, errors }),
});

/** The same for a link that never was and one that was used: nothing is to be learned here. */
const refuseLink = (id: string): PageAnswer =>
  errorAnswer(
    403,
    'This link cannot be used',
    'It was used before, or a newer one was printed when the server was last started. If nobody has set this instance up, restart it and open the link it prints.',
    id,
  );

/** The service names the field at the start, as SCIM errors do; here it stands below the field. */
const withoutFieldName = (detail: string): string => {
  const sentence = detail.replace(/^[a-z]+: /, '');
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
};
