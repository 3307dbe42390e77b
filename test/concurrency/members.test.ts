import { expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { expectError, expectStatus } from '../conformance/rfc/support/assertions.js';
import { createGroup, createUser, memberIds, query, read } from '../conformance/rfc/support/resources.js';
import { ROLLCALL } from '../conformance/rfc/support/urns.js';
import { describeOnPostgres } from '../support/real-postgres.js';
import type { ScimClient } from '../support/scim-client.js';
import { atOnce, range, repeat, tally, useReplicas } from './support/replicas.js';

const people = async (scim: ScimClient, count: number): Promise<readonly string[]> =>
  (await Promise.all(range(count).map(() => createUser(scim)))).map(({ id }) => String(id)).sort();

const asMembers = (ids: readonly string[]) => ids.map((value) => ({ value }));

describeOnPostgres('teams, written at once', () => {
  const replicas = useReplicas();

  /** Memberships in the database, shown over SCIM or not. */
  const countRows = async (teamId: string): Promise<number> => {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from team_members where team_id = ${teamId}::uuid`.execute(
      replicas().servers[0].database.connection.db,
    );
    return rows[0]?.count ?? -1;
  };

  it('members added by several PATCHes are all there, and each counts as one version (RFC 7644 3.5.2.1)', async () => {
    const { clients } = await replicas().organization();
    const ids = await people(clients[0], 24);
    const { id } = await createGroup(clients[0]);
    const replies = await atOnce(clients, ids, (scim, value) =>
      scim.operations(`/Groups/${id}`, { op: 'add', path: 'members', value: [{ value }] }),
    );
    expect(tally(replies)).toEqual({ 204: ids.length });
    expect(await memberIds(clients[1], id)).toEqual(ids);
    expect((await read(clients[0], `/Groups/${id}`)).meta.version).toContain(`"${1 + ids.length}-`);
    const etags = replies.map(({ headers }) => headers.get('etag'));
    expect(new Set(etags).size).toBe(ids.length);
  });

  it('additions and removals of different members lose nothing (RFC 7644 3.5.2)', async () => {
    const { clients } = await replicas().organization();
    const ids = await people(clients[0], 24);
    const leaving = ids.slice(0, 12);
    const { id } = await createGroup(clients[0], { members: asMembers(leaving) });
    const replies = await atOnce(clients, ids, (scim, value) =>
      scim.operations(
        `/Groups/${id}`,
        leaving.includes(value)
          ? { op: 'remove', path: `members[value eq "${value}"]` }
          : { op: 'add', path: 'members', value: [{ value }] },
      ),
    );
    expect(tally(replies)).toEqual({ 204: ids.length });
    expect(await memberIds(clients[0], id)).toEqual(ids.slice(12));
    expect((await read(clients[0], `/Groups/${id}`)).meta.version).toContain(`"${1 + ids.length}-`);
  });

  it('one member added by everybody is added once, as one version (RFC 7644 3.5.2.1)', async () => {
    const { clients } = await replicas().organization();
    const [value] = await people(clients[0], 1);
    const { id } = await createGroup(clients[0]);
    const replies = await atOnce(clients, range(10), (scim) =>
      scim.operations(`/Groups/${id}`, { op: 'add', path: 'members', value: [{ value }] }),
    );
    expect(tally(replies)).toEqual({ 204: 10 });
    const group = await read(clients[0], `/Groups/${id}`);
    expect(group.members).toHaveLength(1);
    expect(group.meta.version).toContain('"2-');
  });

  it.each(['PUT', 'PATCH'])(
    'lists set by several %s end as exactly one of them (RFC 7644 3.5.1, 3.5.2.3)',
    async (method) => {
      const { clients } = await replicas().organization();
      const ids = await people(clients[0], 8);
      await repeat(6, async () => {
        const { id, displayName } = await createGroup(clients[0]);
        const path = `/Groups/${id}`;
        const replies = await atOnce(clients, ids, (scim, value) =>
          method === 'PUT'
            ? scim.put(path, { displayName, members: [{ value }] })
            : scim.operations(path, { op: 'replace', path: 'members', value: [{ value }] }),
        );
        expect(tally(replies)).toEqual({ [method === 'PUT' ? 200 : 204]: ids.length });
        expect(await memberIds(clients[1], id)).toHaveLength(1);
      });
    },
  );

  it.each(['PUT', 'PATCH', 'DELETE'])(
    'of %s under one If-Match exactly one wins (RFC 7644 3.14)',
    async (method) => {
      const { clients } = await replicas().organization();
      await repeat(3, async (round) => {
        const { id, meta } = await createGroup(clients[0]);
        const headers = { 'If-Match': meta.version };
        const path = `/Groups/${id}`;
        const replies = await atOnce(clients, range(8), (scim, n) => {
          const displayName = `${method} ${round} ${n}`;
          if (method === 'DELETE') return scim.delete(path, headers);
          if (method === 'PUT') return scim.put(path, { displayName }, headers);
          const Operations = [{ op: 'replace', path: 'displayName', value: displayName }];
          return scim.patch(
            path,
            { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations },
            headers,
          );
        });
        const won = method === 'PUT' ? 200 : 204;
        expect(replies.filter(({ status }) => status === won)).toHaveLength(1);
        for (const { status } of replies)
          expect([won, 412, ...(method === 'DELETE' ? [404] : [])]).toContain(status);
      });
    },
  );

  it('one displayName in any case is created once (RFC 7644 3.3)', async () => {
    const { clients } = await replicas().organization();
    const names = ['Team', 'team', 'TEAM', 'tEAM', 'Team', 'team'];
    const replies = await atOnce(clients, names, (scim, displayName) =>
      scim.post('/Groups', { displayName }),
    );
    expect(tally(replies)).toEqual({ 201: 1, 409: 5 });
    for (const reply of replies) if (reply.status === 409) expectError(reply, 409, 'uniqueness');
  });

  it('a rename and a membership change at once both hold (RFC 7644 3.5.2)', async () => {
    const { clients } = await replicas().organization();
    const [value = ''] = await people(clients[0], 1);
    await repeat(6, async (round) => {
      const { id } = await createGroup(clients[0]);
      const replies = await Promise.all([
        clients[0].operations(`/Groups/${id}`, {
          op: 'replace',
          path: 'displayName',
          value: `renamed ${round}`,
        }),
        clients[1].operations(`/Groups/${id}`, { op: 'add', path: 'members', value: [{ value }] }),
      ]);
      for (const reply of replies) expectStatus(reply, 204);
      const group = await read(clients[0], `/Groups/${id}`);
      expect(group.displayName).toBe(`renamed ${round}`);
      expect(group.members).toHaveLength(1);
    });
  });

  it('a team created while its member is removed does not show who is gone (RFC 7644 3.6)', async () => {
    const { clients } = await replicas().organization();
    await repeat(10, async (round) => {
      const [leaving = '', staying = ''] = await people(clients[0], 2);
      const [created, removed] = await Promise.all([
        clients[0].post('/Groups', { displayName: `round ${round}`, members: asMembers([leaving, staying]) }),
        clients[1].delete(`/Users/${leaving}`),
      ]);
      expectStatus(created, 201, 400);
      expectStatus(removed, 204);
      if (created.status === 201) expect(await memberIds(clients[1], created.body.id)).toEqual([staying]);
    });
  });

  it('a membership change that meets the DELETE of its team leaves no member behind (RFC 7644 3.6)', async () => {
    const { clients } = await replicas().organization();
    const ids = await people(clients[0], 4);
    await repeat(12, async () => {
      const { id } = await createGroup(clients[0]);
      const [removed, ...added] = await Promise.all([
        clients[1].delete(`/Groups/${id}`),
        ...ids.map((value) =>
          clients[0].operations(`/Groups/${id}`, { op: 'add', path: 'members', value: [{ value }] }),
        ),
      ]);
      expectStatus(removed, 204);
      for (const reply of added) expectStatus(reply, 204, 404);
      expectStatus(await clients[0].get(`/Groups/${id}`), 404);
      for (const user of ids) expect((await read(clients[0], `/Users/${user}`)).groups).toBeUndefined();
      expect(await countRows(id)).toBe(0);
    });
  });

  it('a team role that meets the DELETE of its team leaves no member behind (RFC 7644 3.6)', async () => {
    const { clients } = await replicas().organization();
    const [user = ''] = await people(clients[0], 1);
    await repeat(12, async () => {
      const { id } = await createGroup(clients[0]);
      const value = [{ teamId: id, roleName: 'admin' }];
      const [given, removed] = await Promise.all([
        clients[0].operations(`/Users/${user}`, { op: 'add', path: `${ROLLCALL}:teamRoles`, value }),
        clients[1].delete(`/Groups/${id}`),
      ]);
      expectStatus(given, 200, 400);
      expectStatus(removed, 204);
      const found = await read(clients[1], `/Users/${user}`);
      expect(found.groups).toBeUndefined();
      expect(found[ROLLCALL].teamRoles).toBeUndefined();
      expect(await countRows(id)).toBe(0);
    });
  });

  it('one user is put into many teams at once, with all roles (product decision)', async () => {
    const { clients } = await replicas().organization();
    const [user = ''] = await people(clients[0], 1);
    const teams = await Promise.all(range(8).map(() => createGroup(clients[0])));
    const replies = await atOnce(clients, teams, (scim, { id }) =>
      scim.operations(`/Users/${user}`, {
        op: 'add',
        path: `${ROLLCALL}:teamRoles`,
        value: [{ teamId: id, roleName: 'viewer' }],
      }),
    );
    expect(tally(replies)).toEqual({ 200: teams.length });
    const { teamRoles } = (await read(clients[1], `/Users/${user}`))[ROLLCALL];
    expect(teamRoles).toHaveLength(teams.length);
    expect(await query(clients[0], '/Groups', { filter: `members eq "${user}"` })).toHaveLength(teams.length);
  });
});
