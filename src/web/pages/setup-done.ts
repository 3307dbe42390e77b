import { type Html, markup, renderPage } from '../../pages/index.js';

export interface SetupDone {
  readonly publicUrl: string;
  readonly basePath: string;
  readonly token: string;
}

/** What the identity provider needs. The only moment the token is shown. */
export function renderSetupDone({ publicUrl, basePath, token }: SetupDone): Html {
  const body = markup`<h1>Ready</h1>
    <p class="lead">Enter these two values in your identity provider. A click selects one whole.</p>
    <section class="card" aria-label="Values for the identity provider">
      <dl>
        <dt>SCIM base URL</dt>
        <dd><code class="secret">${publicUrl}/scim/v2</code></dd>
        <dt>Token</dt>
        <dd><code class="secret">${token}</code></dd>
      </dl>
    </section>
    <p>
      <strong>The token is not shown again.</strong> The server keeps only its hash; another one can be made
      at any time:
    </p>
    <pre><code>npm run rollcall -- token create --connection NAME</code></pre>
    <h2>Next</h2>
    <ul class="links">
      <li><a href="${basePath}/account">Your account</a>: you are signed in</li>
      <li><a href="${basePath}/guides/okta">Connect Okta</a></li>
      <li><a href="${basePath}/guides/entra">Connect Microsoft Entra ID</a></li>
      <li><a href="${basePath}/docs/">API documentation</a></li>
    </ul>`;
  return renderPage({ title: 'Rollcall is set up', body, basePath });
}
