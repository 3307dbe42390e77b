import type { IncomingMessage } from 'node:http';
import type { InvitationAcceptance } from '../../directory/invitations/invitation-acceptance.js';
import type { SessionService } from '../../directory/sessions/session-service.js';
import {
  withoutOpaqueOrigin,
  writeSessionCookie,
  type AttemptLimiter,
  type BrowserCookie,
  type ClientAddress,
  type FormGuard,
} from '../../http/index.js';
import type { Clock } from '../../kernel/clock.js';
import { isDomainError } from '../../kernel/errors.js';
import {
  errorAnswer,
  formProblemAnswer,
  readForm,
  redirectTo,
  type PageAnswer,
  type PageRequest,
} from '../../pages/index.js';
import { renderInvitation, renderJoined, type InvitationErrors } from './invitation-form.js';

export interface InvitationPageParts {
  readonly acceptance: InvitationAcceptance;
  readonly sessions: SessionService;
  readonly guard: FormGuard;
  readonly cookie: BrowserCookie;
  readonly attempts: AttemptLimiter;
  readonly clientAddress: ClientAddress;
  readonly clock: Clock;
  readonly basePath: string;
}

interface Visit {
  readonly page: PageRequest;
  readonly request: IncomingMessage;
  readonly secret: string;
}

/** GET: what the invitation is about. Nothing happens yet, since mail scanners open links. */
export async function showInvitation(parts: InvitationPageParts, visit: Visit): Promise<PageAnswer> {
  try {
    return await tryLink(parts, visit, () =>
      display(parts, visit, { status: 200, displayName: '', errors: {} }),
    );
  } catch (error) {
    return refuse(error, visit.page.id);
  }
}

/** POST: makes the account and signs it in, or adds the account that is there to the teams. */
export async function acceptInvitation(parts: InvitationPageParts, visit: Visit): Promise<PageAnswer> {
  const { page, request, secret } = visit;
  const read = await readForm(request);
  if (!read.ok) return formProblemAnswer(read.error, page.id);
  const form = read.value;
  if (!parts.guard.accepts(withoutOpaqueOrigin(request), form))
    return errorAnswer(403, 'This form is out of date', 'Open the link of the invitation again.', page.id);
  const displayName = form.get('displayName') ?? '';
  const password = form.get('password') ?? undefined;
  try {
    if ((form.get('passwordAgain') ?? undefined) !== password) {
      const errors = { passwordAgain: 'The two passwords differ.' };
      return await tryLink(parts, visit, () => display(parts, visit, { status: 422, displayName, errors }));
    }
    const accepted = await tryLink(parts, visit, () =>
      parts.acceptance.accept(
        { requestId: page.id, sourceAddress: parts.clientAddress(request) },
        { secret, password, displayName },
        (stores, context, userId) =>
          parts.sessions.open(
            context,
            userId,
            {
              origin: { method: 'invitation' },
              userAgent: request.headers['user-agent'],
              replaces: parts.cookie.read(request),
            },
            stores,
          ),
      ),
    );
    if (!accepted.opened) return { status: 200, body: renderJoined(parts.basePath) };
    const cookie = writeSessionCookie(parts.cookie, accepted.opened, parts.clock);
    return redirectTo(`${parts.basePath}/account`, [cookie]);
  } catch (error) {
    if (!isDomainError(error, 'invitation.invalid')) return refuse(error, page.id);
    const field = error.field === 'displayName' ? 'displayName' : 'password';
    return display(parts, visit, { status: 422, displayName, errors: { [field]: error.detail } });
  }
}

/** Wrong links count like other credentials that are no good. */
const tryLink = <Found>(
  { attempts, clientAddress }: InvitationPageParts,
  { request }: Visit,
  lookUp: () => Promise<Found>,
): Promise<Found> => attempts.run(clientAddress(request), 'invitation.link_invalid', lookUp);

async function display(
  { acceptance, guard, basePath }: InvitationPageParts,
  { request, secret }: Visit,
  state: { readonly status: number; readonly displayName: string; readonly errors: InvitationErrors },
): Promise<PageAnswer> {
  const open = await acceptance.find(secret);
  const { token, cookies } = guard.issue(request);
  const { displayName, errors } = state;
  return {
    status: state.status,
    body: renderInvitation(open, { basePath, formToken: token, displayName, errors }),
    cookies,
  };
}

/** The same for a link that never was, was used, revoked, or expired: nothing is to be learned here. */
function refuse(error: unknown, id: string): PageAnswer {
  if (isDomainError(error, 'user.seat_limit_reached'))
    return errorAnswer(
      409,
      'Seat limit reached',
      'Ask whoever invited you for a free seat; the link stays good.',
      id,
    );
  const isRefused =
    isDomainError(error) && (error.code.startsWith('invitation.') || error.code === 'user.user_name_taken');
  if (!isRefused) throw error;
  return errorAnswer(
    403,
    'This link cannot be used',
    'It was used before, revoked, sent again, or has expired. Ask whoever invited you to send it again.',
    id,
  );
}
