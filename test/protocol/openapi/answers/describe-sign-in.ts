import { beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { FORM_TOKEN_FIELD, FormGuard } from '../../../../src/http/index.js';
import { newSecret } from '../../../../src/kernel/secrets.js';
import { ScimClient, type Reply } from '../../../support/scim-client.js';
import { readConfig } from '../../../support/server.js';
import type { Contract } from '../support/contract.js';
import { OPERATIONS, type Operation } from '../support/operation.js';
import { useWorlds, type Worlds } from '../support/use-world.js';

const PASSWORD = 'correct horse battery staple';
/** Nobody is there: that there is one is enough. */
const MAIL_SERVER = { SMTP_URL: 'smtp://127.0.0.1:1', EMAIL_FROM: 'rollcall@example.com' };
const FORM = 'application/x-www-form-urlencoded';

/** The pages of sign-in take forms that belong to one browser: a sample out of openapi.yaml would be none of them. */
export const isSignInPage = ({ path }: Operation): boolean =>
  /^\/(?:login|logout|account)(?:\/|$)/.test(path);

type Fields = Readonly<Record<string, string>>;

/** A browser with a cookie, known to the contract. */
function visitor(contract: Contract, worlds: Worlds, session: string | undefined) {
  const { baseUrl } = worlds.server;
  const guard = new FormGuard({ secretKey: readConfig().secretKey ?? '', origin: baseUrl, isHttps: false });
  const { token, cookies } = guard.issue({ headers: session === undefined ? {} : { cookie: session } });
  const cookie = session ?? cookies[0]?.split(';')[0] ?? '';
  const send = contract.through(new ScimClient(baseUrl, undefined));
  return {
    get: (path: string): Promise<Reply> => send('GET', path, { headers: { cookie } }),
    post: (path: string, fields: Fields = {}, formToken = token): Promise<Reply> =>
      send('POST', path, {
        headers: { cookie, 'content-type': FORM },
        raw: new URLSearchParams({ [FORM_TOKEN_FIELD]: formToken, ...fields }).toString(),
      }),
    postAs: (path: string, contentType: string, raw: string): Promise<Reply> =>
      send('POST', path, { headers: { cookie, 'content-type': contentType }, raw }),
  };
}

/** What browsers are answered around sign-in. */
export const describeSignIn = (contract: Contract): void => {
  const pages = OPERATIONS.filter(isSignInPage);
  const forms = pages.filter(({ method }) => method === 'POST');

  describe('the pages of sign-in answer as declared', () => {
    const worlds = useWorlds({ env: MAIL_SERVER });
    let email: string;
    let serial = 0;
    const anybody = () => visitor(contract, worlds, undefined);

    async function somebody() {
      const { context } = worlds.shared.organization;
      email = `admin-${(serial += 1)}@example.com`;
      const { setup, sessions } = worlds.server.services;
      const id = await setup.createAdmin(context, { email, password: PASSWORD, isProtected: false });
      const origin = { method: 'password' } as const;
      const { secret } = await sessions.open(context, id, {
        origin,
        userAgent: undefined,
        replaces: undefined,
      });
      return visitor(contract, worlds, `rollcall=${secret}`);
    }

    it.each(['/login', '/login/password'])('GET %s', async (path) => {
      expect((await anybody().get(path)).status).toBe(200);
      expect((await anybody().get(`${path}?returnTo=%2Faccount`)).status).toBe(200);
      expect((await (await somebody()).get(path)).status).toBe(303);
    });

    it.each(['/logout', '/account'])('GET %s', async (path) => {
      expect((await (await somebody()).get(path)).status).toBe(200);
      expect((await anybody().get(path)).status).toBe(303);
    });

    it('POST /login', async () => {
      expect((await anybody().post('/login', { email: 'ada@example.com' })).status).toBe(200);
      expect((await anybody().post('/login')).status).toBe(422);
    });

    it('POST /login/password', async () => {
      await somebody();
      expect((await anybody().post('/login/password', { email, password: PASSWORD })).status).toBe(303);
      expect((await anybody().post('/login/password', { email, password: 'wrong' })).status).toBe(422);
      for (let count = 0; count < 10; count += 1)
        await anybody().post('/login/password', { email, password: 'x' });
      expect((await anybody().post('/login/password', { email, password: PASSWORD })).status).toBe(429);
    });

    it('/login/forgot', async () => {
      expect((await anybody().get('/login/forgot')).status).toBe(200);
      expect((await anybody().post('/login/forgot')).status).toBe(422);
      const ask = () => anybody().post('/login/forgot', { email: 'nobody@example.com' });
      expect((await ask()).status).toBe(200);
      for (let count = 0; count < 3; count += 1) await ask();
      expect((await ask()).status).toBe(429);
    });

    it('POST /account/sessions and /logout', async () => {
      const person = await somebody();
      expect((await person.post('/account/sessions', { session: 'others' })).status).toBe(303);
      expect((await person.post('/logout')).status).toBe(303);
    });

    it('POST /account/password', async () => {
      const person = await somebody();
      const change = {
        current: PASSWORD,
        next: 'a new and long password',
        nextAgain: 'a new and long password',
      };
      expect((await person.post('/account/password', { ...change, nextAgain: '' })).status).toBe(422);
      expect((await person.post('/account/password', change)).status).toBe(303);
      for (let count = 0; count < 10; count += 1) await person.post('/account/password', change);
      expect((await person.post('/account/password', change)).status).toBe(429);
    });

    it.each(forms.map(({ path }) => path))('POST %s without its form', async (path) => {
      const person = await somebody();
      expect((await person.post(path, {}, 'forged')).status).toBe(403);
      expect((await person.postAs(path, 'application/json', '{}')).status).toBe(415);
      expect((await person.postAs(path, FORM, `x=${'x'.repeat(16_384)}`)).status).toBe(413);
    });
  });

  describe('without passwords the pages of sign-in answer as declared', () => {
    const worlds = useWorlds({ env: { LOCAL_SIGN_IN: 'false' } });
    it('/login/password and /login/forgot are 404, and an address that leads nowhere 403', async () => {
      const browser = visitor(contract, worlds, undefined);
      expect((await browser.get('/login/password')).status).toBe(404);
      expect((await browser.post('/login/password')).status).toBe(404);
      expect((await browser.get('/login/forgot')).status).toBe(404);
      expect((await browser.post('/login/forgot')).status).toBe(404);
      expect((await browser.post('/login', { email: 'ada@example.com' })).status).toBe(403);
    });
  });

  const describeFailure = (name: string, status: number, fail: (worlds: Worlds) => Promise<unknown>) => {
    describe(name, () => {
      const worlds = useWorlds({ env: MAIL_SERVER });
      beforeAll(() => fail(worlds));
      const failing = pages.filter(({ responses }) => responses.has(String(status)));
      it.each(failing.map((page) => [page.id, page] as const))(
        `%s is ${status}`,
        async (_, { method, path }) => {
          const browser = visitor(contract, worlds, `rollcall=${newSecret('rs_')}`);
          const fields = { email: 'ada@example.com', session: 'others' };
          const reply = await (method === 'GET' ? browser.get(path) : browser.post(path, fields));
          expect(reply.status).toBe(status);
        },
      );
    });
  };
  describeFailure('with a database that has lost its tables', 500, async ({ server }) => {
    const { db } = server.database.connection;
    for (const table of ['sessions', 'sign_in_attempts', 'sso_domains'])
      await sql`drop table ${sql.table(table)} cascade`.execute(db);
  });
  describeFailure('without a database', 503, ({ server }) => server.database.connection.close());
};
