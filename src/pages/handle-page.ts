import type { Request, RequestHandler, Response } from 'express';
import { renderErrorPage, requestIdOf, setPageHeaders } from '../http/index.js';
import { isDomainError } from '../kernel/errors.js';
import type { Logger, Metrics, Surface } from '../observability/index.js';
import { Html } from './html.js';
import type { PageAnswer, PageRequest } from './page-answer.js';
import type { Site } from './site.js';

export interface PageShell {
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly site: Site;
}

export interface PageRoute {
  readonly surface: Surface;
  /** For metrics, such as `setup.form`. */
  readonly operation: string;
  /**
   * True for pages with forms whose sender is checked: without a referrer the browser would not name its origin. Never
   * for a page whose address holds a secret.
   */
  readonly hasCheckedForm?: boolean;
  answer(page: PageRequest, request: Request): Promise<PageAnswer> | PageAnswer;
}

/** Seconds a browser may keep a stylesheet or script of ours. */
const CACHE_SECONDS = 3_600;
const NANOSECONDS = 1e9;

/** Makes the handler of one page: headers, request id, metrics, and a neutral page when it fails. */
export function handlePage(shell: PageShell, route: PageRoute): RequestHandler {
  const record = shell.metrics.requestRecorder(route.surface, route.operation);
  return async (request, response) => {
    const startedAt = process.hrtime.bigint();
    response.once('close', () =>
      record(response.statusCode, Number(process.hrtime.bigint() - startedAt) / NANOSECONDS),
    );
    const id = requestIdOf(request.headers['x-request-id']);
    response.setHeader('X-Request-Id', id);
    setPageHeaders(response, {
      isHttps: shell.site.isHttps,
      refersToSelf: route.hasCheckedForm === true,
    });
    try {
      send(response, await route.answer({ query: queryOf(request), id }, request));
    } catch (error) {
      if (isDomainError(error, 'credential.too_many_attempts')) {
        send(response, tooManyAttempts(error.retryAfterSeconds ?? 1, id));
        return;
      }
      shell.logger.error({ err: error, requestId: id, operation: route.operation }, 'page failed');
      const isAway = isDomainError(error) && error.kind === 'unavailable';
      send(response, {
        status: isAway ? 503 : 500,
        body: new Html(renderErrorPage({ ...(isAway ? OUTAGE : FAILURE), requestId: id })),
        ...(isAway ? { headers: { 'Retry-After': '5' } } : {}),
      });
    }
  };
}

const FAILURE = {
  status: 500,
  title: 'Something went wrong',
  message:
    'This page could not be made. Try again; if it stays like this, the log has more under the request id.',
};

const OUTAGE = {
  status: 503,
  title: 'Not available right now',
  message: 'The database cannot be reached. Try again in a moment.',
};

/** The address may hold a one-time token; nothing but the page looks at it. */
const queryOf = ({ url }: Request): URLSearchParams => {
  const start = url.indexOf('?');
  return new URLSearchParams(start === -1 ? '' : url.slice(start));
};

function send(response: Response, answer: PageAnswer): void {
  if (response.headersSent) return;
  const { status, body, contentType, isCacheable, headers = {}, cookies = [] } = answer;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (cookies.length > 0) response.setHeader('Set-Cookie', [...cookies]);
  if (isCacheable === true) response.setHeader('Cache-Control', `public, max-age=${CACHE_SECONDS}`);
  response.statusCode = status;
  response.setHeader('Content-Type', contentType ?? 'text/html; charset=utf-8');
  response.end(body instanceof Html ? body.text : body);
}

/** A page that says in plain words why there is nothing else. */
export const errorAnswer = (status: number, title: string, message: string, id: string): PageAnswer => ({
  status,
  body: new Html(renderErrorPage({ status, title, message, requestId: id })),
});

/** After too many passwords or links, whoever's they were. @param seconds - until there may be another */
export const tooManyAttempts = (seconds: number, id: string): PageAnswer => ({
  ...errorAnswer(
    429,
    'Too many attempts',
    `There were too many attempts from here, or for this account. Try again in ${minutesOf(seconds)}.`,
    id,
  ),
  headers: { 'Retry-After': String(seconds) },
});

const minutesOf = (seconds: number): string => {
  const minutes = Math.ceil(seconds / 60);
  return minutes === 1 ? 'a minute' : `${minutes} minutes`;
};
