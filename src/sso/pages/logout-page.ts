import { markup, renderFormToken, renderPage, type Html } from '../../pages/index.js';

/** A link to /logout signs nobody out by itself: it could stand in anybody's page. */
export function renderLogoutPage(basePath: string, formToken: string): Html {
  const body = markup`<h1>Sign out</h1>
    <form class="card" method="post" action="${basePath}/logout">
      ${renderFormToken(formToken)}
      <p>This ends your session in this browser.</p>
      <button type="submit">Sign out</button>
    </form>
    <p><a href="${basePath}/account">Stay signed in</a></p>`;
  return renderPage({ title: 'Sign out', body, basePath, isNarrow: true });
}

/** On the way to the identity provider, where the person is still signed in. */
export function renderSignedOutHere(basePath: string, href: string): Html {
  const body = markup`<h1>You are signed out here</h1>
    <p class="lead">You are being taken to your identity provider, to be signed out there as well.</p>
    <p><a class="button" href="${href}">Continue</a></p>`;
  const title = 'Signing out at your identity provider';
  return renderPage({ title, body, basePath, isNarrow: true, refreshTo: href });
}
