import type { OpenInvitation } from '../../directory/invitations/invitation-acceptance.js';
import { MIN_PASSWORD_LENGTH } from '../../kernel/password-hash.js';
import { markup, renderField, renderFormToken, renderPage, type Html } from '../../pages/index.js';

export type InvitationErrors = Readonly<
  Partial<Record<'displayName' | 'password' | 'passwordAgain', string>>
>;

export interface InvitationFormState {
  readonly basePath: string;
  readonly formToken: string;
  /** As typed before; passwords are typed anew. */
  readonly displayName: string;
  readonly errors: InvitationErrors;
}

/** What the person with the link sees. The form is posted to the address it is at, which holds the secret. */
export function renderInvitation(open: OpenInvitation, state: InvitationFormState): Html {
  const { invitation, organizationName } = open;
  const inviter = invitation.invitedBy?.name ?? 'An administrator';
  const hasErrors = Object.keys(state.errors).length > 0;
  const body = markup`<h1>Join ${organizationName}</h1>
    <p class="lead">${inviter} invites ${invitation.email} to join ${organizationName}.</p>
    ${renderTeams(open)} ${renderWay(open, state)}`;
  const title = `Join ${organizationName} - Rollcall`;
  return renderPage({
    title: hasErrors ? `Error: ${title}` : title,
    body,
    basePath: state.basePath,
    isNarrow: true,
  });
}

function renderTeams({ invitation }: OpenInvitation): Html | undefined {
  if (invitation.teams.length === 0) return undefined;
  return markup`<p>Teams you join:</p>
    <ul>
      ${invitation.teams.map(({ teamName, roleName }) => markup`<li>${teamName} (${roleName})</li>`)}
    </ul>`;
}

function renderWay({ way }: OpenInvitation, state: InvitationFormState): Html {
  const { basePath, formToken } = state;
  switch (way) {
    case 'join':
      return markup`<form class="card" method="post">
        ${renderFormToken(formToken)}
        <p>You have an account already. It joins the teams when you accept.</p>
        <button type="submit">Accept</button>
      </form>`;
    case 'sign_on':
      return markup`<p>Your organization signs in at its identity provider. Sign in there, and your account is made.</p>
        <p><a class="button" href="${basePath}/login">Sign in</a></p>`;
    case 'none':
      return markup`<p>There is no way to sign in yet. Ask whoever invited you to connect an identity provider.</p>`;
    case 'password':
      return renderPasswordForm(state);
  }
}

function renderPasswordForm({ formToken, displayName, errors }: InvitationFormState): Html {
  return markup`<form class="card" method="post">
      ${renderFormToken(formToken)}
      ${renderField({
        name: 'displayName',
        label: 'Your name',
        type: 'text',
        autocomplete: 'name',
        value: displayName,
        error: errors.displayName,
        isFirst: true,
      })}
      ${renderField({
        name: 'password',
        label: 'Password',
        hint: `${MIN_PASSWORD_LENGTH} characters or more.`,
        type: 'password',
        autocomplete: 'new-password',
        error: errors.password,
      })}
      ${renderField({
        name: 'passwordAgain',
        label: 'Password, again',
        type: 'password',
        autocomplete: 'new-password',
        error: errors.passwordAgain,
      })}
      <button type="submit">Accept</button>
    </form>`;
}

/** After an account that was there has joined. */
export function renderJoined(basePath: string): Html {
  const body = markup`<h1>You are in</h1>
    <p class="lead">Your account has joined the teams.</p>
    <p><a class="button" href="${basePath}/login">Sign in</a></p>`;
  return renderPage({ title: 'You are in - Rollcall', body, basePath, isNarrow: true });
}
