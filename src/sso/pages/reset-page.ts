import type { PasswordResetOwner } from '../../directory/organizations/local-credential-store.js';
import { MIN_PASSWORD_LENGTH } from '../../kernel/password-hash.js';
import { markup, renderField, renderFormToken, renderPage, type Html } from '../../pages/index.js';

interface ForgotForm {
  readonly basePath: string;
  readonly formToken: string;
  readonly error: string | undefined;
}

/** Asks whose password is forgotten. */
export function renderForgotForm({ basePath, formToken, error }: ForgotForm): Html {
  const body = markup`<h1>Forgot your password?</h1>
    <p class="lead">
      For accounts that have a password here, you get a link to a new one by mail. If you sign in at an identity
      provider, your password is changed there.
    </p>
    <form class="card" method="post" action="${basePath}/login/forgot">
      ${renderFormToken(formToken)}
      ${renderField({
        name: 'email',
        label: 'E-mail address or user name',
        type: 'text',
        autocomplete: 'username',
        error,
        isFirst: true,
      })}
      <button type="submit">Send the link</button>
    </form>
    ${renderBack(basePath)}`;
  return renderPage({ title: titled('Forgot your password?', error), body, basePath, isNarrow: true });
}

/** The same whether there is such an account or not. */
export function renderLinkSent(basePath: string): Html {
  const body = markup`<h1>Look into your mail</h1>
    <p class="lead">If this account has a password here, a link to a new one is on its way to its owner.</p>
    <p>
      The link works once, within an hour. Nothing arrives? Look among the unwanted mails, then ask an admin of your
      organization for a link.
    </p>
    ${renderBack(basePath)}`;
  return renderPage({ title: 'Look into your mail - Rollcall', body, basePath, isNarrow: true });
}

/** Where there is no mail server. */
export function renderAskAdmin(basePath: string): Html {
  const body = markup`<h1>Forgot your password?</h1>
    <p class="lead">This server sends no mails. Ask an admin of your organization for a link to a new password.</p>
    <p>Whoever operates the server makes one for anybody:</p>
    <pre><code>npm run rollcall -- password reset USERNAME</code></pre>
    ${renderBack(basePath)}`;
  return renderPage({ title: 'Forgot your password? - Rollcall', body, basePath, isNarrow: true });
}

const renderBack = (basePath: string): Html =>
  markup`<p><a href="${basePath}/login/password">Back to sign-in</a></p>`;

export type ResetErrors = Readonly<Partial<Record<'password' | 'passwordAgain', string>>>;

export interface ResetForm {
  readonly basePath: string;
  readonly formToken: string;
  readonly errors: ResetErrors;
}

/** What the person with the link sees. The form is posted to the address it is at, which holds the secret. */
export function renderResetForm(
  { userName, organizationName }: PasswordResetOwner,
  { basePath, formToken, errors }: ResetForm,
): Html {
  const body = markup`<h1>Choose a new password</h1>
    <p class="lead">For the account ${userName} of ${organizationName}.</p>
    <form class="card" method="post">
      ${renderFormToken(formToken)}
      <input type="hidden" name="username" value="${userName}" autocomplete="username" />
      ${renderField({
        name: 'password',
        label: 'New password',
        hint: `${MIN_PASSWORD_LENGTH} characters or more. You are signed out everywhere.`,
        type: 'password',
        autocomplete: 'new-password',
        error: errors.password,
        isFirst: true,
      })}
      ${renderField({
        name: 'passwordAgain',
        label: 'New password, again',
        type: 'password',
        autocomplete: 'new-password',
        error: errors.passwordAgain,
      })}
      <button type="submit">Change password</button>
    </form>`;
  const error = Object.values(errors)[0];
  return renderPage({ title: titled('Choose a new password', error), body, basePath, isNarrow: true });
}

/** The title is the first thing a screen reader says of a page. */
const titled = (title: string, error: string | undefined): string =>
  error === undefined ? `${title} - Rollcall` : `Error: ${title} - Rollcall`;
