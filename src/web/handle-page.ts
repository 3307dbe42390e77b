import type { Request, RequestHandler, Response } from 'express';
import { renderErrorPage, requestIdOf, setPageHeaders } from '../http/index.js';
import type { Logger, Metrics, Surface } from '../observability/index.js';
import { Html } from './html.js';
import type { PageAnswer, PageRequest } from './page-answer.js';

export interface PageShell {
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly isHttps: boolean;
}

export interface PageRoute {
  readonly surface: Surface;
  /** For metrics, such as `setup.form`. */
  readonly operation: string;
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
    setPageHeaders(response, { isHttps: shell.isHttps });
    try {
      send(response, await route.answer({ query: queryOf(request), id }, request));
    } catch (error) {
      shell.logger.error({ err: error, requestId: id, operation: route.operation }, 'page failed');
      send(response, { status: 500, body: new Html(renderErrorPage({ ...FAILURE, requestId: id })) });
    }
  };
}

const FAILURE = {
  status: 500,
  title: 'Something went wrong',
  message:
    'This page could not be made. Try again; if it stays like this, the log has more under the request id.',
};

/** The address may hold a one-time token; nothing but the page looks at it. */
const queryOf = ({ url }: Request): URLSearchParams => {
  const start = url.indexOf('?');
  return new URLSearchParams(start === -1 ? '' : url.slice(start));
};

function send(response: Response, { status, body, contentType, isCacheable }: PageAnswer): void {
  if (response.headersSent) return;
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
