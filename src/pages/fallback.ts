import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import { renderErrorPage, requestIdOf, setPageHeaders, type ErrorPage } from '../http/index.js';
import type { Logger } from '../observability/index.js';
import type { Site } from './site.js';

/** Answers what no surface has taken. Comes after all of them. */
export const answerUnknownAddress =
  (site: Site): RequestHandler =>
  (request, response) => {
    send(response, site, {
      status: 404,
      title: 'No such page',
      message: 'There is nothing at this address. Check it, or begin at the start page.',
      requestId: requestIdOf(request.headers['x-request-id']),
    });
  };

/**
 * Answers what no surface has caught, such as an address that cannot be decoded. Neither the page nor the log has
 * anything of the address: it may hold the secret of a link.
 */
export const answerUncaught =
  ({ site, logger }: { readonly site: Site; readonly logger: Logger }): ErrorRequestHandler =>
  (error: unknown, request, response, next) => {
    const requestId = requestIdOf(request.headers['x-request-id']);
    if (response.headersSent) {
      next(error);
      return;
    }
    if (isUnreadableAddress(error)) {
      send(response, site, {
        status: 400,
        title: 'This address cannot be read',
        message: 'It was cut off or changed on the way. Open it again from where you have it.',
        requestId,
      });
      return;
    }
    logger.error({ err: error, requestId }, 'request failed outside of its surface');
    send(response, site, {
      status: 500,
      title: 'Something went wrong',
      message: 'Try again; if it stays like this, the log has more under the request id.',
      requestId,
    });
  };

/** What Express throws for percent signs that spell no UTF-8. */
const isUnreadableAddress = (error: unknown): boolean =>
  error instanceof URIError || (error instanceof Error && 'status' in error && error.status === 400);

function send(response: Response, { isHttps }: Site, page: ErrorPage): void {
  setPageHeaders(response, { isHttps });
  response.setHeader('X-Request-Id', page.requestId);
  response.statusCode = page.status;
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.end(renderErrorPage(page));
}
