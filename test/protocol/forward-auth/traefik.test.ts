import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listen, type RunningServer } from '../../../src/http/index.js';
import { createTeam } from '../api/support/people.js';
import { useSignInWorld } from '../sso/support/sign-in-world.js';
import type { Proxy } from './support/proxy.js';
import { askTraefik, hasTraefik, startTraefik } from './support/traefik.js';

/** Where there is no Traefik, its tests are reported as skipped under a name that says why. */
const describeWithTraefik = (name: string, tests: () => void): void =>
  hasTraefik ? describe(name, tests) : describe.skip(`${name} [needs Traefik: TRAEFIK_PATH]`, tests);

const world = useSignInWorld();

interface Seen {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

describeWithTraefik(
  'an application behind Traefik, configured as in docs/integrate/traefik-dynamic.yaml',
  () => {
    let application: RunningServer;
    let proxy: Proxy;
    let cookie: string;
    let userId: string;

    const startProxy = async (requirement?: string): Promise<Proxy> =>
      startTraefik({
        baseUrl: world().server.baseUrl,
        applicationPort: application.port,
        ...(requirement === undefined ? {} : { requirement }),
      });

    beforeAll(async () => {
      application = await listen(
        (asked, response) => response.end(JSON.stringify({ url: asked.url, headers: asked.headers })),
        { host: '127.0.0.1', port: 0 },
      );
      const { id, email } = await world().admin();
      userId = id;
      cookie = `rollcall=${(await world().signedIn(email)).cookie('rollcall') ?? ''}`;
      proxy = await startProxy();
    });
    afterAll(async () => {
      await proxy.stop();
      await application.close();
    });

    const ask = (path: string, headers: Readonly<Record<string, string>> = {}) =>
      askTraefik(proxy.url, path, headers);

    it('is told who asks, whatever the client says of itself, and no secret', async () => {
      const { status, body } = await ask('/app/page?a=1&b=2', {
        cookie: `theme=dark; ${cookie}`,
        'x-auth-user-id': 'somebody else',
        'x-auth-teams': 'Research',
        'x-auth-team-count': '99',
      });
      expect(status).toBe(200);
      const seen = JSON.parse(body) as Seen;
      expect(seen.url).toBe('/app/page?a=1&b=2');
      expect(seen.headers).toMatchObject({
        'x-auth-user-id': userId,
        'x-auth-organization-role': 'admin',
        'x-auth-team-count': '0',
      });
      expect(seen.headers['x-auth-teams'] ?? '').toBe('');
      expect(seen.headers).not.toHaveProperty('cookie');
      expect(seen.headers).not.toHaveProperty('authorization');
    });

    it('is not reached without signing in, which leads a browser back to the page', async () => {
      const page = { accept: 'text/html', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
      const { status, headers } = await ask('/app/page?a=1&b=2', { ...page, 'x-auth-user-id': userId });
      expect(status).toBe(302);
      expect(headers.location).toBe(`${world().server.baseUrl}/login?returnTo=%2Fapp%2Fpage%3Fa%3D1%26b%3D2`);
      expect((await ask('/app/page', { 'x-auth-user-id': userId })).status).toBe(401);
    });

    it('shares its host with Rollcall', async () => {
      expect((await ask('/healthz')).status).toBe(200);
    });

    it('may need a team', async () => {
      await createTeam(world().organization, [userId], 'Quality Control');
      for (const [team, status] of [
        ['Quality%20Control', 200],
        ['Research', 403],
      ] as const) {
        const picky = await startProxy(`team=${team}`);
        expect((await askTraefik(picky.url, '/app/', { cookie })).status).toBe(status);
        await picky.stop();
      }
    });
  },
);
