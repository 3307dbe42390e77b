import { describe, expect, it } from '@jest/globals';
import type { ScimClient } from '../../support/scim-client.js';
import { expectError, expectStatus } from '../../conformance/rfc/support/assertions.js';
import {
  createGroup,
  createRole,
  createUser,
  read,
  type Resource,
} from '../../conformance/rfc/support/resources.js';
import { ROLE, ROLLCALL } from '../../conformance/rfc/support/urns.js';
import { useServer } from '../../conformance/rfc/support/use-server.js';

const server = useServer();

const named = (role: Resource, isInherited: boolean): string[] =>
  role.permissions
    .filter((permission: Resource) => permission.isInherited === isInherited)
    .map((permission: Resource) => permission.name)
    .sort();

const custom = async (scim: ScimClient, id: string): Promise<string[]> =>
  named(await read(scim, `/Roles/${id}`), false);

describe('custom roles (product decision)', () => {
  it('a reply lists the effective permissions, the inherited ones marked (product decision)', async () => {
    const { scim } = await server.organization();
    const viewer = await createRole(scim, { inheritedFrom: 'viewer', permissions: [{ name: 'run:stop' }] });
    const stored = await read(scim, `/Roles/${viewer.id}`);
    expect(stored).toEqual(viewer);
    expect(named(stored, false)).toEqual(['run:stop']);
    expect(named(stored, true)).toEqual(
      expect.arrayContaining(['team:read', 'project:read', 'run:read', 'artifact:read']),
    );
    expect(named(stored, true)).not.toContain('project:create');

    const member = await createRole(scim, { inheritedFrom: 'member' });
    expect(named(member, true)).toEqual(
      expect.arrayContaining(['project:read', 'project:create', 'artifact:create']),
    );
    expect(named(member, false)).toEqual([]);
    for (const role of [stored, member]) {
      const names = role.permissions.map((permission: Resource) => permission.name);
      expect(new Set(names).size).toBe(names.length);
    }
  });

  it('a role has schemas, meta and ETag like any resource (W&B defect)', async () => {
    const { scim } = await server.organization();
    const role = await createRole(scim, { description: 'Reads and stops' });
    expect(role).toMatchObject({ schemas: [ROLE], description: 'Reads and stops', inheritedFrom: 'viewer' });
    expect(role.meta).toMatchObject({
      resourceType: 'Role',
      location: `${server.baseUrl}/scim/v2/Roles/${role.id}`,
      version: expect.stringMatching(/^W\/"/),
    });
  });

  it('PATCH add and remove on permissions answer 200 with the resource (product decision)', async () => {
    const { scim } = await server.organization();
    const { id } = await createRole(scim, { permissions: [{ name: 'run:stop' }] });
    const patch = async (operation: object): Promise<void> => {
      const reply = await scim.operations(`/Roles/${id}`, operation);
      expectStatus(reply, 200);
      expect(reply.body).toEqual(await read(scim, `/Roles/${id}`));
    };
    await patch({
      op: 'add',
      path: 'permissions',
      value: [{ name: 'run:delete' }, { name: 'project:update' }],
    });
    expect(await custom(scim, id)).toEqual(['project:update', 'run:delete', 'run:stop']);
    await patch({ op: 'remove', path: 'permissions', value: [{ name: 'run:stop' }] });
    expect(await custom(scim, id)).toEqual(['project:update', 'run:delete']);
    await patch({ op: 'remove', path: 'permissions[name eq "run:delete"]' });
    expect(await custom(scim, id)).toEqual(['project:update']);
  });

  it('PATCH that adds what is there changes no version (RFC 7644 3.5.2.1)', async () => {
    const { scim } = await server.organization();
    const role = await createRole(scim, { permissions: [{ name: 'run:stop' }] });
    const operation = { op: 'add', path: 'permissions', value: [{ name: 'run:stop' }] };
    expectStatus(await scim.operations(`/Roles/${role.id}`, operation), 200);
    expect(await read(scim, `/Roles/${role.id}`)).toEqual(role);
  });

  it('an inherited permission stays, whether its removal is refused or ignored (product decision)', async () => {
    const { scim } = await server.organization();
    const role = await createRole(scim);
    const operation = { op: 'remove', path: 'permissions', value: [{ name: 'project:read' }] };
    expectStatus(await scim.operations(`/Roles/${role.id}`, operation), 200, 400);
    expect(await read(scim, `/Roles/${role.id}`)).toEqual(role);
  });

  it.each([
    'nonsense',
    'run:fly',
    'organization:invite_user',
    'role:create',
    'team:update_settings',
    'team:manage_service_accounts',
    '',
  ])('the permission %j is not for custom roles: 400 invalidValue (product decision)', async (name) => {
    const { scim } = await server.organization();
    const body = { schemas: [ROLE], name: 'Bad', inheritedFrom: 'member', permissions: [{ name }] };
    expectError(await scim.post('/Roles', body), 400, 'invalidValue');
    const role = await createRole(scim);
    const operation = { op: 'add', path: 'permissions', value: [{ name }] };
    expectError(await scim.operations(`/Roles/${role.id}`, operation), 400, 'invalidValue');
    expect(await read(scim, `/Roles/${role.id}`)).toEqual(role);
  });

  it('the last permission of the catalogue for custom roles can be added (product decision)', async () => {
    const { scim } = await server.organization();
    const role = await createRole(scim, { permissions: [{ name: 'team:update_member_role' }] });
    expect(await custom(scim, role.id)).toEqual(['team:update_member_role']);
  });

  it('PUT replaces the custom permissions, keeps them when absent, drops them for [] (product decision)', async () => {
    const { scim } = await server.organization();
    const role = await createRole(scim, { permissions: [{ name: 'run:stop' }] });
    const put = async (permissions?: object[]): Promise<void> => {
      const body = { schemas: [ROLE], name: role.name, inheritedFrom: 'viewer' };
      const reply = await scim.put(`/Roles/${role.id}`, permissions ? { ...body, permissions } : body);
      expectStatus(reply, 200);
      expect(reply.body).toEqual(await read(scim, `/Roles/${role.id}`));
    };
    await put();
    expect(await custom(scim, role.id)).toEqual(['run:stop']);
    await put([{ name: 'run:delete' }]);
    expect(await custom(scim, role.id)).toEqual(['run:delete']);
    await put([]);
    expect(await custom(scim, role.id)).toEqual([]);
  });

  it('PUT of what was read changes nothing: inherited permissions do not become custom (RFC 7644 3.5.1)', async () => {
    const { scim } = await server.organization();
    const role = await createRole(scim, { inheritedFrom: 'member', permissions: [{ name: 'run:stop' }] });
    const own = await read(scim, `/Roles/${role.id}`);
    expectStatus(await scim.put(`/Roles/${role.id}`, own), 200);
    expect(await read(scim, `/Roles/${role.id}`)).toEqual(own);
  });

  it('a change of inheritedFrom changes the inherited set and keeps the custom one (product decision)', async () => {
    const { scim } = await server.organization();
    const role = await createRole(scim, { inheritedFrom: 'viewer', permissions: [{ name: 'run:stop' }] });
    const operation = { op: 'replace', path: 'inheritedFrom', value: 'member' };
    expectStatus(await scim.operations(`/Roles/${role.id}`, operation), 200);
    const stored = await read(scim, `/Roles/${role.id}`);
    expect(stored.inheritedFrom).toBe('member');
    expect(named(stored, true)).toContain('project:create');
    expect(named(stored, false)).toEqual(['run:stop']);
    expectError(
      await scim.operations(`/Roles/${role.id}`, { op: 'replace', path: 'inheritedFrom', value: 'admin' }),
      400,
      'invalidValue',
    );
  });
});

describe('names of roles (product decision)', () => {
  it.each(['admin', 'Admin', 'MEMBER', 'member', 'Viewer', 'VIEWER'])(
    'the predefined name %s is reserved: 409 (product decision)',
    async (name) => {
      const { scim } = await server.organization();
      expectError(await scim.post('/Roles', { schemas: [ROLE], name, inheritedFrom: 'viewer' }), 409);
      const role = await createRole(scim);
      expectError(
        await scim.operations(`/Roles/${role.id}`, { op: 'replace', path: 'name', value: name }),
        409,
      );
      expect((await read(scim, `/Roles/${role.id}`)).name).toBe(role.name);
    },
  );

  it('a role can be renamed, its holders keep it (product decision)', async () => {
    const { scim } = await server.organization();
    const role = await createRole(scim, { name: 'Old' });
    const team = await createGroup(scim);
    const user = await createUser(scim, { teamRoles: [{ teamId: team.id, roleName: 'Old' }] });
    expectStatus(
      await scim.operations(`/Roles/${role.id}`, { op: 'replace', path: 'name', value: 'New' }),
      200,
    );
    const [{ roleName }] = (await read(scim, `/Users/${user.id}`))[ROLLCALL].teamRoles;
    expect(roleName).toBe('New');
    await createRole(scim, { name: 'Old' });
  });
});

describe('DELETE of a role (product decision)', () => {
  it.each(['viewer', 'member'])(
    'moves its holders to the inherited role %s (product decision)',
    async (inheritedFrom) => {
      const { scim } = await server.organization();
      const role = await createRole(scim, { name: 'Auditor', inheritedFrom });
      const [one, two] = [await createGroup(scim), await createGroup(scim)];
      const user = await createUser(scim, {
        teamRoles: [
          { teamId: one.id, roleName: 'Auditor' },
          { teamId: two.id, roleName: 'admin' },
        ],
      });
      expectStatus(await scim.delete(`/Roles/${role.id}`), 204);
      expectError(await scim.get(`/Roles/${role.id}`), 404);
      const { teamRoles } = (await read(scim, `/Users/${user.id}`))[ROLLCALL];
      const roleIn = (teamId: string): string =>
        teamRoles.find((each: Resource) => each.teamId === teamId).roleName;
      expect([roleIn(one.id), roleIn(two.id)]).toEqual([inheritedFrom, 'admin']);
      expect((await createRole(scim, { name: 'Auditor' })).id).not.toBe(role.id);
    },
  );
});
