import { escapeHtml } from '../../../http/index.js';
import type { ProviderPerson } from './openid-provider.js';

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 28rem; margin: 3rem auto; padding: 0 1rem; }
button { display: block; width: 100%; margin: .5rem 0; padding: .6rem .8rem; font: inherit; text-align: left; cursor: pointer; }
small { display: block; opacity: .75; }
</style>
</head>
<body><main><h1>${title}</h1>
${body}
</main></body>
</html>
`;

/** Everybody there is, each a button. */
export const renderSignInPage = (people: readonly ProviderPerson[]): string =>
  page(
    'Demo company sign-in',
    `<p>This identity provider is part of the demo and asks for no password. Who are you?</p>
<form method="post">
${people
  .map(
    ({ id, name, email, groups }) =>
      `<button name="person" value="${escapeHtml(id)}">${escapeHtml(name)}<small>${escapeHtml(email)}${
        groups.length === 0 ? '' : `, ${escapeHtml(groups.join(', '))}`
      }</small></button>`,
  )
  .join('\n')}
<button name="person" value="">Nobody, take me back</button>
</form>`,
  );

/** `form` is the library's, which the button belongs to. */
export const renderSignOutPage = (form: string): string =>
  page(
    'Sign out of the demo company',
    `${form}
<p>Sign out here as well, or stay signed in for the next application?</p>
<button type="submit" form="op.logoutForm" name="logout" value="yes">Sign out everywhere</button>
<button type="submit" form="op.logoutForm">Stay signed in</button>`,
  );
