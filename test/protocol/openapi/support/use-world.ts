import { afterAll, beforeAll } from '@jest/globals';
import { startServer, type TestServer, type TestServerOptions } from '../../../support/server.js';
import { outside } from './dns.js';
import { createWorld, type World } from './world.js';

/** A server for the tests of one describe block, and worlds on it. */
export interface Worlds {
  readonly server: TestServer;
  /** The world that all tests of the block share. */
  readonly shared: World;
  /** A world for one test alone. */
  create(): Promise<World>;
}

/** Starts a server with one world before the tests of the calling block, then `prepare`s it, and closes it after them. */
export function useWorlds(
  options?: TestServerOptions,
  prepare?: (server: TestServer) => Promise<void>,
): Worlds {
  let server: TestServer | undefined;
  let shared: World | undefined;
  beforeAll(async () => {
    server = await startServer({ outside, ...options });
    shared = await createWorld(server);
    await prepare?.(server);
  });
  afterAll(async () => {
    await server?.close();
  });
  return {
    get server() {
      return started(server);
    },
    get shared() {
      return started(shared);
    },
    create: () => createWorld(started(server)),
  };
}

function started<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the server has not started');
  return value;
}
