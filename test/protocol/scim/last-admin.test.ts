import { describe, expect, it } from '@jest/globals';
import type { TestOrganization } from '../../support/server.js';
import type { Reply, ScimClient } from '../../support/scim-client.js';
import { expectError, expectStatus } from '../../conformance/rfc/support/assertions.js';
import { bulkResults } from '../../conformance/rfc/support/bulk.js';
import { createUser, matching, read, type Resource } from '../../conformance/rfc/support/resources.js';
import { PATCH_OP, ROLLCALL, USER } from '../../conformance/rfc/support/urns.js';
import { useServer } from '../../conformance/rfc/support/use-server.js';

const server = useServer();

const admin = async ({ scim, adminId }: TestOrganization): Promise<Resource> =>
  read(scim, `/Users/${adminId}`);

/** The refusal of a product rule: 403 with a detail that says why. */
function expectRefused(reply: Reply): void {
  expectError(reply, 403);
  expect(reply.body.detail).toMatch(/last.*admin/i);
}

describe('the last active admin (product decision)', () => {
  it.each([
    ['deactivation with path', { op: 'replace', path: 'active', value: false }],
    ['deactivation without path', { op: 'replace', value: { active: false } }],
    ['demotion to member', { op: 'replace', path: 'organizationRole', value: 'member' }],
    ['demotion to viewer by URN', { op: 'replace', path: `${ROLLCALL}:organizationRole`, value: 'viewer' }],
    [
      'demotion inside the extension',
      { op: 'replace', value: { [ROLLCALL]: { organizationRole: 'member' } } },
    ],
  ])(
    'PATCH: %s is 403 and nothing else of the request is applied (product decision)',
    async (_what, operation) => {
      const organization = await server.organization();
      const before = await admin(organization);
      expect(before).toMatchObject({ active: true, [ROLLCALL]: { organizationRole: 'admin' } });
      const path = `/Users/${organization.adminId}`;
      const first = { op: 'replace', path: 'title', value: 'x' };
      expectRefused(await organization.scim.operations(path, first, operation));
      expect(await admin(organization)).toEqual(before);
    },
  );

  it('PUT with active false or another organizationRole is 403, nothing applied (product decision)', async () => {
    const organization = await server.organization();
    const before = await admin(organization);
    const path = `/Users/${organization.adminId}`;
    expectRefused(await organization.scim.put(path, { ...before, title: 'x', active: false }));
    const demoted = {
      ...before,
      title: 'x',
      [ROLLCALL]: { ...before[ROLLCALL], organizationRole: 'member' },
    };
    expectRefused(await organization.scim.put(path, demoted));
    expect(await admin(organization)).toEqual(before);
  });

  it('DELETE is 403 (product decision)', async () => {
    const organization = await server.organization();
    const before = await admin(organization);
    expectRefused(await organization.scim.delete(`/Users/${organization.adminId}`));
    expect(await admin(organization)).toEqual(before);
  });

  it('Bulk is no way round: 403 for the operation (product decision)', async () => {
    const organization = await server.organization();
    const path = `/Users/${organization.adminId}`;
    const data = { schemas: [PATCH_OP], Operations: [{ op: 'replace', path: 'active', value: false }] };
    const results = await bulkResults(organization.scim, [
      { method: 'PATCH', path, data },
      { method: 'DELETE', path },
    ]);
    expect(results.map((result) => result.status)).toEqual(['403', '403']);
    expect((await admin(organization)).active).toBe(true);
  });

  it('an inactive or deleted second admin does not count (product decision)', async () => {
    const organization = await server.organization();
    const { scim, adminId } = organization;
    const second = await createUser(scim, { [ROLLCALL]: { organizationRole: 'admin' } });
    expectStatus(
      await scim.operations(`/Users/${second.id}`, { op: 'replace', path: 'active', value: false }),
      200,
    );
    expectRefused(await scim.delete(`/Users/${adminId}`));
    expectStatus(await scim.delete(`/Users/${second.id}`), 204);
    expectRefused(
      await scim.operations(`/Users/${adminId}`, { op: 'replace', path: 'active', value: false }),
    );
  });

  it('with a second active admin the first may go; then the second is the last (product decision)', async () => {
    const { scim, adminId } = await server.organization();
    const second = await createUser(scim, { [ROLLCALL]: { organizationRole: 'admin' } });
    const demote = { op: 'replace', path: 'organizationRole', value: 'member' };
    expectStatus(await scim.operations(`/Users/${adminId}`, demote), 200);
    expectRefused(await scim.operations(`/Users/${second.id}`, demote));
    expect(await matching(scim, '/Users', 'organizationRole eq "admin"')).toEqual([second.userName]);
  });

  it('the last admin may be changed otherwise (product decision)', async () => {
    const { scim, adminId } = await server.organization();
    expectStatus(
      await scim.operations(`/Users/${adminId}`, { op: 'replace', path: 'title', value: 'Root' }),
      200,
    );
    expectStatus(
      await scim.operations(`/Users/${adminId}`, { op: 'replace', path: 'active', value: true }),
      200,
    );
    expect(await read(scim, `/Users/${adminId}`)).toMatchObject({ title: 'Root', active: true });
  });

  it('two admins who are removed at once: exactly one stays (product decision)', async () => {
    const { scim, adminId } = await server.organization();
    const second = await createUser(scim, { [ROLLCALL]: { organizationRole: 'admin' } });
    const off = { op: 'replace', path: 'active', value: false };
    const replies = await Promise.all([
      scim.operations(`/Users/${adminId}`, off),
      scim.operations(`/Users/${second.id}`, off),
    ]);
    expect(replies.map((reply) => reply.status).sort()).toEqual([200, 403]);
    expect(await matching(scim, '/Users', 'organizationRole eq "admin" and active eq true')).toHaveLength(1);
  });
});

describe('organizationRole and seat (product decision)', () => {
  it.each(['admin', 'member', 'viewer'])(
    '%s can be set on create and by PATCH, bare and by URN (product decision)',
    async (role) => {
      const { scim } = await server.organization();
      const byUrn = await createUser(scim, { [ROLLCALL]: { organizationRole: role } });
      const bare = await createUser(scim, { organizationRole: role });
      const patched = await createUser(scim);
      expectStatus(
        await scim.operations(`/Users/${patched.id}`, {
          op: 'replace',
          path: 'organizationRole',
          value: role,
        }),
        200,
      );
      for (const { id } of [byUrn, bare, patched]) {
        const stored = await read(scim, `/Users/${id}`);
        expect(stored[ROLLCALL].organizationRole).toBe(role);
        expect(stored.organizationRole).toBeUndefined();
      }
    },
  );

  it.each(['full', 'viewer', 'none'])(
    'the seat %s can be set, bare and by URN (product decision)',
    async (seat) => {
      const { scim } = await server.organization();
      const bare = await createUser(scim, { seat });
      expect((await read(scim, `/Users/${bare.id}`))[ROLLCALL].seat).toBe(seat);
      const patched = await createUser(scim);
      expectStatus(
        await scim.operations(`/Users/${patched.id}`, { op: 'add', path: `${ROLLCALL}:seat`, value: seat }),
        200,
      );
      expect((await read(scim, `/Users/${patched.id}`))[ROLLCALL].seat).toBe(seat);
      expect(await matching(scim, '/Users', `seat eq "${seat}"`)).toEqual(
        expect.arrayContaining([bare.userName, patched.userName].sort()),
      );
    },
  );

  it.each([
    { organizationRole: 'owner' },
    { seat: 'window' },
    { accountType: 'ROBOT' },
    { organizationRole: 7 },
  ])('%j on create is 400 invalidValue (product decision)', async (attributes) => {
    const { scim } = await server.organization();
    const body = { schemas: [USER], userName: 'bad' };
    expectError(await scim.post('/Users', { ...body, ...attributes }), 400, 'invalidValue');
    expectError(await scim.post('/Users', { ...body, [ROLLCALL]: attributes }), 400, 'invalidValue');
  });

  it.each(['Admin', 'admin', 'ADMIN'])(
    'roles[].value %s sets the organization role (product decision)',
    async (value) => {
      const { scim } = await server.organization();
      const created = await createUser(scim, { roles: [{ value }] });
      const patched = await createUser(scim);
      expectStatus(
        await scim.operations(`/Users/${patched.id}`, { op: 'add', path: 'roles', value: [{ value }] }),
        200,
      );
      for (const { id } of [created, patched])
        expect((await read(scim, `/Users/${id}`))[ROLLCALL].organizationRole).toBe('admin');
    },
  );

  it('roles with another value leave the organization role alone (product decision)', async () => {
    const { scim } = await server.organization();
    const user = await createUser(scim, {
      roles: [{ value: 'Surveyor', type: 'WindowsAzureActiveDirectoryRole' }],
    });
    expect((await read(scim, `/Users/${user.id}`))[ROLLCALL].organizationRole).toBe('member');
  });

  it('a connection may be forbidden to give admin: 403, nothing applied (product decision)', async () => {
    const { scim } = await server.organization({ mayGrantAdmin: false });
    expectError(
      await scim.post('/Users', { schemas: [USER], userName: 'a', organizationRole: 'admin' }),
      403,
    );
    expectError(
      await scim.post('/Users', { schemas: [USER], userName: 'a', roles: [{ value: 'Admin' }] }),
      403,
    );
    expect(await matching(scim, '/Users', 'userName eq "a"')).toEqual([]);
    const user = await createUser(scim);
    expectError(
      await scim.operations(`/Users/${user.id}`, { op: 'replace', path: 'organizationRole', value: 'admin' }),
      403,
    );
    expect(await read(scim, `/Users/${user.id}`)).toEqual(user);
    expectStatus(
      await scim.operations(`/Users/${user.id}`, {
        op: 'replace',
        path: 'organizationRole',
        value: 'viewer',
      }),
      200,
    );
  });

  it.each([
    [
      'PATCH',
      (scim: ScimClient, id: string) =>
        scim.operations(`/Users/${id}`, { op: 'replace', path: 'active', value: true }),
    ],
    [
      'PATCH with more',
      (scim: ScimClient, id: string) =>
        scim.operations(`/Users/${id}`, { op: 'replace', value: { active: true, title: 'T' } }),
    ],
    [
      'PUT',
      (scim: ScimClient, id: string, userName: string) =>
        scim.put(`/Users/${id}`, { schemas: [USER], userName, active: true }),
    ],
  ] as const)(
    'a connection that may not give admin brings no deactivated admin back by %s: 403, nothing applied (product decision)',
    async (_how, reactivate) => {
      const organization = await server.organization();
      const forbidden = (await organization.connection({ mayGrantAdmin: false })).scim;
      const { scim } = organization;
      const { id, userName } = await createUser(scim, { organizationRole: 'admin' });
      expectStatus(
        await scim.operations(`/Users/${id}`, { op: 'replace', path: 'active', value: false }),
        200,
      );
      const before = await read(scim, `/Users/${id}`);
      const refused = await reactivate(forbidden, id, userName);
      expectError(refused, 403);
      expect(refused.body.detail).toContain('admin');
      expect(await read(scim, `/Users/${id}`)).toEqual(before);
      expectStatus(await reactivate(scim, id, userName), 200);
      expect((await read(scim, `/Users/${id}`)).active).toBe(true);
    },
  );

  it('a connection that may not give admin brings no removed admin back by POST: 403, nothing applied (product decision)', async () => {
    const organization = await server.organization();
    const { scim } = organization;
    const forbidden = (await organization.connection({ mayGrantAdmin: false })).scim;
    const { id, userName } = await createUser(scim, { organizationRole: 'admin' });
    expectStatus(await scim.delete(`/Users/${id}`), 204);
    const back = (more: object = {}) => forbidden.post('/Users', { schemas: [USER], userName, ...more });
    expectError(await back(), 403);
    expect(await matching(scim, '/Users', `userName eq "${userName}"`)).toEqual([]);
    const returned = await back({ organizationRole: 'member' });
    expectStatus(returned, 201);
    expect(returned.body.id).toBe(id);
    expect(returned.body[ROLLCALL].organizationRole).toBe('member');
  });

  it('a connection that may not give admin may change and deactivate one, and bring one back with a lesser role (product decision)', async () => {
    const organization = await server.organization();
    const { id } = await createUser(organization.scim, { organizationRole: 'admin' });
    const { scim } = await organization.connection({ mayGrantAdmin: false });
    const change = (value: object) => scim.operations(`/Users/${id}`, { op: 'replace', value });
    expectStatus(await change({ title: 'T', active: true }), 200);
    expectStatus(await change({ active: false }), 200);
    expectStatus(await change({ title: 'U' }), 200);
    expectStatus(await change({ active: true, organizationRole: 'member' }), 200);
    expect(await read(scim, `/Users/${id}`)).toMatchObject({ active: true, title: 'U' });
  });
});
