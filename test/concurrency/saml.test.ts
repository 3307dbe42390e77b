import { expect, it } from '@jest/globals';
import { Browser } from '../support/browser.js';
import { describeOnPostgres } from '../support/real-postgres.js';
import { formOf } from '../support/saml/saml-identity-provider.js';
import { connect, stopAtAnswer, useWorld } from '../protocol/sso/saml/support/world.js';
import { range, repeat } from './support/replicas.js';

describeOnPostgres('one SAML answer that is brought many times at the same moment', () => {
  const world = useWorld();
  const { server, idp } = world;

  it('opens one session', async () => {
    await repeat(5, async () => {
      const connected = await connect(world, await server().organization());
      const browser = new Browser();
      const { action, fields } = formOf(await stopAtAnswer(browser, connected));
      const statuses = await Promise.all(
        range(8).map(async () => (await browser.visit(action, { form: fields })).status),
      );
      expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    });
  });

  it('opens one session when nobody had asked for it', async () => {
    await repeat(5, async () => {
      const connected = await connect(world, await server().organization(), {
        settings: { allowsIdpInitiated: true },
      });
      const sp = encodeURIComponent(`${connected.address}/metadata`);
      const { action, fields } = formOf(await new Browser().visit(`${idp().baseUrl}/start?sp=${sp}`));
      const statuses = await Promise.all(
        range(8).map(async () => (await new Browser().visit(action, { form: fields })).status),
      );
      expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    });
  });
});
