import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/** Milliseconds a client may leave a streamed answer unread before it is given up. */
const STALLED_CLIENT = 60_000;

/**
 * Writes a body in pieces, as fast as the client reads. `writeHead` is called only when the first piece is there, so a
 * failure before that is still an ordinary error answer; one after it breaks the connection, which no client takes for a
 * complete answer.
 */
export async function sendPieces(
  response: ServerResponse,
  body: AsyncIterable<string>,
  writeHead: () => void,
): Promise<void> {
  const pieces = body[Symbol.asyncIterator]();
  let piece = await pieces.next();
  writeHead();
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
