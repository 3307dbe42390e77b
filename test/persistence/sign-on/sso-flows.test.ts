import { beforeAll, describe, expect, it } from '@jest/globals';
import { SSO_FLOW_SECONDS } from '../../../src/directory/sign-on/sso-flow-service.js';
import type { TestOrganization } from '../../support/server.js';
import { oidcDraft } from '../support/sso-connections.js';
import { useServer } from '../support/use-server.js';

let now = Date.parse('2026-01-15T09:00:00.000Z');
const server = useServer({ clock: { now: () => now } });
let organization: TestOrganization;
let ssoConnectionId: string;

beforeAll(async () => {
  organization = await server().organization();
  ({ id: ssoConnectionId } = await server().services.ssoConnections.create(
    organization.context,
    oidcDraft('idp'),
  ));
});

const browserSecret = 'cookie of the browser';
const flows = () => server().services.ssoFlows;
const start = () =>
  flows().start(organization.id, {
    ssoConnectionId,
    purpose: 'login',
    browserSecret,
    returnTo: '/teams',
    requestId: '_request',
    secrets: { nonce: 'n-0S6_WzA2Mj' },
  });

describe('a flow of sign-in (product decision)', () => {
  it('comes back whole, once', async () => {
    const { state } = await start();
    const answer = { state, browserSecret };
    expect(await flows().consume(organization.id, ssoConnectionId, answer)).toEqual({
      ssoConnectionId,
      purpose: 'login',
      returnTo: '/teams',
      requestId: '_request',
      userId: undefined,
      secrets: { nonce: 'n-0S6_WzA2Mj' },
    });
    expect(await flows().consume(organization.id, ssoConnectionId, answer)).toBeUndefined();
  });

  it('is not ended by another browser, which takes nothing from the right one (login CSRF)', async () => {
    const { state } = await start();
    const stranger = { state, browserSecret: 'another cookie' };
    expect(await flows().consume(organization.id, ssoConnectionId, stranger)).toBeUndefined();
    const right = { state, browserSecret };
    expect(await flows().consume(organization.id, ssoConnectionId, right)).toBeDefined();
  });

  it('is not ended at another connection or organization (mix-up)', async () => {
    const { state } = await start();
    const other = await server().services.ssoConnections.create(organization.context, oidcDraft('other'));
    const stranger = await server().organization();
    const answer = { state, browserSecret };
    expect(await flows().consume(organization.id, other.id, answer)).toBeUndefined();
    expect(await flows().consume(stranger.id, ssoConnectionId, answer)).toBeUndefined();
  });

  it('ends with its time', async () => {
    const { state } = await start();
    now += SSO_FLOW_SECONDS * 1000;
    expect(await flows().consume(organization.id, ssoConnectionId, { state, browserSecret })).toBeUndefined();
  });

  it('takes an assertion once for each connection, however long its id is', async () => {
    const id = '_'.repeat(10_000);
    const consume = (connection: string) =>
      flows().consumeAssertion(organization.id, connection, id, now + 60_000);
    const other = await server().services.ssoConnections.create(organization.context, oidcDraft('third'));
    expect(await consume(ssoConnectionId)).toBe(true);
    expect(await consume(ssoConnectionId)).toBe(false);
    expect(await consume(other.id)).toBe(true);
  });
});
