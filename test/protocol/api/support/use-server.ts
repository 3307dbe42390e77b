import { afterAll, beforeAll } from '@jest/globals';
import { startServer, type TestServer, type TestServerOptions } from '../../../support/server.js';

/** Starts a server before the tests of the calling block and closes it after them. */
export function useServer(options?: TestServerOptions): () => TestServer {
  let server: TestServer | undefined;
  beforeAll(async () => {
    server = await startServer(options);
  });
  afterAll(() => server?.close());
  return () => {
    if (!server) throw new Error('the server has not started');
    return server;
  };
}
