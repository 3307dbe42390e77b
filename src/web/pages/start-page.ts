import { type Html, markup, renderPage } from '../../pages/index.js';

export interface InstanceFacts {
  readonly publicUrl: string;
  readonly basePath: string;
  readonly version: string;
  readonly databaseKind: 'postgres' | 'pglite';
}

/** What this instance serves and where to go from here. Everybody can see it, so it says nothing about anybody. */
export function renderStartPage({ publicUrl, basePath, version, databaseKind }: InstanceFacts): Html {
  const isEmbedded = databaseKind === 'pglite';
  const body = markup`<h1>Rollcall is running</h1>
    <p class="lead">Identity providers provision users, teams and roles here over SCIM 2.0.</p>
    <section class="card" aria-label="This instance">
      <dl>
        <dt>SCIM base URL</dt>
        <dd><code>${publicUrl}/scim/v2</code></dd>
        <dt>Token endpoint</dt>
        <dd><code>${publicUrl}/oauth/token</code></dd>
        <dt>Version</dt>
        <dd>${version}</dd>
        <dt>Database</dt>
        <dd>${isEmbedded ? 'embedded Postgres, for trying out and small teams' : 'Postgres'}</dd>
      </dl>
    </section>
    <h2>Connect an identity provider</h2>
    <ul class="links">
      <li><a href="${basePath}/guides/okta">Okta</a>, catalog apps and apps of the integration wizard</li>
      <li>
        <a href="${basePath}/guides/entra">Microsoft Entra ID</a>, with a token or OAuth 2.0 client
        credentials
      </li>
    </ul>
    <h2>Let people sign in at it</h2>
    <ul class="links">
      <li>
        Okta: <a href="${basePath}/guides/okta-saml">SAML</a> or
        <a href="${basePath}/guides/okta-oidc">OpenID Connect</a>
      </li>
      <li>
        Microsoft Entra ID: <a href="${basePath}/guides/entra-saml">SAML</a> or
        <a href="${basePath}/guides/entra-oidc">OpenID Connect</a>
      </li>
      <li><a href="${basePath}/login">Sign in</a> to your own account</li>
    </ul>
    <h2>Reference</h2>
    <ul class="links">
      <li><a href="${basePath}/docs/">API documentation</a>, to read and to try</li>
      <li><a href="${basePath}/openapi.yaml">openapi.yaml</a>, the same for machines</li>
      <li><a href="${basePath}/problems">Errors</a>, and what to do about each</li>
      <li>
        <a href="${basePath}/readyz">Readiness</a> and <a href="${basePath}/healthz">liveness</a>, for
        orchestrators
      </li>
    </ul>
    <h2>First start?</h2>
    <p>
      The one-time link that makes the first admin was printed where the server was started. It changes with
      every start until somebody has used it.
    </p>
    <p>To see it all at work, provision a made-up company from a second terminal:</p>
    <pre><code>npm run rollcall -- demo</code></pre>`;
  return renderPage({ title: 'Rollcall', body, basePath });
}
