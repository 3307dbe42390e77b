import { MIN_PASSWORD_LENGTH } from '../../kernel/password-hash.js';
import { markup, renderField, renderPage, type FormField, type Html } from '../../pages/index.js';

/** Fields of the form, by their names in it. */
export const SETUP_FIELDS = ['email', 'password', 'passwordAgain', 'connectionName'] as const;
export type SetupField = (typeof SETUP_FIELDS)[number];
export type SetupErrors = Readonly<Partial<Record<SetupField, string>>>;

export interface SetupFormState {
  readonly basePath: string;
  readonly token: string;
  /** As typed before; passwords are typed anew. */
  readonly email: string;
  readonly connectionName: string;
  readonly errors: SetupErrors;
}

const FIELDS: readonly (FormField & { readonly name: SetupField })[] = [
  {
    name: 'email',
    label: 'Your e-mail address',
    hint: 'You become the first admin.',
    type: 'email',
    autocomplete: 'username',
  },
  {
    name: 'password',
    label: 'Password',
    hint: `${MIN_PASSWORD_LENGTH} characters or more.`,
    type: 'password',
    autocomplete: 'new-password',
  },
  {
    name: 'passwordAgain',
    label: 'Password, again',
    type: 'password',
    autocomplete: 'new-password',
  },
  {
    name: 'connectionName',
    label: 'Name of the identity provider',
    hint: 'Such as okta or entra. Its first token is made too.',
    type: 'text',
    autocomplete: 'off',
  },
];

export function renderSetupForm(state: SetupFormState): Html {
  const typed: Readonly<Record<SetupField, string>> = {
    email: state.email,
    connectionName: state.connectionName,
    password: '',
    passwordAgain: '',
  };
  const fields = FIELDS.map((field) =>
    renderField({ ...field, value: typed[field.name], error: state.errors[field.name] }),
  );
  const body = markup`<h1>Set up Rollcall</h1>
    <p class="lead">One minute: an admin, and a connection for your identity provider.</p>
    <form class="card" method="post" action="${state.basePath}/setup" autocomplete="on">
      <input type="hidden" name="token" value="${state.token}" />
      ${fields}
      <button type="submit">Finish</button>
    </form>`;
  return renderPage({ title: 'Set up Rollcall', body, basePath: state.basePath });
}
