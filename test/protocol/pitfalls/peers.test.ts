import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { useServer } from '../../persistence/support/use-server.js';
import { expectError, expectStatus } from '../../conformance/rfc/support/assertions.js';
import {
  createGroup,
  createRole,
  createUser,
  matching,
  memberIds,
  query,
  read,
} from '../../conformance/rfc/support/resources.js';
import { ROLLCALL } from '../../conformance/rfc/support/urns.js';
import { FRESH_FOR } from '../../../src/directory/connections/token-verifier.js';

const server = useServer();

describe('defects of peers, forbidden here', () => {
  it('a disabled connection is 401 on every address, with no empty success (Ory Polis answers 200 {})', async () => {
    const organization = await server().organization();
    const { id, scim } = await organization.connection();
    const user = await createUser(scim);
    expectStatus(await scim.get(`/Users/${user.id}`), 200);
    await server()
      .database.connection.db.updateTable('connections')
      .set({ is_enabled: false })
      .where('id', '=', id)
      .execute();
    await pause(FRESH_FOR);
    for (const path of [
      `/Users/${user.id}`,
      '/Users',
      '/Groups',
      '/Roles',
      '/ServiceProviderConfig',
      '/nowhere',
    ])
      expectError(await scim.get(path), 401);
    expectError(
      await scim.operations(`/Users/${user.id}`, { op: 'replace', path: 'active', value: false }),
      401,
    );
    expectError(await scim.delete(`/Users/${user.id}`), 401);
    expect((await read(organization.scim, `/Users/${user.id}`)).active).toBe(true);
  });

  it('a filter compares the attribute it names (Ory Polis reads only what follows eq)', async () => {
    const { scim } = await server().organization();
    await createUser(scim, { userName: 'ada', externalId: 'lovelace', displayName: 'Countess' });
    await createUser(scim, { userName: 'lovelace', externalId: 'ada' });
    expect(await matching(scim, '/Users', 'externalId eq "ada"')).toEqual(['lovelace']);
    expect(await matching(scim, '/Users', 'userName eq "ada"')).toEqual(['ada']);
    expect(await matching(scim, '/Users', 'displayName eq "ada"')).toEqual([]);
    expect(await matching(scim, '/Users', 'not (userName eq "ada") and externalId eq "lovelace"')).toEqual(
      [],
    );
  });

  it.each(['frobnicate', 'merge', 'test', 'move', 'constructor', ''])(
    'PATCH with op "%s" is 400 and not a silent success (Ory Polis answers 200)',
    async (op) => {
      const { scim } = await server().organization();
      const user = await createUser(scim);
      expectError(
        await scim.operations(`/Users/${user.id}`, { op, path: 'title', value: 'T' }),
        400,
        'invalidSyntax',
        'invalidValue',
      );
      expect(await read(scim, `/Users/${user.id}`)).toEqual(user);
    },
  );

  it('every operation of a PATCH is applied, none is dropped behind a 200 (Coder, Sentry)', async () => {
    const { scim } = await server().organization();
    const { id } = await createUser(scim, {
      title: 'gone',
      emails: [{ value: 'a@example.com', type: 'work' }],
    });
    const reply = await scim.operations(
      `/Users/${id}`,
      { op: 'replace', path: 'active', value: false },
      { op: 'remove', path: 'title' },
      { op: 'replace', path: 'name.familyName', value: 'Lovelace' },
      { op: 'add', path: 'emails', value: [{ value: 'b@example.com', type: 'home' }] },
    );
    expectStatus(reply, 200);
    const user = await read(scim, `/Users/${id}`);
    expect(user).toMatchObject({ active: false, name: { familyName: 'Lovelace' } });
    expect(user.title).toBeUndefined();
    expect(user.emails).toHaveLength(2);
  });

  it('PUT and PATCH with members [] mean nobody, not everybody (authentik PR 14645)', async () => {
    const { scim } = await server().organization();
    const user = await createUser(scim);
    const { id, displayName } = await createGroup(scim, { members: [{ value: user.id }] });
    expectStatus(await scim.put(`/Groups/${id}`, { displayName, members: [] }), 200);
    expect(await memberIds(scim, id)).toEqual([]);
    expectStatus(await scim.operations(`/Groups/${id}`, { op: 'add', path: 'members', value: [] }), 204);
    expectStatus(await scim.operations(`/Groups/${id}`, { op: 'replace', path: 'members', value: [] }), 204);
    expect(await memberIds(scim, id)).toEqual([]);
  });

  it.each(['userName eq ""', 'id eq ""', 'members eq ""', 'externalId eq ""', 'emails.value eq ""'])(
    'an empty literal selects nobody: %s (authentik PR 14645)',
    async (filter) => {
      const { scim } = await server().organization();
      const user = await createUser(scim);
      await createGroup(scim, { members: [{ value: user.id }] });
      const endpoint = filter.startsWith('members') ? '/Groups' : '/Users';
      expect(await query(scim, endpoint, { filter })).toEqual([]);
    },
  );

  it('a group of an existing name is 409 and adopts nothing (authentik, GHSA-9m7q-6qg6-888h)', async () => {
    const organization = await server().organization();
    const other = await organization.connection();
    const [inside, outside] = [await createUser(organization.scim), await createUser(organization.scim)];
    const group = await createGroup(organization.scim, {
      displayName: 'Ops',
      members: [{ value: inside.id }],
    });
    const body = { displayName: 'ops', externalId: 'theirs', members: [{ value: outside.id }] };
    expectError(await other.scim.post('/Groups', body), 409, 'uniqueness');
    expect(await read(organization.scim, `/Groups/${group.id}`)).toEqual(group);
    expect((await read(other.scim, `/Groups/${group.id}`)).externalId).toBeUndefined();
  });

  it.each(['admin', 'Admins', 'administrators', 'rollcall admins', 'owner', 'root', 'viewer'])(
    'a group named "%s" gives its members no role (authentik, GHSA-9m7q-6qg6-888h)',
    async (displayName) => {
      const { scim } = await server().organization();
      const user = await createUser(scim);
      const group = await createGroup(scim, { displayName, members: [{ value: user.id }] });
      const { [ROLLCALL]: extension } = await read(scim, `/Users/${user.id}`);
      expect(extension).toMatchObject({
        organizationRole: 'member',
        teamRoles: [{ teamId: group.id, roleName: 'member' }],
      });
    },
  );

  it('a replay of the first POST body as PUT never lowers roles set elsewhere (Langfuse)', async () => {
    const organization = await server().organization();
    const other = await organization.connection();
    const body = { userName: 'ada', title: 'Countess' };
    const { id } = await createUser(organization.scim, body);
    const { id: teamId } = await createGroup(organization.scim, { members: [{ value: id }] });
    expectStatus(
      await other.scim.operations(`/Users/${id}`, {
        op: 'add',
        value: { [ROLLCALL]: { organizationRole: 'admin', teamRoles: [{ teamId, roleName: 'admin' }] } },
      }),
      200,
    );
    expectStatus(await organization.scim.put(`/Users/${id}`, body), 200);
    expect((await read(organization.scim, `/Users/${id}`))[ROLLCALL]).toMatchObject({
      organizationRole: 'admin',
      teamRoles: [{ teamId, roleName: 'admin' }],
    });
  });

  it('active false takes nothing but the right to sign in: it is reversible (Sentry deletes the membership)', async () => {
    const { scim } = await server().organization();
    const user = await createUser(scim, { title: 'Countess' });
    const group = await createGroup(scim, { members: [{ value: user.id }] });
    for (const value of [false, true])
      expectStatus(await scim.operations(`/Users/${user.id}`, { op: 'replace', path: 'active', value }), 200);
    const now = await read(scim, `/Users/${user.id}`);
    expect(now).toMatchObject({
      id: user.id,
      title: 'Countess',
      active: true,
      groups: [{ value: group.id }],
    });
  });

  it('totalResults is the number under the filter on every page (better-auth #10398, WSO2 #12813)', async () => {
    const { scim } = await server().organization();
    for (const n of [1, 2, 3, 4, 5]) await createUser(scim, { userName: `match-${n}` });
    await createUser(scim, { userName: 'other' });
    const filter = encodeURIComponent('userName sw "match-"');
    for (const startIndex of [1, 3, 5, 6, 99]) {
      const { body } = await scim.get(`/Users?filter=${filter}&startIndex=${startIndex}&count=2`);
      expect(body.totalResults).toBe(5);
    }
  });

  it('a role in a reply names its schema, and the schema can be found (W&B: schemas [""])', async () => {
    const { scim } = await server().organization();
    const role = await createRole(scim);
    expect(role.schemas).toHaveLength(1);
    expectStatus(await scim.get(`/Schemas/${role.schemas[0]}`), 200);
    expect((await scim.get('/ResourceTypes/Role')).body.schema).toBe(role.schemas[0]);
  });
});
