import type { OwnAccount } from '../../directory/account/account-service.js';
import type { Session, SignInMethod } from '../../directory/sessions/session.js';
import { MIN_PASSWORD_LENGTH } from '../../kernel/password-hash.js';
import { markup, renderField, renderFormToken, renderPage, type Html } from '../../pages/index.js';
import { describeBrowser } from './describe-browser.js';

export interface AccountPage {
  readonly basePath: string;
  readonly formToken: string;
  readonly account: OwnAccount;
  /** Id of the session in which the page is shown. */
  readonly currentSession: string;
  readonly notice: string | undefined;
  readonly passwordErrors: PasswordErrors;
}

export type PasswordErrors = Readonly<Partial<Record<'current' | 'next' | 'nextAgain', string>>>;

const METHODS: Readonly<Record<SignInMethod, string>> = {
  password: 'with a password',
  setup: 'by the set-up link',
  invitation: 'by an invitation',
  saml: 'at the identity provider (SAML)',
  oidc: 'at the identity provider (OpenID Connect)',
};

/** Who is signed in, where, and the way out. */
export function renderAccountPage(page: AccountPage): Html {
  const { basePath, formToken, account, currentSession, notice, passwordErrors } = page;
  const { person, sessions, hasPassword } = account;
  const hasProblem = Object.keys(passwordErrors).length > 0;
  const body = markup`<h1>${person.displayName}</h1>
    ${notice === undefined ? undefined : markup`<p class="notice" role="status">${notice}</p>`}
    <section class="card" aria-label="Account">
      <dl>
        <dt>User name</dt>
        <dd>${person.userName}</dd>
        <dt>Organization</dt>
        <dd>${person.organizationName}</dd>
        <dt>Role</dt>
        <dd>${person.organizationRole}</dd>
      </dl>
      <form method="post" action="${basePath}/logout">
        ${renderFormToken(formToken)}
        <button type="submit">Sign out</button>
      </form>
    </section>
    <h2>Where you are signed in</h2>
    <ul class="rows">
      ${sessions.map((session) => renderSession(page, session, session.id === currentSession))}
    </ul>
    ${
      sessions.length < 2
        ? undefined
        : markup`<form method="post" action="${basePath}/account/sessions">
            ${renderFormToken(formToken)}
            <input type="hidden" name="session" value="others" />
            <button type="submit" class="secondary">Sign out everywhere else</button>
          </form>`
    }
    ${hasPassword ? renderPasswordForm(page) : undefined}`;
  return renderPage({ title: hasProblem ? 'Error: Your account' : 'Your account', body, basePath });
}

function renderSession({ basePath, formToken }: AccountPage, session: Session, isCurrent: boolean): Html {
  const browser = describeBrowser(session.userAgent);
  const end = isCurrent
    ? markup`<strong>This browser</strong>`
    : markup`<form method="post" action="${basePath}/account/sessions">
        ${renderFormToken(formToken)}
        <input type="hidden" name="session" value="${session.id}" />
        <button type="submit" class="secondary" aria-label="Sign out ${browser}">Sign out</button>
      </form>`;
  return markup`<li>
      <div>
        ${browser}${session.sourceAddress === undefined ? undefined : markup`, ${session.sourceAddress}`}
        <small>
          Signed in ${METHODS[session.method]}, ${renderTime(session.createdAt)}. Last seen
          ${renderTime(session.lastSeenAt)}.
        </small>
      </div>
      ${end}
    </li>`;
}

/** To the minute, in UTC: the server does not know the person's time zone. */
const renderTime = (instant: string): Html =>
  markup`<time datetime="${instant}">${instant.slice(0, 16).replace('T', ' ')} UTC</time>`;

const renderPasswordForm = ({ basePath, formToken, account, passwordErrors }: AccountPage): Html =>
  markup`<h2>Password</h2>
    <form class="card" method="post" action="${basePath}/account/password">
      ${renderFormToken(formToken)}
      <input type="hidden" name="username" value="${account.person.userName}" autocomplete="username" />
      ${renderField({
        name: 'current',
        label: 'Current password',
        type: 'password',
        autocomplete: 'current-password',
        error: passwordErrors.current,
      })}
      ${renderField({
        name: 'next',
        label: 'New password',
        hint: `${MIN_PASSWORD_LENGTH} characters or more. Every other browser is signed out.`,
        type: 'password',
        autocomplete: 'new-password',
        error: passwordErrors.next,
      })}
      ${renderField({
        name: 'nextAgain',
        label: 'New password, again',
        type: 'password',
        autocomplete: 'new-password',
        error: passwordErrors.nextAgain,
      })}
      <button type="submit">Change password</button>
    </form>`;
