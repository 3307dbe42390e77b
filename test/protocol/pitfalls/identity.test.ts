import { describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { useServer } from '../../persistence/support/use-server.js';
import { expectError, expectStatus } from '../../conformance/rfc/support/assertions.js';
import {
  createGroup,
  createUser,
  groupIds,
  memberIds,
  read,
} from '../../conformance/rfc/support/resources.js';
import { ROLLCALL } from '../../conformance/rfc/support/urns.js';

const server = useServer();

describe('identity and tenancy: what advisories teach', () => {
  it('an externalId that is a number or an id of this server never becomes an id (Grafana CVE-2025-41115)', async () => {
    const { scim, adminId } = await server().organization();
    for (const externalId of ['1', '0', adminId]) {
      const { id } = await createUser(scim, { externalId });
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(id).not.toBe(adminId);
      expectStatus(
        await scim.operations(`/Users/${id}`, { op: 'replace', path: 'active', value: false }),
        200,
      );
    }
    expect((await read(scim, `/Users/${adminId}`)).active).toBe(true);
    for (const id of ['1', '0', '-1', '01']) expectError(await scim.get(`/Users/${id}`), 404);
  });

  it('an e-mail address is no identity: two users may have it, none is matched by it (Grafana CVE-2023-3128)', async () => {
    const { scim, adminId } = await server().organization();
    const emails = [{ value: 'root-admin@example.com', primary: true }];
    const user = await createUser(scim, { userName: 'somebody else', emails });
    expect(user.id).not.toBe(adminId);
    expect(user[ROLLCALL].organizationRole).toBe('member');
    expect((await read(scim, `/Users/${adminId}`)).userName).toBe('root-admin@example.com');
    expectError(await scim.post('/Users', { userName: 'ROOT-ADMIN@example.com', emails }), 409, 'uniqueness');
  });

  it('verified is not a thing a client can write (Zitadel CVE-2026-27946)', async () => {
    const { scim } = await server().organization();
    const user = await createUser(scim, {
      emails: [{ value: 'a@example.com', verified: true }],
      verified: true,
      emailVerified: true,
      [ROLLCALL]: { verified: true, isProtected: true, daysActive: 7, lastActiveAt: '2026-01-01T00:00:00Z' },
    });
    const text = JSON.stringify(await read(scim, `/Users/${user.id}`));
    expect(text).not.toMatch(/verified|protected/i);
    expect(user[ROLLCALL]).toMatchObject({ daysActive: 0 });
    expect(user[ROLLCALL].lastActiveAt).toBeUndefined();
  });

  it('a password pushed by SCIM opens nothing: it is stored nowhere (langfuse #15997)', async () => {
    const { scim } = await server().organization();
    const password = 'pushed by the identity provider';
    const { id, userName } = await createUser(scim, { password });
    expectStatus(await scim.put(`/Users/${id}`, { userName, password }), 200);
    expectStatus(
      await scim.operations(`/Users/${id}`, { op: 'replace', path: 'password', value: password }),
      200,
    );
    const { db } = server().database.connection;
    const { rows } = await sql<{ found: number }>`
      select (select count(*)::int from local_credentials where user_id = ${id}::uuid)
        + (select count(*)::int from users u where strpos(u::text, ${password}) > 0)
        + (select count(*)::int from audit_events a where strpos(a::text, ${password}) > 0) as found`.execute(
      db,
    );
    expect(rows[0]?.found).toBe(0);
  });

  it('the protected admin cannot be taken over or out by SCIM (GitLab CVE-2022-1680, Grafana CVE-2026-22640)', async () => {
    const { scim, context } = await server().organization();
    const id = await server().services.setup.createAdmin(context, {
      email: 'break-glass@example.com',
      password: 'correct horse battery staple',
      isProtected: true,
    });
    const before = await read(scim, `/Users/${id}`);
    const attempts = [
      scim.operations(`/Users/${id}`, {
        op: 'replace',
        path: 'emails',
        value: [{ value: 'thief@example.com' }],
      }),
      scim.operations(`/Users/${id}`, { op: 'replace', path: 'userName', value: 'thief@example.com' }),
      scim.operations(`/Users/${id}`, { op: 'replace', path: 'active', value: false }),
      scim.operations(`/Users/${id}`, {
        op: 'replace',
        path: `${ROLLCALL}:organizationRole`,
        value: 'viewer',
      }),
      scim.put(`/Users/${id}`, { userName: 'thief@example.com' }),
      scim.delete(`/Users/${id}`),
    ];
    for (const reply of await Promise.all(attempts)) expectError(reply, 403);
    expect(await read(scim, `/Users/${id}`)).toEqual(before);
  });

  it('membership has one rule from both sides: groups of a user are not writable (Keycloak #50473, #50961)', async () => {
    const { scim } = await server().organization();
    const { id, userName } = await createUser(scim);
    const group = await createGroup(scim);
    const groups = [{ value: group.id }];
    await scim.operations(`/Users/${id}`, { op: 'add', path: 'groups', value: groups });
    await scim.operations(`/Users/${id}`, { op: 'add', value: { groups } });
    await scim.put(`/Users/${id}`, { userName, groups });
    await scim.post('/Users', { userName: 'newcomer', groups });
    expect(await groupIds(scim, id)).toEqual([]);
    expect(await memberIds(scim, group.id)).toEqual([]);
  });

  it('members, managers and team roles of another organization stay out of reach (Infisical, Sentry CVE-2026-27197)', async () => {
    const [mine, theirs] = [await server().organization(), await server().organization()];
    const stranger = await createUser(theirs.scim, { displayName: 'A Stranger' });
    const team = await createGroup(theirs.scim, { displayName: 'Strangers' });
    expectError(
      await mine.scim.post('/Groups', { displayName: 'x', members: [{ value: stranger.id }] }),
      400,
      'invalidValue',
    );
    const user = await createUser(mine.scim);
    for (const teamRole of [{ teamId: team.id }, { teamName: 'Strangers' }])
      expectError(
        await mine.scim.operations(`/Users/${user.id}`, {
          op: 'add',
          path: `${ROLLCALL}:teamRoles`,
          value: [teamRole],
        }),
        400,
        'invalidValue',
      );
    await mine.scim.operations(`/Users/${user.id}`, {
      op: 'add',
      path: 'manager',
      value: { value: stranger.id },
    });
    expect(JSON.stringify(await read(mine.scim, `/Users/${user.id}`))).not.toContain('A Stranger');
    expect(await read(theirs.scim, `/Users/${stranger.id}`)).toEqual(stranger);
  });

  it.each(['admin', 'ADMIN', 'member', 'viewer', 'View-Only', 'service'])(
    'a custom role cannot take the predefined name %s (better-auth PR 9579)',
    async (name) => {
      const { scim } = await server().organization();
      expectError(await scim.post('/Roles', { name, inheritedFrom: 'viewer' }), 409, 'uniqueness');
    },
  );
});
