import { describe, expect, it } from '@jest/globals';
import { expectError, expectStatus } from '../../conformance/rfc/support/assertions.js';
import {
  createGroup,
  createUser,
  groupIds,
  matching,
  memberIds,
  read,
} from '../../conformance/rfc/support/resources.js';
import { GROUP } from '../../conformance/rfc/support/urns.js';
import { useServer } from '../../conformance/rfc/support/use-server.js';

const server = useServer();

describe('teams as groups (product decision)', () => {
  it('a group is created with members, and read from both sides (RFC 7643 4.2)', async () => {
    const { scim } = await server.organization();
    const [one, two] = [await createUser(scim), await createUser(scim)];
    const group = await createGroup(scim, { members: [{ value: one.id }, { value: two.id }] });
    expect(await memberIds(scim, group.id)).toEqual([one.id, two.id].sort());
    for (const user of [one, two]) expect(await groupIds(scim, user.id)).toEqual([group.id]);
  });

  it('without members, and with members null, it is empty (Okta, Microsoft Entra)', async () => {
    const { scim } = await server.organization();
    for (const body of [{}, { members: [] }, { members: null }]) {
      const group = await createGroup(scim, body);
      expect(await memberIds(scim, group.id)).toEqual([]);
    }
  });

  it('PUT answers 200 with the resource, renames, and keeps id and created (product decision)', async () => {
    const { scim } = await server.organization();
    const user = await createUser(scim);
    const group = await createGroup(scim, { displayName: 'Old', members: [{ value: user.id }] });
    const body = { schemas: [GROUP], displayName: 'New', members: [{ value: user.id }] };
    const reply = await scim.put(`/Groups/${group.id}`, body);
    expectStatus(reply, 200);
    expect(reply.body).toMatchObject({ id: group.id, displayName: 'New', members: [{ value: user.id }] });
    expect((await read(scim, `/Groups/${group.id}`)).meta.created).toBe(group.meta.created);
    expect(await matching(scim, '/Groups', 'displayName eq "Old"')).toEqual([]);
    expect(await groupIds(scim, user.id)).toEqual([group.id]);
  });

  it('displayName filters in any case (RFC 7643 4.2)', async () => {
    const { scim } = await server.organization();
    await createGroup(scim, { displayName: 'Sales EMEA' });
    expect(await matching(scim, '/Groups', 'displayName eq "SALES emea"')).toEqual(['Sales EMEA']);
    expect(await matching(scim, '/Groups', 'DisplayName sw "sales"')).toEqual(['Sales EMEA']);
  });

  it('removing and adding members in one PATCH works in order (Okta OIN)', async () => {
    const { scim } = await server.organization();
    const [one, two] = [await createUser(scim), await createUser(scim)];
    const group = await createGroup(scim, { members: [{ value: one.id }] });
    const reply = await scim.operations(
      `/Groups/${group.id}`,
      { op: 'remove', path: `members[value eq "${one.id}"]` },
      { op: 'add', path: 'members', value: [{ value: two.id, display: 'two' }] },
    );
    expectStatus(reply, 204);
    expect(await memberIds(scim, group.id)).toEqual([two.id]);
  });

  it('an inactive user stays a member and can become one (product decision)', async () => {
    const { scim } = await server.organization();
    const user = await createUser(scim, { active: false });
    const group = await createGroup(scim);
    const operation = { op: 'add', path: 'members', value: [{ value: user.id }] };
    expectStatus(await scim.operations(`/Groups/${group.id}`, operation), 204);
    expect(await memberIds(scim, group.id)).toEqual([user.id]);
  });
});

describe('DELETE of a group (product decision)', () => {
  it('archives the team: 404 over SCIM, members removed, users untouched (product decision)', async () => {
    const { scim } = await server.organization();
    const user = await createUser(scim);
    const group = await createGroup(scim, { displayName: 'Gone', members: [{ value: user.id }] });
    const reply = await scim.delete(`/Groups/${group.id}`);
    expectStatus(reply, 204);
    expect(reply.text).toBe('');
    const path = `/Groups/${group.id}`;
    expectError(await scim.get(path), 404);
    expectError(await scim.put(path, { schemas: [GROUP], displayName: 'Gone' }), 404);
    expectError(
      await scim.operations(path, { op: 'add', path: 'members', value: [{ value: user.id }] }),
      404,
    );
    expectError(await scim.delete(path), 404);
    expect(await matching(scim, '/Groups', 'displayName eq "Gone"')).toEqual([]);
    expect(await matching(scim, '/Groups', `members eq "${user.id}"`)).toEqual([]);
    expect(await groupIds(scim, user.id)).toEqual([]);
    expect((await read(scim, `/Users/${user.id}`)).active).toBe(true);
  });

  it('frees the name: a new group has it, without the old members (product decision)', async () => {
    const { scim } = await server.organization();
    const user = await createUser(scim);
    const old = await createGroup(scim, { displayName: 'Reused', members: [{ value: user.id }] });
    expectStatus(await scim.delete(`/Groups/${old.id}`), 204);
    const fresh = await createGroup(scim, { displayName: 'Reused' });
    expect(await memberIds(scim, fresh.id)).toEqual([]);
    const other = await createGroup(scim, { displayName: 'Second' });
    expectStatus(await scim.delete(`/Groups/${fresh.id}`), 204);
    expectStatus(
      await scim.operations(`/Groups/${other.id}`, { op: 'replace', value: { displayName: 'Reused' } }),
      204,
    );
  });

  it('a connection set to refuse it answers 403 and keeps the team (product decision)', async () => {
    const { scim } = await server.organization({ onGroupDelete: 'refuse' });
    const group = await createGroup(scim);
    expectError(await scim.delete(`/Groups/${group.id}`), 403);
    expect(await read(scim, `/Groups/${group.id}`)).toEqual(group);
  });
});
