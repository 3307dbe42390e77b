import { afterAll, beforeAll } from '@jest/globals';
import { startServer, type TestServer, type TestServerOptions } from '../../support/server.js';

/** Starts one server before the tests of the calling file and closes it after them. The result reads it. */
export function useServer(options?: TestServerOptions): () => TestServer {
  let started: TestServer | undefined;
  beforeAll(async () => {
    started = await startServer(options);
  });
  afterAll(async () => {
    await started?.close();
  });
  return () => {
    if (!started) throw new Error('the server has not started');
    return started;
  };
}
