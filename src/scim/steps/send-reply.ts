import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { ScimReply } from '../exchange.js';

const CONTENT_TYPE = 'application/scim+json; charset=utf-8';

/** Milliseconds a client may leave a streamed answer unread before it is given up. */
const STALLED_CLIENT = 60_000;

/**
 * Writes an answer. A streamed body starts only when its first piece is there, so a failure before that is still an
 * ordinary error answer; one after it breaks the connection, which no client takes for a complete answer.
 */
export async function sendReply(response: ServerResponse, reply: ScimReply): Promise<void> {
  const { body } = reply;
  if (body === undefined || typeof body === 'string') {
    writeHead(response, reply, body !== undefined);
    response.end(body);
    return;
  }
  const pieces = body[Symbol.asyncIterator]();
  let piece = await pieces.next();
  writeHead(response, reply, true);
  try {
    while (piece.done !== true && !response.destroyed) {
      if (!response.write(piece.value)) await drained(response);
      piece = await pieces.next();
    }
    response.end();
  } catch (error) {
    response.destroy();
    throw error;
  } finally {
    await pieces.return?.();
  }
}

function writeHead(response: ServerResponse, reply: ScimReply, hasBody: boolean): void {
  response.statusCode = reply.status;
  if (hasBody) response.setHeader('Content-Type', CONTENT_TYPE);
  for (const name in reply.headers) response.setHeader(name, reply.headers[name] ?? '');
}

async function drained(response: ServerResponse): Promise<void> {
  if (response.destroyed) return;
  const stalled = new AbortController();
  const timer = setTimeout(() => {
    response.destroy();
  }, STALLED_CLIENT);
  try {
    await Promise.race([
      once(response, 'drain', { signal: stalled.signal }),
      once(response, 'close', { signal: stalled.signal }),
    ]);
  } finally {
    clearTimeout(timer);
    stalled.abort();
  }
}
