import { markup, type Html } from '../../pages/index.js';

/**
 * Swagger UI over our own openapi.yaml. The page of swagger-ui-express carries inline styles, which would need a hole in
 * the content policy; so the page and its start are ours, and only Swagger's files come from there.
 */
export const renderDocsPage = (basePath: string): Html =>
  markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>Rollcall API</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="${basePath}/docs/swagger-ui.css" />
        <link rel="stylesheet" href="${basePath}/docs/page.css" />
      </head>
      <body data-specification="${basePath}/openapi.yaml">
        <nav><a href="${basePath}/">Rollcall</a></nav>
        <noscript><p>This page needs JavaScript. The same in text: <a href="${basePath}/openapi.yaml">openapi.yaml</a></p></noscript>
        <div id="swagger-ui"></div>
        <script src="${basePath}/docs/swagger-ui-bundle.js"></script>
        <script src="${basePath}/docs/start.js"></script>
      </body>
    </html>
`;

/** Served at /docs/page.css. Swagger UI is drawn for a light page. */
export const DOCS_STYLESHEET = `
:root { color-scheme: light; }
body { margin: 0; background: #fff; }
nav { padding: 1rem 1.25rem 0; font: 600 16px system-ui, sans-serif; }
nav a { color: #1c2430; text-decoration: none; }
`;

/** Served at /docs/start.js. Without a validator, which would be a request to somebody else's server. */
export const DOCS_SCRIPT = `
window.SwaggerUIBundle({
  url: document.body.dataset.specification,
  dom_id: '#swagger-ui',
  deepLinking: true,
  validatorUrl: null,
});
`;
