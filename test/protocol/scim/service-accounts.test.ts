import { describe, expect, it } from '@jest/globals';
import type { ScimClient } from '../../support/scim-client.js';
import { expectError, expectStatus } from '../../conformance/rfc/support/assertions.js';
import { createGroup, createUser, matching, read } from '../../conformance/rfc/support/resources.js';
import { ROLLCALL, USER } from '../../conformance/rfc/support/urns.js';
import { useServer } from '../../conformance/rfc/support/use-server.js';

const server = useServer();
const TYPES = ['SERVICE', 'ORG_SERVICE'] as const;

async function seed(): Promise<ScimClient> {
  const { scim } = await server.organization();
  await createGroup(scim, { displayName: 'ml-platform' });
  return scim;
}

describe.each(TYPES)('service accounts of type %s (product decision)', (accountType) => {
  it('that were removed do not come back as persons by a POST of their userName (product decision)', async () => {
    const scim = await seed();
    const { id, userName } = await createUser(scim, { accountType, defaultTeam: 'ml-platform' });
    expectStatus(await scim.delete(`/Users/${id}`), 204);
    expectError(await scim.post('/Users', { schemas: [USER], userName }), 400, 'mutability');
    expect(await matching(scim, '/Users', `userName eq "${userName}"`)).toEqual([]);
    const returned = await scim.post('/Users', {
      schemas: [USER],
      userName,
      accountType,
      defaultTeam: 'ml-platform',
    });
    expectStatus(returned, 201);
    expect(returned.body.id).toBe(id);
  });

  it('are created with defaultTeam, inside the extension or bare, and read back inside it (product decision)', async () => {
    const scim = await seed();
    const inside = await createUser(scim, { [ROLLCALL]: { accountType, defaultTeam: 'ml-platform' } });
    const bare = await createUser(scim, { accountType, defaultTeam: 'ml-platform' });
    for (const { id } of [inside, bare]) {
      const stored = await read(scim, `/Users/${id}`);
      expect(stored[ROLLCALL]).toMatchObject({ accountType, defaultTeam: 'ml-platform' });
      expect(stored.accountType).toBeUndefined();
    }
    expect(await matching(scim, '/Users', `accountType eq "${accountType}"`)).toEqual(
      [inside.userName, bare.userName].sort(),
    );
  });

  it.each([
    ['no defaultTeam', {}],
    ['an empty defaultTeam', { defaultTeam: '' }],
    ['an unknown defaultTeam', { defaultTeam: 'nowhere' }],
    ['a seat', { defaultTeam: 'ml-platform', seat: 'full' }],
    ['the seat none', { defaultTeam: 'ml-platform', seat: 'none' }],
    ['an organization role', { defaultTeam: 'ml-platform', organizationRole: 'member' }],
    [
      'team roles',
      { defaultTeam: 'ml-platform', teamRoles: [{ teamName: 'ml-platform', roleName: 'admin' }] },
    ],
    ['roles', { defaultTeam: 'ml-platform', roles: [{ value: 'admin' }] }],
  ])('with %s are 400 invalidValue, not created (product decision)', async (_what, attributes) => {
    const scim = await seed();
    const reply = await scim.post('/Users', {
      schemas: [USER],
      userName: 'sa-bad',
      accountType,
      ...attributes,
    });
    expectError(reply, 400, 'invalidValue');
    expect(await matching(scim, '/Users', 'userName eq "sa-bad"')).toEqual([]);
  });

  it('are given no seat and no role afterwards either: 400 invalidValue (product decision)', async () => {
    const scim = await seed();
    const account = await createUser(scim, { accountType, defaultTeam: 'ml-platform' });
    for (const [path, value] of [
      ['seat', 'full'],
      ['organizationRole', 'admin'],
      ['teamRoles', [{ teamName: 'ml-platform', roleName: 'admin' }]],
    ] as const)
      expectError(
        await scim.operations(`/Users/${account.id}`, { op: 'replace', path, value }),
        400,
        'invalidValue',
      );
    expect(await read(scim, `/Users/${account.id}`)).toEqual(account);
  });

  it('share the user names with people: 409 uniqueness (product decision)', async () => {
    const scim = await seed();
    await createUser(scim, { userName: 'sa-x', accountType, defaultTeam: 'ml-platform' });
    expectError(await scim.post('/Users', { schemas: [USER], userName: 'SA-X' }), 409, 'uniqueness');
  });

  it('are deleted with 204 and gone (product decision)', async () => {
    const scim = await seed();
    const account = await createUser(scim, { accountType, defaultTeam: 'ml-platform' });
    expectStatus(await scim.delete(`/Users/${account.id}`), 204);
    expectError(await scim.get(`/Users/${account.id}`), 404);
  });
});

describe('people (product decision)', () => {
  it('accountType USER may be written out on create (product decision)', async () => {
    const scim = await seed();
    const user = await createUser(scim, { accountType: 'USER', seat: 'viewer' });
    expect(user[ROLLCALL]).toMatchObject({ accountType: 'USER', seat: 'viewer' });
  });
});
