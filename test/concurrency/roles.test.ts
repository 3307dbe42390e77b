import { expect, it } from '@jest/globals';
import { expectStatus } from '../conformance/rfc/support/assertions.js';
import { createGroup, createRole, createUser, read } from '../conformance/rfc/support/resources.js';
import { ROLLCALL } from '../conformance/rfc/support/urns.js';
import { describeOnPostgres } from '../support/real-postgres.js';
import { atOnce, range, repeat, tally, useReplicas } from './support/replicas.js';

describeOnPostgres('custom roles, written at once', () => {
  const replicas = useReplicas();

  it('a role given while it is deleted is refused, or falls back with the others (product decision)', async () => {
    const { clients } = await replicas().organization();
    const { id: teamId } = await createGroup(clients[0]);
    await repeat(12, async () => {
      const { id: userId } = await createUser(clients[0]);
      const role = await createRole(clients[0], { inheritedFrom: 'viewer' });
      const value = [{ teamId, roleName: role.name }];
      const [given, removed] = await Promise.all([
        clients[0].operations(`/Users/${userId}`, { op: 'add', path: `${ROLLCALL}:teamRoles`, value }),
        clients[1].delete(`/Roles/${role.id}`),
      ]);
      expectStatus(given, 200, 400);
      expectStatus(removed, 204);
      expectStatus(await clients[0].get(`/Roles/${role.id}`), 404);
      const user = await read(clients[1], `/Users/${userId}`);
      const roles = (user[ROLLCALL].teamRoles ?? []).map(({ roleName }: { roleName: string }) => roleName);
      expect(roles).toEqual(given.status === 200 ? ['viewer'] : []);
    });
  });

  it('one name is created once (RFC 7644 3.3)', async () => {
    const { clients } = await replicas().organization();
    const replies = await atOnce(clients, range(8), (scim) =>
      scim.post('/Roles', { name: 'only one', inheritedFrom: 'member' }),
    );
    expect(tally(replies)).toEqual({ 201: 1, 409: 7 });
  });

  it('permissions added by several PATCHes are all there (RFC 7644 3.5.2.1)', async () => {
    const { clients } = await replicas().organization();
    const { id } = await createRole(clients[0], { inheritedFrom: 'viewer' });
    const names = ['project:create', 'run:create', 'report:create', 'artifact:create', 'artifact:update'];
    const replies = await atOnce(clients, names, (scim, name) =>
      scim.operations(`/Roles/${id}`, { op: 'add', path: 'permissions', value: [{ name }] }),
    );
    expect(tally(replies)).toEqual({ 200: names.length });
    const { permissions } = await read(clients[1], `/Roles/${id}`);
    expect(permissions.map(({ name }: { name: string }) => name)).toEqual(expect.arrayContaining(names));
  });

  it.each(['PUT', 'DELETE'])('of %s under one If-Match exactly one wins (RFC 7644 3.14)', async (method) => {
    const { clients } = await replicas().organization();
    const { id, meta, name } = await createRole(clients[0]);
    const headers = { 'If-Match': meta.version };
    const replies = await atOnce(clients, range(8), (scim, n) =>
      method === 'PUT'
        ? scim.put(`/Roles/${id}`, { name, inheritedFrom: 'viewer', description: `${n}` }, headers)
        : scim.delete(`/Roles/${id}`, headers),
    );
    const won = method === 'PUT' ? 200 : 204;
    expect(replies.filter(({ status }) => status === won)).toHaveLength(1);
    for (const { status } of replies)
      expect([won, 412, ...(method === 'DELETE' ? [404] : [])]).toContain(status);
  });
});
