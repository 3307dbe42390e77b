import { describe, expect, it } from '@jest/globals';
import { expectError, expectStatus } from '../../conformance/rfc/support/assertions.js';
import {
  createGroup,
  createUser,
  groupIds,
  matching,
  memberIds,
  read,
  type Resource,
} from '../../conformance/rfc/support/resources.js';
import { ROLLCALL, USER } from '../../conformance/rfc/support/urns.js';
import { useServer } from '../../conformance/rfc/support/use-server.js';

const server = useServer();

const teamRolesOf = (user: Resource): Resource[] => user[ROLLCALL].teamRoles ?? [];

describe('deactivation (product decision)', () => {
  it.each([
    ['PATCH with path', { op: 'replace', path: 'active', value: false }],
    ['PATCH without path', { op: 'replace', value: { active: false } }],
    ['PATCH with the text "False"', { op: 'Replace', path: 'active', value: 'False' }],
  ])(
    '%s keeps the account readable, listed, with its teams and roles (product decision)',
    async (_how, operation) => {
      const { scim } = await server.organization();
      const user = await createUser(scim, { userName: 'ada' });
      const group = await createGroup(scim, { displayName: 'Team' });
      const teamRoles = [{ teamId: group.id, roleName: 'admin' }];
      expectStatus(
        await scim.operations(`/Users/${user.id}`, { op: 'replace', path: 'teamRoles', value: teamRoles }),
        200,
      );

      const reply = await scim.operations(`/Users/${user.id}`, operation);
      expectStatus(reply, 200);
      expect(reply.body.active).toBe(false);
      const off = await read(scim, `/Users/${user.id}`);
      expect(off).toMatchObject({ active: false, userName: 'ada', groups: [{ value: group.id }] });
      expect(teamRolesOf(off)).toMatchObject([{ teamId: group.id, roleName: 'admin' }]);
      expect(await matching(scim, '/Users', 'userName eq "ada"')).toEqual(['ada']);
      expect(await memberIds(scim, group.id)).toEqual([user.id]);

      expectStatus(
        await scim.operations(`/Users/${user.id}`, { op: 'replace', path: 'active', value: true }),
        200,
      );
      const on = await read(scim, `/Users/${user.id}`);
      expect(on).toMatchObject({ active: true, groups: [{ value: group.id }] });
      expect(teamRolesOf(on)).toEqual(teamRolesOf(off));
    },
  );

  it('PUT with active false and true does the same (Okta AIW)', async () => {
    const { scim } = await server.organization();
    const user = await createUser(scim);
    for (const active of [false, true]) {
      const own = await read(scim, `/Users/${user.id}`);
      expectStatus(await scim.put(`/Users/${user.id}`, { ...own, active }), 200);
      expect((await read(scim, `/Users/${user.id}`)).active).toBe(active);
    }
  });

  it('a user can be created inactive (RFC 7643 4.1.1)', async () => {
    const { scim } = await server.organization();
    const user = await createUser(scim, { active: false });
    expect((await read(scim, `/Users/${user.id}`)).active).toBe(false);
  });

  it('a user in place is not re-activated by a second POST: 409 (Coder defect)', async () => {
    const { scim } = await server.organization();
    const user = await createUser(scim, { userName: 'ada', active: false });
    expectError(await scim.post('/Users', { schemas: [USER], userName: 'ada' }), 409, 'uniqueness');
    expect((await read(scim, `/Users/${user.id}`)).active).toBe(false);
  });
});

describe('DELETE of a user (product decision)', () => {
  it('is 204; from then on the user is nowhere over SCIM (RFC 7644 3.6)', async () => {
    const { scim } = await server.organization();
    const user = await createUser(scim, { userName: 'ada', emails: [{ value: 'ada@ex.test' }] });
    const group = await createGroup(scim, { members: [{ value: user.id }] });
    const before = await read(scim, `/Groups/${group.id}`);
    const reply = await scim.delete(`/Users/${user.id}`);
    expectStatus(reply, 204);
    expect(reply.text).toBe('');

    expectError(await scim.get(`/Users/${user.id}`), 404);
    expectError(
      await scim.operations(`/Users/${user.id}`, { op: 'replace', path: 'active', value: true }),
      404,
    );
    expectError(await scim.put(`/Users/${user.id}`, { schemas: [USER], userName: 'ada' }), 404);
    expectError(await scim.delete(`/Users/${user.id}`), 404);
    for (const filter of [
      'userName eq "ada"',
      `id eq "${user.id}"`,
      'emails.value eq "ada@ex.test"',
      'active eq false',
    ])
      expect(await matching(scim, '/Users', filter)).toEqual([]);
    const { totalResults } = await read(scim, '/Users?count=0');
    expect(totalResults).toBe(1);
    expect(await memberIds(scim, group.id)).toEqual([]);
    expect((await read(scim, `/Groups/${group.id}`)).meta.version).not.toBe(before.meta.version);
    expect(await matching(scim, '/Groups', `members eq "${user.id}"`)).toEqual([]);
  });

  it('a deleted user cannot become a member (RFC 7644 3.6)', async () => {
    const { scim } = await server.organization();
    const user = await createUser(scim);
    const group = await createGroup(scim);
    expectStatus(await scim.delete(`/Users/${user.id}`), 204);
    const operation = { op: 'add', path: 'members', value: [{ value: user.id }] };
    expectError(await scim.operations(`/Groups/${group.id}`, operation), [400, 404]);
  });

  it('a later POST with the same userName restores the account, its id and its teams: 201 (product decision)', async () => {
    const { scim } = await server.organization();
    const user = await createUser(scim, { userName: 'ada', externalId: 'old' });
    const group = await createGroup(scim, { displayName: 'Team' });
    const value = [{ teamId: group.id, roleName: 'admin' }];
    expectStatus(await scim.operations(`/Users/${user.id}`, { op: 'add', path: 'teamRoles', value }), 200);
    expectStatus(await scim.delete(`/Users/${user.id}`), 204);

    const reply = await scim.post('/Users', {
      schemas: [USER],
      userName: 'ada',
      title: 'new',
      externalId: 'new',
    });
    expectStatus(reply, 201);
    expect(reply.headers.get('location')).toBe(user.meta.location);
    expect(reply.body).toMatchObject({ id: user.id, active: true, title: 'new' });
    const restored = await read(scim, `/Users/${user.id}`);
    expect(restored).toMatchObject({ active: true, externalId: 'new', groups: [{ value: group.id }] });
    expect(teamRolesOf(restored)).toMatchObject([{ teamId: group.id, roleName: 'admin' }]);
    expect(await memberIds(scim, group.id)).toEqual([user.id]);
    expect(await groupIds(scim, user.id)).toEqual([group.id]);
    expect(await matching(scim, '/Users', 'userName eq "ada"')).toEqual(['ada']);
  });

  it('the restored account differs in case of the userName only: the same account (product decision)', async () => {
    const { scim } = await server.organization();
    const user = await createUser(scim, { userName: 'ada@ex.test' });
    expectStatus(await scim.delete(`/Users/${user.id}`), 204);
    expect((await createUser(scim, { userName: 'ADA@ex.test' })).id).toBe(user.id);
  });

  it('create, delete and create again, several times, never answers 409 (JumpCloud activation)', async () => {
    const { scim } = await server.organization();
    for (let round = 0; round < 3; round += 1) {
      const user = await createUser(scim, { userName: 'jump' });
      expectStatus(await scim.delete(`/Users/${user.id}`), 204);
    }
  });

  it('a connection set to remove for good makes a new account on the next POST (product decision)', async () => {
    const { scim } = await server.organization({ onUserDelete: 'remove' });
    const user = await createUser(scim, { userName: 'ada' });
    const group = await createGroup(scim, { members: [{ value: user.id }] });
    expectStatus(await scim.delete(`/Users/${user.id}`), 204);
    expectError(await scim.get(`/Users/${user.id}`), 404);
    const again = await createUser(scim, { userName: 'ada' });
    expect(again.id).not.toBe(user.id);
    expect(await groupIds(scim, again.id)).toEqual([]);
    expect(await memberIds(scim, group.id)).toEqual([]);
  });
});
