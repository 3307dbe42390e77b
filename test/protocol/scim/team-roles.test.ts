import { describe, expect, it } from '@jest/globals';
import type { ScimClient } from '../../support/scim-client.js';
import { expectError, expectStatus } from '../../conformance/rfc/support/assertions.js';
import {
  createGroup,
  createRole,
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

interface Seeded {
  readonly scim: ScimClient;
  readonly user: Resource;
  readonly red: Resource;
  readonly blue: Resource;
  readonly path: string;
  /** The user's role by team name. */
  readonly roles: () => Promise<Record<string, string>>;
}

/** A user who is in no team, and two teams. */
async function seed(): Promise<Seeded> {
  const { scim } = await server.organization();
  const [red, blue] = [
    await createGroup(scim, { displayName: 'Red' }),
    await createGroup(scim, { displayName: 'Blue' }),
  ];
  const user = await createUser(scim, { userName: 'ada' });
  const path = `/Users/${user.id}`;
  const roles = async (): Promise<Record<string, string>> => {
    const { teamRoles = [] } = (await read(scim, path))[ROLLCALL];
    return Object.fromEntries(teamRoles.map((each: Resource) => [each.teamName, each.roleName]));
  };
  return { scim, user, red, blue, path, roles };
}

const write = (value: unknown, op = 'replace', target = 'teamRoles'): object => ({ op, path: target, value });

describe('teamRoles (product decision)', () => {
  it('a member pushed by a group has the role member (product decision)', async () => {
    const { scim, user, red, path } = await seed();
    expectStatus(
      await scim.operations(`/Groups/${red.id}`, { op: 'add', path: 'members', value: [{ value: user.id }] }),
      204,
    );
    expect((await read(scim, path))[ROLLCALL].teamRoles).toEqual([
      { teamId: red.id, teamName: 'Red', roleName: 'member' },
    ]);
  });

  it.each([
    ['replace', 'teamRoles'],
    ['add', 'teamRoles'],
    ['Replace', `${ROLLCALL}:teamRoles`],
  ])(
    '%s on %s is an upsert: the named team changes, others stay, a non-member joins (product decision)',
    async (op, target) => {
      const { scim, user, red, blue, path, roles } = await seed();
      expectStatus(
        await scim.operations(path, write([{ teamName: 'Red', roleName: 'admin' }], op, target)),
        200,
      );
      expect(await roles()).toEqual({ Red: 'admin' });
      expectStatus(
        await scim.operations(path, write([{ teamName: 'Blue', roleName: 'viewer' }], op, target)),
        200,
      );
      expect(await roles()).toEqual({ Red: 'admin', Blue: 'viewer' });
      expectStatus(
        await scim.operations(path, write([{ teamName: 'Red', roleName: 'member' }], op, target)),
        200,
      );
      expect(await roles()).toEqual({ Red: 'member', Blue: 'viewer' });
      expect(await memberIds(scim, red.id)).toEqual([user.id]);
      expect(await groupIds(scim, user.id)).toEqual([red.id, blue.id].sort());
    },
  );

  it('takes teamId, teamName, and both when they agree; a disagreement is 400 (product decision)', async () => {
    const { scim, red, blue, path, roles } = await seed();
    expectStatus(await scim.operations(path, write([{ teamId: red.id, roleName: 'admin' }])), 200);
    const both = write([{ teamId: blue.id, teamName: 'Blue', roleName: 'viewer' }]);
    expectStatus(await scim.operations(path, both), 200);
    expect(await roles()).toEqual({ Red: 'admin', Blue: 'viewer' });
    const disagreeing = write([{ teamId: red.id, teamName: 'Blue', roleName: 'member' }]);
    expectError(await scim.operations(path, disagreeing), 400, 'invalidValue');
    expect(await roles()).toEqual({ Red: 'admin', Blue: 'viewer' });
  });

  it('can be given on POST and by a path-less PATCH (product decision)', async () => {
    const { scim, red, path, roles } = await seed();
    const created = await createUser(scim, {
      [ROLLCALL]: { teamRoles: [{ teamName: 'Red', roleName: 'admin' }] },
    });
    expect((await read(scim, `/Users/${created.id}`))[ROLLCALL].teamRoles).toEqual([
      { teamId: red.id, teamName: 'Red', roleName: 'admin' },
    ]);
    const value = { teamRoles: [{ teamName: 'Blue', roleName: 'member' }] };
    expectStatus(await scim.operations(path, { op: 'replace', value }), 200);
    expect(await roles()).toEqual({ Blue: 'member' });
  });

  it('PUT leaves the teams that it does not name (product decision)', async () => {
    const { scim, user, path, roles } = await seed();
    expectStatus(await scim.operations(path, write([{ teamName: 'Red', roleName: 'admin' }])), 200);
    expectStatus(await scim.put(path, { schemas: [USER], userName: user.userName }), 200);
    expect(await roles()).toEqual({ Red: 'admin' });
  });

  it('remove teamRoles[teamName eq "x"] takes the role back to member (product decision)', async () => {
    const { scim, user, red, path, roles } = await seed();
    expectStatus(await scim.operations(path, write([{ teamName: 'Red', roleName: 'admin' }])), 200);
    expectStatus(await scim.operations(path, { op: 'remove', path: 'teamRoles[teamName eq "Red"]' }), 200);
    expect(await roles()).toEqual({ Red: 'member' });
    expect(await memberIds(scim, red.id)).toEqual([user.id]);
  });

  it('leaving the group ends the team role; coming back starts as member (product decision)', async () => {
    const { scim, user, red, path, roles } = await seed();
    expectStatus(await scim.operations(path, write([{ teamName: 'Red', roleName: 'admin' }])), 200);
    const change = (op: string): object => ({ op, path: 'members', value: [{ value: user.id }] });
    expectStatus(await scim.operations(`/Groups/${red.id}`, change('remove')), 204);
    expect(await roles()).toEqual({});
    expectStatus(await scim.operations(`/Groups/${red.id}`, change('add')), 204);
    expect(await roles()).toEqual({ Red: 'member' });
  });

  it('a replayed group push never lowers a role set elsewhere (Langfuse defect)', async () => {
    const { scim, user, red, path, roles } = await seed();
    expectStatus(await scim.operations(path, write([{ teamName: 'Red', roleName: 'admin' }])), 200);
    const members = [{ value: user.id }];
    expectStatus(
      await scim.operations(`/Groups/${red.id}`, { op: 'add', path: 'members', value: members }),
      204,
    );
    expectStatus(
      await scim.operations(`/Groups/${red.id}`, { op: 'replace', path: 'members', value: members }),
      204,
    );
    expectStatus(
      await scim.put(`/Groups/${red.id}`, { schemas: red.schemas, displayName: 'Red', members }),
      200,
    );
    expect(await roles()).toEqual({ Red: 'admin' });
  });

  it('renaming the team keeps the role and shows the new name (product decision)', async () => {
    const { scim, red, path, roles } = await seed();
    expectStatus(await scim.operations(path, write([{ teamName: 'Red', roleName: 'admin' }])), 200);
    expectStatus(
      await scim.operations(`/Groups/${red.id}`, { op: 'replace', value: { displayName: 'Crimson' } }),
      204,
    );
    expect(await roles()).toEqual({ Crimson: 'admin' });
  });

  it('custom role names match exactly, predefined ones in any case (product decision)', async () => {
    const { scim, path, roles } = await seed();
    await createRole(scim, { name: 'Auditor' });
    expectStatus(await scim.operations(path, write([{ teamName: 'Red', roleName: 'Auditor' }])), 200);
    expect(await roles()).toEqual({ Red: 'Auditor' });
    expectError(
      await scim.operations(path, write([{ teamName: 'Red', roleName: 'auditor' }])),
      400,
      'invalidValue',
    );
    expect(await roles()).toEqual({ Red: 'Auditor' });
    expectStatus(await scim.operations(path, write([{ teamName: 'Red', roleName: 'ADMIN' }])), 200);
    expect(await roles()).toEqual({ Red: 'admin' });
  });

  it.each([
    ['an unknown team', [{ teamName: 'Green', roleName: 'member' }]],
    ['an unknown team id', [{ teamId: '01890000-0000-7000-8000-000000000000', roleName: 'member' }]],
    ['an unknown role', [{ teamName: 'Red', roleName: 'emperor' }]],
    ['no team', [{ roleName: 'member' }]],
    [
      'one good and one bad team',
      [
        { teamName: 'Red', roleName: 'admin' },
        { teamName: 'Green', roleName: 'admin' },
      ],
    ],
    ['text', 'Red'],
  ])('%s is 400 invalidValue, nothing applied (product decision)', async (_what, value) => {
    const { scim, red, path, roles } = await seed();
    expectError(await scim.operations(path, write(value)), 400, 'invalidValue');
    expect(await roles()).toEqual({});
    expect(await memberIds(scim, red.id)).toEqual([]);
  });

  it('can be filtered by team and role (product decision)', async () => {
    const { scim, path } = await seed();
    expectStatus(await scim.operations(path, write([{ teamName: 'Red', roleName: 'admin' }])), 200);
    for (const filter of [
      'teamRoles.teamName eq "Red"',
      'teamRoles[teamName eq "Red" and roleName eq "admin"]',
    ])
      expect([filter, await matching(scim, '/Users', filter)]).toEqual([filter, ['ada']]);
    expect(await matching(scim, '/Users', 'teamRoles[teamName eq "Red" and roleName eq "member"]')).toEqual(
      [],
    );
  });
});
