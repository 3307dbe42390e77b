import { describe, expect, it } from '@jest/globals';
import { expectError, expectStatus } from './support/assertions.js';
import {
  createGroup,
  createRole,
  createUser,
  matching,
  memberIds,
  query,
  read,
} from './support/resources.js';
import { ENTERPRISE, GROUP, ROLE, UNKNOWN_ID, USER } from './support/urns.js';
import { useServer } from './support/use-server.js';

const server = useServer();

describe('rule 35: references (RFC 7643 3.1, 4.1.2, 4.2)', () => {
  it('rule 35: location is absolute, built from PUBLIC_URL (RFC 7643 3.1)', async () => {
    const { scim } = await server.organization();
    for (const [endpoint, resource] of [
      ['/Users', await createUser(scim)],
      ['/Groups', await createGroup(scim)],
      ['/Roles', await createRole(scim)],
    ] as const) {
      const location = `${server.baseUrl}/scim/v2${endpoint}/${resource.id}`;
      expect(resource.meta.location).toBe(location);
      const reply = await scim.get(`${endpoint}/${resource.id}`, {
        'X-Forwarded-Host': 'evil.test',
      });
      expect(reply.body.meta.location).toBe(location);
    }
  });

  it('rule 35: members carry an absolute $ref and their type (RFC 7643 4.2)', async () => {
    const { scim } = await server.organization();
    const user = await createUser(scim);
    const group = await createGroup(scim, { members: [{ value: user.id }] });
    expect((await read(scim, `/Groups/${group.id}`)).members).toEqual([
      expect.objectContaining({
        value: user.id,
        $ref: `${server.baseUrl}/scim/v2/Users/${user.id}`,
        type: 'User',
      }),
    ]);
  });

  it('rule 35: groups of a user are read-only, with display, $ref and type direct (RFC 7643 4.1.2)', async () => {
    const { scim } = await server.organization();
    const user = await createUser(scim);
    const group = await createGroup(scim, { members: [{ value: user.id }] });
    const expected = {
      value: group.id,
      display: group.displayName,
      $ref: `${server.baseUrl}/scim/v2/Groups/${group.id}`,
      type: 'direct',
    };
    expect((await read(scim, `/Users/${user.id}`)).groups).toEqual([expected]);
    const [listed] = await query(scim, '/Users', { filter: `id eq "${user.id}"` });
    expect(listed.groups).toEqual([expected]);
  });

  it('rule 35: manager is answered as an object with the name this server knows (RFC 7643 4.3)', async () => {
    const { scim } = await server.organization();
    const manager = await createUser(scim, { displayName: 'Charles' });
    const user = await createUser(scim, {
      [ENTERPRISE]: { manager: { value: manager.id, displayName: 'Mallory' } },
    });
    const stored = (await read(scim, `/Users/${user.id}`))[ENTERPRISE].manager;
    expect(stored.value).toBe(manager.id);
    expect(stored.displayName ?? 'Charles').toBe('Charles');
  });

  it('rule 35: nested groups are 400 invalidValue with a hint to flatten (product decision)', async () => {
    const { scim } = await server.organization();
    const child = await createGroup(scim);
    const parent = await createGroup(scim);
    const members = [{ value: child.id, type: 'Group' }];
    const replies = [
      await scim.post('/Groups', { schemas: [GROUP], displayName: 'Nested', members }),
      await scim.put(`/Groups/${parent.id}`, { schemas: [GROUP], displayName: parent.displayName, members }),
      await scim.operations(`/Groups/${parent.id}`, { op: 'add', path: 'members', value: members }),
    ];
    for (const reply of replies) {
      expectError(reply, 400, 'invalidValue');
      expect(reply.body.detail).toMatch(/flat/i);
    }
    expect(await memberIds(scim, parent.id)).toEqual([]);
    expect(await matching(scim, '/Groups', 'displayName eq "Nested"')).toEqual([]);
  });

  it.each([UNKNOWN_ID, 'not-a-uuid', '', '1'])(
    'rule 35: the unknown member %j is refused as a whole (RFC 7644 3.12)',
    async (value) => {
      const { scim } = await server.organization();
      const user = await createUser(scim);
      const group = await createGroup(scim);
      const members = [{ value: user.id }, { value }];
      expectError(
        await scim.operations(`/Groups/${group.id}`, { op: 'add', path: 'members', value: members }),
        [400, 404],
      );
      expectError(
        await scim.post('/Groups', { schemas: [GROUP], displayName: 'Partial', members }),
        [400, 404],
      );
      expect(await memberIds(scim, group.id)).toEqual([]);
      expect(await matching(scim, '/Groups', 'displayName eq "Partial"')).toEqual([]);
    },
  );

  it('rule 35: members may come with $ref null, without type, and twice (Microsoft Entra)', async () => {
    const { scim } = await server.organization();
    const user = await createUser(scim);
    const members = [
      { value: user.id, $ref: null },
      { value: user.id, type: 'User' },
    ];
    const group = await createGroup(scim, { members });
    expect(await memberIds(scim, group.id)).toEqual([user.id]);
  });
});

describe('rule 36: uniqueness (RFC 7644 3.12)', () => {
  it('rule 36: a userName that differs only in case is 409 by POST, PUT and PATCH (RFC 7643 4.1.1)', async () => {
    const { scim } = await server.organization();
    const first = await createUser(scim, { userName: 'Ada@Ex.test' });
    const other = await createUser(scim, { userName: 'other' });
    const userName = 'aDA@eX.tEST';
    expectError(await scim.post('/Users', { schemas: [USER], userName }), 409, 'uniqueness');
    expectError(await scim.put(`/Users/${other.id}`, { schemas: [USER], userName }), 409, 'uniqueness');
    for (const operation of [
      { op: 'replace', path: 'userName', value: userName },
      { op: 'replace', value: { userName } },
    ])
      expectError(await scim.operations(`/Users/${other.id}`, operation), 409, 'uniqueness');
    expect((await read(scim, `/Users/${other.id}`)).userName).toBe('other');
    expect(await matching(scim, '/Users', `userName eq "${userName}"`)).toEqual([first.userName]);
  });

  it('rule 36: a user may change the case of the own userName (RFC 7644 3.5.1)', async () => {
    const { scim } = await server.organization();
    const user = await createUser(scim, { userName: 'ada' });
    expectStatus(
      await scim.operations(`/Users/${user.id}`, { op: 'replace', path: 'userName', value: 'ADA' }),
      200,
    );
    expect((await read(scim, `/Users/${user.id}`)).userName).toBe('ADA');
  });

  it('rule 36: group names are unique in any case, by POST, PUT and PATCH (product decision)', async () => {
    const { scim } = await server.organization();
    await createGroup(scim, { displayName: 'Sales' });
    const other = await createGroup(scim, { displayName: 'Other' });
    const displayName = 'SALES';
    const path = `/Groups/${other.id}`;
    for (const reply of [
      await scim.post('/Groups', { schemas: [GROUP], displayName }),
      await scim.put(path, { schemas: [GROUP], displayName }),
      await scim.operations(path, { op: 'replace', path: 'displayName', value: displayName }),
    ])
      expectError(reply, 409, 'uniqueness');
    expect((await read(scim, path)).displayName).toBe('Other');
  });

  it('rule 36: role names are unique exactly as written (product decision)', async () => {
    const { scim } = await server.organization();
    await createRole(scim, { name: 'Auditor' });
    await createRole(scim, { name: 'auditor' });
    const reply = await scim.post('/Roles', { schemas: [ROLE], name: 'Auditor', inheritedFrom: 'member' });
    expectError(reply, 409, 'uniqueness');
  });

  it.each([
    ['/Users', { schemas: [USER], userName: 'racer' }, 'userName eq "racer"'],
    ['/Groups', { schemas: [GROUP], displayName: 'racer' }, 'displayName eq "racer"'],
    ['/Roles', { schemas: [ROLE], name: 'racer', inheritedFrom: 'viewer' }, 'name eq "racer"'],
  ] as const)(
    'rule 36: of parallel POSTs to %s exactly one is 201 (RFC 7644 3.3)',
    async (endpoint, body, filter) => {
      const { scim } = await server.organization();
      const replies = await Promise.all(Array.from({ length: 6 }, () => scim.post(endpoint, body)));
      expect(replies.map((reply) => reply.status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
      for (const reply of replies.filter((each) => each.status === 409))
        expectError(reply, 409, 'uniqueness');
      expect(await matching(scim, endpoint, filter)).toEqual(['racer']);
    },
  );

  it('rule 36: the userName of a deleted user is free for another (RFC 7644 3.6)', async () => {
    const { scim } = await server.organization();
    const [gone, other] = [await createUser(scim, { userName: 'ada' }), await createUser(scim)];
    expectStatus(await scim.delete(`/Users/${gone.id}`), 204);
    expectStatus(
      await scim.operations(`/Users/${other.id}`, { op: 'replace', path: 'userName', value: 'Ada' }),
      200,
    );
    expectError(await scim.post('/Users', { schemas: [USER], userName: 'ada' }), 409, 'uniqueness');
  });

  it('rule 36: the same externalId twice is legal by default, for users and groups (RFC 7643 3.1)', async () => {
    const { scim } = await server.organization();
    await createUser(scim, { userName: 'one', externalId: 'x' });
    await createUser(scim, { userName: 'two', externalId: 'x' });
    expect(await matching(scim, '/Users', 'externalId eq "x"')).toEqual(['one', 'two']);
    await createGroup(scim, { displayName: 'A', externalId: 'x' });
    await createGroup(scim, { displayName: 'B', externalId: 'x' });
    expect(await matching(scim, '/Groups', 'externalId eq "x"')).toEqual(['A', 'B']);
  });

  it('rule 36: a connection can require unique externalIds: 409 uniqueness (product decision)', async () => {
    const { scim } = await server.organization({ hasUniqueExternalIds: true });
    await createUser(scim, { externalId: 'x' });
    expectError(
      await scim.post('/Users', { schemas: [USER], userName: 'two', externalId: 'x' }),
      409,
      'uniqueness',
    );
    await createUser(scim, { externalId: 'X' });
  });
});
