import { describe, expect, it } from '@jest/globals';
import { Browser } from '../../../support/browser.js';
import { idpPerson } from '../../../support/saml/saml-identity-provider.js';
import { ADA, connect, signIn, useWorld, whoIs } from './support/world.js';

const GRACE = idpPerson('grace');

describe('with DISABLE_SSO_PROVISIONING=true (product decision)', () => {
  const world = useWorld({ env: { DISABLE_SSO_PROVISIONING: 'true' } });
  const { server } = world;

  it('tells an unknown person what to ask for, and makes no account', async () => {
    const organization = await server().organization();
    const connected = await connect(world, organization, { provisions: true });
    const browser = new Browser();
    const page = await signIn(world, browser, connected, ADA);
    expect([page.status, page.text.includes('You need an invitation')]).toEqual([403, true]);
    expect(await whoIs(world, browser)).toBeUndefined();
    const { body } = await organization.scim.get('/Users?filter=userName%20eq%20%22ada%40example.com%22');
    expect(body.totalResults).toBe(0);
  });

  it('lets in somebody whom the paired SCIM connection has provisioned, under that account', async () => {
    const organization = await server().organization();
    const connected = await connect(world, organization, { pairedConnectionId: organization.connectionId });
    const { body } = await organization.scim.post('/Users', { userName: GRACE.nameId });
    const browser = new Browser();
    await signIn(world, browser, connected, GRACE);
    expect((await whoIs(world, browser))?.userId).toBe(body.id);
  });
});

describe('when every seat is taken (product decision)', () => {
  const world = useWorld({ env: { SEAT_LIMIT: '1' } });

  it('tells a new person so, and makes no account', async () => {
    const organization = await world.server().organization();
    const connected = await connect(world, organization);
    const browser = new Browser();
    const page = await signIn(world, browser, connected, ADA);
    expect([page.status, page.text.includes('Seat limit reached')]).toEqual([403, true]);
    expect(await whoIs(world, browser)).toBeUndefined();
  });
});
