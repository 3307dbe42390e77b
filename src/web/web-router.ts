import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Router, type RequestHandler } from 'express';
import swaggerUi from 'swagger-ui-express';
import type { SessionService } from '../directory/sessions/session-service.js';
import type { SetupService } from '../directory/setup/setup-service.js';
import { sessionCookie, type AttemptLimiter, type ClientAddress } from '../http/index.js';
import type { Clock } from '../kernel/clock.js';
import type { Logger, Metrics } from '../observability/index.js';
import {
  errorAnswer,
  handlePage,
  siteOf,
  STYLESHEET,
  type PageAnswer,
  type PageRoute,
} from '../pages/index.js';
import { DOCS_SCRIPT, DOCS_STYLESHEET, renderDocsPage } from './pages/docs-page.js';
import { GUIDES, showGuide, type GuideName } from './pages/guide-page.js';
import { renderProblems, showProblem } from './pages/problem-page.js';
import { completeSetup, showSetupForm } from './pages/setup-page.js';
import { renderStartPage } from './pages/start-page.js';

export interface WebDependencies {
  readonly setup: SetupService;
  readonly sessions: SessionService;
  readonly attempts: AttemptLimiter;
  readonly clientAddress: ClientAddress;
  readonly clock: Clock;
  /** Absolute, without a slash at the end. */
  readonly publicUrl: string;
  readonly databaseKind: 'postgres' | 'pglite';
  /** Version, and the directory with openapi.yaml and docs/. */
  readonly installation: { readonly version: string; readonly directory: string };
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** Files of swagger-ui-dist that the page uses; its own sample page would look for a document on the Internet. */
const SWAGGER_FILES = ['swagger-ui.css', 'swagger-ui-bundle.js'].map((file) => `/docs/${file}`);

/** The pages: start, set-up, guides, errors, API documentation, and their files. */
export function createWebRouter(dependencies: WebDependencies): Router {
  const { setup, sessions, attempts, clientAddress, clock, publicUrl } = dependencies;
  const { databaseKind, installation, metrics, logger } = dependencies;
  const site = siteOf(publicUrl);
  const { basePath } = site;
  const shell = { metrics, logger, site };
  const cookie = sessionCookie(site.isHttps);
  const setupParts = { setup, sessions, attempts, clientAddress, clock, cookie, publicUrl, basePath };
  const guideParts = { directory: installation.directory, basePath };
  const page = (
    surface: PageRoute['surface'],
    operation: string,
    answer: PageRoute['answer'],
  ): RequestHandler => handlePage(shell, { surface, operation, answer });
  const file = (body: string, contentType: string): RequestHandler =>
    page('web', 'asset', () => ({ status: 200, body, contentType, isCacheable: true }));

  const router = Router({ strict: true });
  const startPage = renderStartPage({ publicUrl, basePath, databaseKind, version: installation.version });
  router.get(
    '/',
    page('web', 'start', () => ({ status: 200, body: startPage })),
  );
  router.get('/assets/rollcall.css', file(STYLESHEET, CSS));
  router.get(
    '/setup',
    page('setup', 'setup.form', (details, request) => showSetupForm(setupParts, details, request)),
  );
  router.post(
    '/setup',
    page('setup', 'setup.complete', (details, request) => completeSetup(setupParts, details, request)),
  );
  for (const name of Object.keys(GUIDES) as GuideName[])
    router.get(
      `/guides/${name}`,
      page('web', 'guide', ({ id }) => showGuide(guideParts, name, id)),
    );
  const problems = renderProblems(basePath);
  router.get(
    '/problems',
    page('docs', 'problems', () => ({ status: 200, body: problems })),
  );
  router.get(
    '/problems/:code',
    page('docs', 'problem', ({ id }, { params }) => showProblem(basePath, String(params['code']), id)),
  );
  router.get(
    '/openapi.yaml',
    page('docs', 'openapi', ({ id }) => readSpecification(installation.directory, id)),
  );
  router.get('/docs', (_request, response) => response.redirect(308, `${basePath}/docs/`));
  router.get(
    '/docs/',
    page('docs', 'docs', () => ({ status: 200, body: renderDocsPage(basePath) })),
  );
  router.get('/docs/page.css', file(DOCS_STYLESHEET, CSS));
  router.get('/docs/start.js', file(DOCS_SCRIPT, JAVASCRIPT));
  router.get(SWAGGER_FILES, stripDocs, ...swaggerUi.serve);
  return router;
}

const CSS = 'text/css; charset=utf-8';
const JAVASCRIPT = 'text/javascript; charset=utf-8';

/** The static files look for themselves below the router's own root. */
const stripDocs: RequestHandler = (request, _response, next) => {
  request.url = request.url.slice('/docs'.length);
  next();
};

/** RFC 9512 names the media type. */
async function readSpecification(directory: string, requestId: string): Promise<PageAnswer> {
  const body = await readFile(join(directory, 'openapi.yaml')).catch(() => undefined);
  if (body === undefined)
    return errorAnswer(404, 'Not here', 'openapi.yaml is not part of this installation.', requestId);
  return { status: 200, body, contentType: 'application/yaml' };
}
