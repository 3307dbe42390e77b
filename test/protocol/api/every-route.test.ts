import { beforeAll, describe, expect, it } from '@jest/globals';
import { API_ROUTES } from '../../../src/api/index.js';
import type { Route } from '../../../src/api/frame/route.js';
import { organizationPermissions } from '../../../src/permissions/index.js';
import { ApiClient } from '../../support/api-client.js';
import { operation } from '../openapi/support/operation.js';
import { optionsOf, pathOf, sampleOf } from '../openapi/support/sample-request.js';
import { useWorlds } from '../openapi/support/use-world.js';
import type { World } from '../openapi/support/world.js';
import { createPerson } from './support/people.js';

const worlds = useWorlds();
const clients = new Map<'member' | 'stranger', ApiClient>();

beforeAll(async () => {
  const { organization } = worlds.shared;
  const member = await organization.api(await createPerson(organization));
  const stranger = await (await worlds.server.organization()).api();
  clients.set('member', new ApiClient(worlds.server.baseUrl, member.token));
  clients.set('stranger', new ApiClient(worlds.server.baseUrl, stranger.token));
});

/** Sends the sample of a route, in the shared world, with somebody's key. */
function send(who: 'member' | 'stranger', { operationId, method }: Route, world: World = worlds.shared) {
  const sample = sampleOf(operation(operationId));
  const client = clients.get(who);
  if (!client) throw new Error('the key has not been made');
  return client.request(method, pathOf(sample, world), optionsOf(sample, world));
}

const named = (routes: readonly Route[]) => routes.map((route) => [route.operationId, route] as const);

const MEMBER: readonly string[] = organizationPermissions('member');
const forAdmins = API_ROUTES.filter(
  ({ permission }) => typeof permission === 'string' && permission !== 'self' && !MEMBER.includes(permission),
);
const withIds = API_ROUTES.filter(({ path }) => path.includes('{'));

describe('every route of the admin REST API', () => {
  it.each(named(forAdmins))('%s is 403 for a member, and says what is missing', async (_, route) => {
    const reply = await send('member', route);
    expect(reply.status).toBe(403);
    expect(reply.body.detail).toContain(route.permission);
  });

  it.each(named(withIds))('%s is 404 for the admin of another organization', async (_, route) => {
    expect((await send('stranger', route)).status).toBe(404);
  });
});
