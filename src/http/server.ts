import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { messageClasses } from './express-messages.js';

export interface ListenOptions {
  readonly host: string;
  /** 0 for a free port. */
  readonly port: number;
}

export interface RunningServer {
  /** The port in use. */
  readonly port: number;
  /**
   * Stops accepting, lets requests in flight finish, and after `deadline` milliseconds cuts off those that have not.
   * Resolves when every connection is closed. Safe to call twice.
   */
  close(deadline?: number): Promise<void>;
}

/** Long filters and attribute lists travel in the request line (`LIMITS.urlLength`), cookies and proxies add theirs. */
const MAX_HEADER_BYTES = 65_536;
/** Milliseconds a client may take for its headers, and for the whole request: slow ones must not pile up. */
const HEADERS_TIMEOUT = 20_000;
const REQUEST_TIMEOUT = 120_000;
/** Milliseconds; longer than the idle time of common load balancers (60 s), so that they close first. */
const KEEP_ALIVE_TIMEOUT = 65_000;
/** Milliseconds between looks for connections that have become idle while closing. */
const IDLE_CHECK_INTERVAL = 50;
const DEFAULT_DEADLINE = 10_000;

/**
 * Listens with `handler` (an Express application is one).
 * @throws (rejects) when the address cannot be bound, with the system's error such as EADDRINUSE
 */
export async function listen(
  handler: RequestListener,
  { host, port }: ListenOptions,
): Promise<RunningServer> {
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: HEADERS_TIMEOUT,
      requestTimeout: REQUEST_TIMEOUT,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT,
      ...messageClasses(handler),
    },
    handler,
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  let closing: Promise<void> | undefined;
  return {
    port: (server.address() as AddressInfo).port,
    close: (deadline = DEFAULT_DEADLINE) => (closing ??= closeGracefully(server, deadline)),
  };
}

function closeGracefully(server: Server, deadline: number): Promise<void> {
  // Tells clients that reuse a connection to open their next one elsewhere.
  server.prependListener('request', (_request, response) => response.setHeader('Connection', 'close'));
  return new Promise((resolve) => {
    const idleCheck = setInterval(() => {
      server.closeIdleConnections();
    }, IDLE_CHECK_INTERVAL);
    const cutOff = setTimeout(() => {
      server.closeAllConnections();
    }, deadline);
    server.close(() => {
      clearInterval(idleCheck);
      clearTimeout(cutOff);
      resolve();
    });
    server.closeIdleConnections();
  });
}
