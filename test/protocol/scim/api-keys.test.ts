import { describe, expect, it } from '@jest/globals';
import type { ApiKeyScope } from '../../../src/directory/principals/index.js';
import { ScimClient } from '../../support/scim-client.js';
import type { TestOrganization } from '../../support/server.js';
import { auditOf } from '../api/support/audit.js';
import { createPerson } from '../api/support/people.js';
import { useServer } from '../api/support/use-server.js';

const server = useServer();

/** Speaks SCIM with a fresh API key: of the admin unless given. */
async function withKey(
  organization: TestOrganization,
  userId = organization.adminId,
  scopes: readonly ApiKeyScope[] = ['scim'],
): Promise<ScimClient> {
  const { token } = await organization.api(userId, scopes);
  return new ScimClient(`${server().baseUrl}/scim/v2`, token);
}

const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

describe('an API key on the SCIM surface (product decision 2)', () => {
  it('of an admin works as Bearer and as the password of any user name, and acts as the key', async () => {
    const organization = await server().organization();
    const scim = await withKey(organization);
    const made = await scim.post('/Users', { userName: 'ada', externalId: 'ext-1' });
    expect(made).toMatchObject({ status: 201, body: { externalId: 'ext-1' } });
    const id = String(made.body.id);
    expect(await auditOf(server(), id)).toMatchObject([{ action: 'user:create', actorKind: 'api_key' }]);
    const anonymous = new ScimClient(`${server().baseUrl}/scim/v2`, undefined);
    for (const user of ['demo', '', 'a b'])
      expect(
        await anonymous.get(`/Users/${id}`, { Authorization: basic(user, scim.token ?? '') }),
      ).toMatchObject({ status: 200, body: { externalId: 'ext-1' } });
    expect((await organization.scim.get(`/Users/${id}`)).body.externalId).toBeUndefined();
  });

  it('works at once from several requests, through one connection', async () => {
    const organization = await server().organization();
    const scim = await withKey(organization);
    const replies = await Promise.all(Array.from({ length: 5 }, () => scim.get('/Users')));
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    const connections = await (await organization.api()).get('/connections');
    expect(connections.body.items.map(({ name }: { name: string }) => name)).toEqual(['first', 'API keys']);
  });

  it('without the scope scim is 403', async () => {
    const organization = await server().organization();
    const scim = await withKey(organization, organization.adminId, ['admin', 'access']);
    expect(await scim.get('/Users')).toMatchObject({
      status: 403,
      body: { detail: expect.stringContaining('scope scim') },
    });
    expect((await (await organization.api()).get('/connections')).body.total).toBe(1);
  });

  it('of a member is 403, and of who has become View-Only 401', async () => {
    const organization = await server().organization();
    const userId = await createPerson(organization);
    const scim = await withKey(organization, userId);
    expect((await scim.get('/Users')).status).toBe(403);
    expect((await scim.post('/Users', { userName: 'x' })).status).toBe(403);
    await organization.scim.operations(`/Users/${userId}`, {
      op: 'replace',
      path: 'organizationRole',
      value: 'viewer',
    });
    expect((await scim.get('/Users')).status).toBe(401);
  });

  it('of a service account of the organization works, and makes nobody an admin', async () => {
    const organization = await server().organization();
    await organization.scim.post('/Groups', { displayName: 'Home' });
    const robot = await organization.scim.post('/Users', {
      userName: 'robot',
      accountType: 'ORG_SERVICE',
      defaultTeam: 'Home',
    });
    const scim = await withKey(organization, String(robot.body.id));
    expect((await scim.post('/Users', { userName: 'plain' })).status).toBe(201);
    const refused = await scim.post('/Users', { userName: 'boss', organizationRole: 'admin' });
    expect(refused.status).toBe(403);
  });

  it('is refused by the next request after its owner is deactivated', async () => {
    const organization = await server().organization();
    const userId = await createPerson(organization, { organizationRole: 'admin' });
    const scim = await withKey(organization, userId);
    expect((await scim.get('/Users')).status).toBe(200);
    await organization.scim.operations(`/Users/${userId}`, { op: 'replace', path: 'active', value: false });
    const refused = await scim.get('/Users');
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toContain('invalid_token');
  });

  it('is refused while the connection of API keys is disabled', async () => {
    const organization = await server().organization();
    const scim = await withKey(organization);
    await scim.get('/Users');
    const api = await organization.api();
    const { items } = (await api.get('/connections')).body;
    const { id } = items.find(({ name }: { name: string }) => name === 'API keys');
    expect((await api.post(`/connections/${id}/disable`, {})).status).toBe(200);
    expect((await scim.get('/Users')).status).toBe(403);
  });

  it('shows nothing of another organization: its ids are 404', async () => {
    const scim = await withKey(await server().organization());
    const { adminId } = await server().organization();
    expect((await scim.get(`/Users/${adminId}`)).status).toBe(404);
    expect((await scim.delete(`/Users/${adminId}`)).status).toBe(404);
  });
});
