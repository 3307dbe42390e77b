import { afterAll, beforeAll } from '@jest/globals';
import { startServer, type TestServer, type TestServerOptions } from '../../../support/server.js';

/** Starts one server before the tests of the calling file and closes it after them. */
export function useServer(options?: TestServerOptions): Pick<TestServer, 'baseUrl' | 'organization'> {
  let started: TestServer | undefined;
  beforeAll(async () => {
    started = await startServer(options);
  });
  afterAll(async () => {
    await started?.close();
  });
  const current = (): TestServer => {
    if (started === undefined) throw new Error('the server has not started');
    return started;
  };
  return {
    get baseUrl() {
      return current().baseUrl;
    },
    organization: (settings) => current().organization(settings),
  };
}
