import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Browser } from '../../../support/browser.js';
import { keyOf } from '../../../support/saml/fixture-world.js';
import { startServer } from '../../../support/server.js';
import { testClock, type TestClock } from '../../../support/clock.js';
import { ADA, connect, signIn, useWorld, type Connected } from './support/world.js';

const clock: TestClock = testClock();
const world = useWorld({ clock });
const { server, idp } = world;
let connected: Connected;
let browser: Browser;

beforeAll(async () => {
  connected = await connect(world, await server().organization(), {
    settings: { metadataUrl: idp().metadataUrl, certificates: [] },
  });
});
beforeEach(() => {
  browser = new Browser();
});

const statusOf = async (who = ADA): Promise<number> => (await signIn(world, browser, connected, who)).status;

describe('certificates by the address of the metadata', () => {
  it('are fetched at the first sign-in, and then not for each', async () => {
    expect(await statusOf()).toBe(200);
    const count = idp().metadataRequests();
    expect(await statusOf()).toBe(200);
    expect(idp().metadataRequests()).toBe(count);
  });

  it('are fetched again for a signature by a key that is not known, at most once a minute', async () => {
    clock.advance(60_001);
    idp().key = keyOf('idp-next');
    expect(await statusOf()).toBe(200);
    const count = idp().metadataRequests();
    idp().behaviour = { tamper: (xml) => xml.replaceAll('>ada@', '>eve@') };
    for (let turn = 0; turn < 3; turn += 1) expect(await statusOf()).toBe(403);
    expect(idp().metadataRequests()).toBe(count);
  });

  it('of before are not believed any more once the metadata has others', async () => {
    clock.advance(60_001);
    idp().key = keyOf('idp');
    expect(await statusOf()).toBe(200);
    idp().behaviour = { options: { key: keyOf('idp-next').privateKey, cert: keyOf('idp-next').certificate } };
    expect(await statusOf()).toBe(403);
  });
});

describe('metadata that an admin names by its address', () => {
  it('is read into settings', async () => {
    const found = await server().services.samlMetadata.fromUrl(idp().metadataUrl);
    expect(found).toEqual({
      entityId: idp().entityId,
      entryPoint: `${idp().baseUrl}/sso`,
      logoutUrl: `${idp().baseUrl}/slo`,
      certificates: [keyOf('idp').certificate],
    });
  });

  it.each([
    ['where nothing listens', 'http://127.0.0.1:1/metadata'],
    ['that is no metadata', () => `${server().baseUrl}/healthz`],
    ['that is not there', () => `${idp().baseUrl}/nothing`],
    ['of a cloud’s metadata service', 'https://169.254.169.254/latest/meta-data'],
    ['by plain HTTP', 'http://idp.example.com/metadata'],
    ['of a file', 'file:///etc/passwd'],
    ['with a password', 'https://user:password@idp.example.com/'],
    ['that is none', 'nothing'],
  ])('is refused at an address %s', async (_case, address) => {
    const url = typeof address === 'string' ? address : address();
    await expect(server().services.samlMetadata.fromUrl(url)).rejects.toMatchObject({
      code: 'sso_connection.invalid',
      field: 'metadataUrl',
    });
  });

  it('is refused on this machine by a server that is not on loopback itself', async () => {
    const other = await startServer({ env: { PUBLIC_URL: 'https://rollcall.example.com' } });
    try {
      await expect(other.services.samlMetadata.fromUrl(idp().metadataUrl)).rejects.toMatchObject({
        code: 'sso_connection.invalid',
      });
    } finally {
      await other.close();
    }
  });
});
