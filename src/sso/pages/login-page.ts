import {
  markup,
  renderField,
  renderFormToken,
  renderHidden,
  renderPage,
  type Html,
} from '../../pages/index.js';

interface LoginForm {
  readonly basePath: string;
  readonly formToken: string;
  /** Where to go afterwards. */
  readonly returnTo: string | undefined;
}

/** An SsoConnection that the operator offers to everybody. */
export interface OfferedConnection {
  readonly name: string;
  readonly href: string;
}

/** The first step: who are you? The answer decides where to sign in. */
export interface EmailStep extends LoginForm {
  readonly email: string;
  readonly error: string | undefined;
  readonly notice: string | undefined;
  /** Whether passwords kept here are taken. */
  readonly isLocalAllowed: boolean;
  readonly offered: readonly OfferedConnection[];
}

export function renderEmailStep(step: EmailStep): Html {
  const { basePath, formToken, returnTo, email, error, notice, isLocalAllowed, offered } = step;
  const body = markup`<h1>Sign in</h1>
    ${notice === undefined ? undefined : markup`<p class="notice" role="status">${notice}</p>`}
    ${offered.map(({ name, href }) => markup`<p><a class="button wide" href="${href}">Sign in with ${name}</a></p>`)}
    <form class="card" method="post" action="${basePath}/login">
      ${renderFormToken(formToken)} ${renderHidden('returnTo', returnTo)}
      ${renderField({
        name: 'email',
        label: 'Work e-mail address',
        hint: 'It leads you to where your organization signs in.',
        type: 'text',
        autocomplete: 'username',
        value: email,
        error,
        isFirst: true,
      })}
      <button type="submit">Continue</button>
    </form>
    ${isLocalAllowed ? renderPasswordLink(basePath, returnTo) : undefined}`;
  return renderPage({ title: titled('Sign in', error), body, basePath, isNarrow: true });
}

const renderPasswordLink = (basePath: string, returnTo: string | undefined): Html =>
  markup`<p><a href="${basePath}/login/password${returnToQuery(returnTo)}">Sign in with a password</a></p>`;

/** The password of an account kept here. */
export interface PasswordStep extends LoginForm {
  readonly email: string;
  /** The same for a wrong password and an unknown account. */
  readonly error: string | undefined;
  readonly notice: string | undefined;
  /** Organizations to choose from, when the password is right in several. */
  readonly organizations: readonly { readonly id: string; readonly name: string }[];
}

export function renderPasswordStep(step: PasswordStep): Html {
  const { basePath, formToken, returnTo, email, error, notice, organizations } = step;
  const body = markup`<h1>Sign in with a password</h1>
    ${notice === undefined ? undefined : markup`<p class="notice" role="status">${notice}</p>`}
    <p class="lead">For accounts that have a password here. Most people sign in at their identity provider.</p>
    <form class="card" method="post" action="${basePath}/login/password">
      ${renderFormToken(formToken)} ${renderHidden('returnTo', returnTo)}
      ${renderField({
        name: 'email',
        label: 'E-mail address or user name',
        type: 'text',
        autocomplete: 'username',
        value: email,
        isFirst: email === '',
      })}
      ${renderField({
        name: 'password',
        label: 'Password',
        type: 'password',
        autocomplete: 'current-password',
        error,
        isFirst: email !== '',
      })}
      ${organizations.length === 0 ? undefined : renderOrganizations(organizations)}
      <button type="submit">Sign in</button>
    </form>
    <p><a href="${basePath}/login/forgot">Forgot your password?</a></p>
    <p><a href="${basePath}/login${returnToQuery(returnTo)}">Sign in at your identity provider</a></p>`;
  return renderPage({ title: titled('Sign in with a password', error), body, basePath, isNarrow: true });
}

const renderOrganizations = (organizations: PasswordStep['organizations']): Html =>
  markup`<fieldset>
      <legend>Organization <span class="hint">This password is right in several.</span></legend>
      ${organizations.map(
        ({ id, name }, index) =>
          markup`<label class="choice"><input type="radio" name="organization" value="${id}" required${
            index === 0 ? markup` checked` : undefined
          } /> ${name}</label>`,
      )}
    </fieldset>`;

/** On the way to the identity provider; the browser goes by itself. */
export function renderForwarding(basePath: string, href: string): Html {
  const body = markup`<h1>One moment</h1>
    <p class="lead">Your organization signs in at its identity provider. You are being taken there.</p>
    <p><a class="button" href="${href}">Continue</a></p>`;
  return renderPage({ title: 'Going to your identity provider', body, basePath, isNarrow: true });
}

/** What somebody sees whose address leads nowhere, where passwords are switched off. */
export function renderNoSignIn(basePath: string, returnTo: string | undefined): Html {
  const body = markup`<h1>No way to sign in</h1>
    <p class="lead">
      This address leads to no identity provider. Check it for a mistake, or ask an admin of your organization how to
      sign in.
    </p>
    <p><a class="button" href="${basePath}/login${returnToQuery(returnTo)}">Back</a></p>`;
  return renderPage({ title: 'No way to sign in', body, basePath, isNarrow: true });
}

export const WRONG_PASSWORD = 'The user name or the password is wrong, or the account may not sign in here.';

const returnToQuery = (returnTo: string | undefined): string =>
  returnTo === undefined ? '' : `?${new URLSearchParams({ returnTo }).toString()}`;

/** The title is the first thing a screen reader says of a page. */
const titled = (title: string, error: string | undefined): string =>
  error === undefined ? `${title} - Rollcall` : `Error: ${title} - Rollcall`;
