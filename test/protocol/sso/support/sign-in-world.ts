import { afterAll, beforeAll } from '@jest/globals';
import { PageBrowser } from '../../../support/page-browser.js';
import {
  startServer,
  type TestOrganization,
  type TestServer,
  type TestServerOptions,
} from '../../../support/server.js';

export const PASSWORD = 'correct horse battery staple';

let serial = 0;

/** A server, and people in it who have passwords. */
export interface SignInWorld {
  readonly server: TestServer;
  readonly organization: TestOrganization;
  /** An admin of the organization who signs in with PASSWORD. */
  admin(organization?: TestOrganization): Promise<{ readonly id: string; readonly email: string }>;
  browser(headers?: Readonly<Record<string, string>>): PageBrowser;
  /** A browser in which this person has signed in. */
  signedIn(email: string, password?: string): Promise<PageBrowser>;
}

/** Starts the server before the tests of the calling file and closes it after them. The result reads it. */
export function useSignInWorld(options?: TestServerOptions): () => SignInWorld {
  let server: TestServer | undefined;
  let world: SignInWorld | undefined;
  beforeAll(async () => {
    server = await startServer(options);
    world = await createSignInWorld(server);
  });
  afterAll(async () => {
    await server?.close();
  });
  return () => {
    if (!world) throw new Error('the server has not started');
    return world;
  };
}

/** People with passwords on a server that is there. */
export async function createSignInWorld(server: TestServer): Promise<SignInWorld> {
  const organization = await server.organization();
  const browser = (headers?: Readonly<Record<string, string>>) => new PageBrowser(server.baseUrl, headers);
  return {
    server,
    organization,
    admin: async ({ context } = organization) => {
      const email = `admin-${(serial += 1)}@example.com`;
      const options = { email, password: PASSWORD, isProtected: false };
      return { id: await server.services.setup.createAdmin(context, options), email };
    },
    browser,
    signedIn: async (email, password = PASSWORD) => {
      const page = browser();
      await page.open('/login/password');
      await page.submit('/login/password', { email, password });
      if (page.cookie('rollcall') === undefined) throw new Error(`sign-in failed: ${page.page.html}`);
      return page;
    },
  };
}
