import { expect, it } from '@jest/globals';
import { auditOf } from '../protocol/api/support/audit.js';
import { createPerson } from '../protocol/api/support/people.js';
import type { ApiClient } from '../support/api-client.js';
import { describeOnPostgres } from '../support/real-postgres.js';
import type { Reply, ScimClient } from '../support/scim-client.js';
import { atOnce, range, repeat, tally, useReplicas } from './support/replicas.js';

const count = async (scim: ScimClient, filter = ''): Promise<number> =>
  (await scim.get(`/Users?count=0${filter === '' ? '' : `&filter=${encodeURIComponent(filter)}`}`)).body
    .totalResults;

describeOnPostgres('accounts, changed at once over the admin REST API', () => {
  const replicas = useReplicas();

  /** An account that its identity provider has removed, in a fresh organization. */
  async function removedAccount() {
    const organization = await replicas().organization();
    const userName = 'ada@example.com';
    const id = await createPerson(organization, { userName });
    await organization.scim.delete(`/Users/${id}`);
    return { organization, userName, id, apis: await replicas().apis(organization) };
  }

  const actionsOf = async (id: string): Promise<readonly string[]> =>
    (await auditOf(replicas().servers[0], id)).map(({ action }) => action);

  it.each([
    ['demote', (api: ApiClient, id: string) => api.patch(`/users/${id}`, { organizationRole: 'member' })],
    ['deactivate', (api: ApiClient, id: string) => api.post(`/users/${id}/deactivate`, {})],
    ['remove', (api: ApiClient, id: string) => api.delete(`/users/${id}`)],
  ] as const)('two admins who %s each other leave one (product decision 5)', (_, act) =>
    repeat(4, async () => {
      const organization = await replicas().organization();
      const other = await createPerson(organization, { organizationRole: 'admin' });
      const [one] = await replicas().apis(organization);
      const [, two] = await replicas().apis(organization, other);
      const replies = await Promise.all([act(one, other), act(two, organization.adminId)]);
      // Who was overtaken is no admin any more, or would take the last one.
      const [won, lost] = [...replies].sort((a, b) => a.status - b.status);
      expect([200, 204]).toContain(won?.status);
      expect([401, 403, 409]).toContain(lost?.status);
      expect(await count(organization.scim, 'organizationRole eq "admin" and active eq true')).toBe(1);
    }),
  );

  it('a removed account is restored once, and counted once (product decision 5)', () =>
    repeat(4, async () => {
      const { organization, id, apis } = await removedAccount();
      const replies = await atOnce(apis, range(6), (api) => api.post(`/users/${id}/restore`, {}));
      expect(tally(replies)).toEqual({ 200: 1, 409: 5 });
      expect(await count(organization.scim)).toBe(2);
      expect((await actionsOf(id)).filter((action) => action === 'user:restore')).toHaveLength(1);
    }));

  it('a removed account that identity provider and admin restore is one, and counted once', () =>
    repeat(6, async () => {
      const { organization, id, userName, apis } = await removedAccount();
      const [byAdmin, byProvider] = await Promise.all([
        apis[1].post(`/users/${id}/restore`, {}),
        organization.clients[0].post('/Users', { userName }),
      ]);
      expect([byAdmin.status, byProvider.status].filter((status) => status < 300)).toHaveLength(1);
      expect([200, 409]).toContain(byAdmin.status);
      expect([201, 409]).toContain(byProvider.status);
      expect(await count(organization.scim)).toBe(2);
      expect((await actionsOf(id)).filter((action) => action === 'user:restore')).toHaveLength(1);
    }));

  it('a removed account is erased once', async () => {
    const { id, apis } = await removedAccount();
    const replies = await atOnce(apis, range(6), (api) => api.delete(`/users/${id}`));
    expect(tally(replies)).toEqual({ 204: 1, 404: 5 });
    expect((await actionsOf(id)).filter((action) => action === 'user:erase')).toHaveLength(1);
  });

  it('a restored account is not erased, and an erased one not restored', () =>
    repeat(8, async () => {
      const { organization, id, apis } = await removedAccount();
      const [restored, erased] = await Promise.all([
        apis[0].post(`/users/${id}/restore`, {}),
        apis[1].delete(`/users/${id}`),
      ]);
      const outcomes = [restored, erased].map(({ status }: Reply) => status);
      const isThere = (await organization.scim.get(`/Users/${id}`)).status === 200;
      const course = ['user:restore', 'user:remove'].slice(0, isThere ? 1 : 2);
      // Restored, then perhaps removed for good; or erased, and nothing to restore.
      expect([
        [200, 204],
        [404, 204],
        [200, 404],
      ]).toContainEqual(outcomes);
      expect((await actionsOf(id)).slice(2)).toEqual(restored.status === 200 ? course : ['user:erase']);
      expect(isThere).toBe(outcomes[1] === 404);
      expect(await count(organization.scim)).toBe(isThere ? 2 : 1);
    }));
});
