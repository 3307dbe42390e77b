import { describe, expect, it } from '@jest/globals';
import type { TestOrganization } from '../../support/server.js';
import { expectError, expectStatus } from '../../conformance/rfc/support/assertions.js';
import { bulkResults } from '../../conformance/rfc/support/bulk.js';
import {
  createGroup,
  createRole,
  createUser,
  matching,
  memberIds,
  read,
  withQuery,
  type Resource,
} from '../../conformance/rfc/support/resources.js';
import { ENTERPRISE, GROUP, PATCH_OP, ROLLCALL, USER } from '../../conformance/rfc/support/urns.js';
import { useServer } from '../../conformance/rfc/support/use-server.js';

const server = useServer();

const two = async (): Promise<readonly [TestOrganization, TestOrganization]> => [
  await server.organization(),
  await server.organization(),
];

describe('rule 40: organizations do not see each other (RFC 7644 7.5)', () => {
  it('rule 40: reading a foreign id is 404, like an unknown one, with the same text (RFC 7644 7.5)', async () => {
    const [mine, theirs] = await two();
    for (const [endpoint, resource] of [
      ['/Users', await createUser(theirs.scim)],
      ['/Groups', await createGroup(theirs.scim)],
      ['/Roles', await createRole(theirs.scim)],
    ] as const) {
      const foreign = await mine.scim.get(`${endpoint}/${resource.id}`);
      expectError(foreign, 404);
      expectError(
        await mine.scim.get(`${endpoint}/${resource.id}`, { 'If-None-Match': resource.meta.version }),
        404,
      );
      const unknown = await mine.scim.get(`${endpoint}/01890000-0000-7000-8000-000000000000`);
      const generic = (text: string): string => text.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID');
      expect(generic(foreign.text)).toBe(generic(unknown.text));
    }
  });

  it('rule 40: lists, filters and root searches show the own organization only (RFC 7644 7.5)', async () => {
    const [mine, theirs] = await two();
    const user = await createUser(theirs.scim, { userName: 'theirs', displayName: 'Shared' });
    await createGroup(theirs.scim, { displayName: 'Shared' });
    for (const filter of [
      'userName eq "theirs"',
      `id eq "${user.id}"`,
      'userName sw "their"',
      'not (userName eq "x")',
    ])
      expect(await matching(mine.scim, '/Users', filter)).not.toContain('theirs');
    expect(await matching(mine.scim, '/Groups', 'displayName eq "Shared"')).toEqual([]);
    const all = await read(mine.scim, '/Users');
    expect(all.Resources.map((each: Resource) => each.id)).not.toContain(theirs.adminId);
    expect(all.totalResults).toBe(1);
  });

  it('rule 40: the same names may exist in two organizations (product decision)', async () => {
    const [mine, theirs] = await two();
    for (const { scim } of [mine, theirs]) {
      await createUser(scim, { userName: 'ada' });
      await createGroup(scim, { displayName: 'Sales' });
      await createRole(scim, { name: 'Auditor' });
    }
    expect(await matching(mine.scim, '/Users', 'userName eq "ada"')).toEqual(['ada']);
  });

  it('rule 40: a member of another organization is refused and not added (Infisical defect)', async () => {
    const [mine, theirs] = await two();
    const [own, foreign] = [await createUser(mine.scim), await createUser(theirs.scim)];
    const group = await createGroup(mine.scim);
    const members = [{ value: own.id }, { value: foreign.id }];
    for (const reply of [
      await mine.scim.operations(`/Groups/${group.id}`, { op: 'add', path: 'members', value: members }),
      await mine.scim.put(`/Groups/${group.id}`, {
        schemas: [GROUP],
        displayName: group.displayName,
        members,
      }),
      await mine.scim.post('/Groups', { schemas: [GROUP], displayName: 'Mixed', members }),
    ])
      expectError(reply, [400, 404]);
    expect(await memberIds(mine.scim, group.id)).toEqual([]);
    expect((await read(theirs.scim, `/Users/${foreign.id}`)).groups ?? []).toEqual([]);
  });

  it('rule 40: teams and roles of another organization cannot be named in teamRoles (product decision)', async () => {
    const [mine, theirs] = await two();
    const user = await createUser(mine.scim);
    const foreignTeam = await createGroup(theirs.scim, { displayName: 'Theirs' });
    await createRole(theirs.scim, { name: 'Foreign' });
    await createGroup(mine.scim, { displayName: 'Mine' });
    for (const value of [
      [{ teamId: foreignTeam.id, roleName: 'member' }],
      [{ teamName: 'Theirs', roleName: 'member' }],
      [{ teamName: 'Mine', roleName: 'Foreign' }],
    ])
      expectError(
        await mine.scim.operations(`/Users/${user.id}`, { op: 'replace', path: 'teamRoles', value }),
        [400, 404],
      );
    expect((await read(mine.scim, `/Users/${user.id}`))[ROLLCALL].teamRoles ?? []).toEqual([]);
    expect(await memberIds(theirs.scim, foreignTeam.id)).toEqual([]);
  });

  it('rule 40: a manager of another organization shows nothing of that person (product decision)', async () => {
    const [mine, theirs] = await two();
    const foreign = await createUser(theirs.scim, { displayName: 'The Foreign Boss' });
    const body = {
      schemas: [USER, ENTERPRISE],
      userName: 'a',
      [ENTERPRISE]: { manager: { value: foreign.id } },
    };
    const reply = await mine.scim.post('/Users', body);
    expectStatus(reply, 201, 400, 404);
    expect(reply.text).not.toContain('The Foreign Boss');
    if (reply.status === 201)
      expect(JSON.stringify(await read(mine.scim, `/Users/${reply.body.id}`))).not.toContain(
        'The Foreign Boss',
      );
  });

  it('rule 40: Bulk reaches only the own organization (RFC 7644 7.5)', async () => {
    const [mine, theirs] = await two();
    const user = await createUser(theirs.scim);
    const results = await bulkResults(mine.scim, [
      {
        method: 'PATCH',
        path: `/Users/${user.id}`,
        data: { schemas: [PATCH_OP], Operations: [{ op: 'replace', path: 'title', value: 'x' }] },
      },
      { method: 'DELETE', path: `/Users/${user.id}` },
    ]);
    expect(results.map((result) => result.status)).toEqual(['404', '404']);
    expect(await read(theirs.scim, `/Users/${user.id}`)).toEqual(user);
  });

  it('rule 40: an ETag of another organization is no precondition that holds (product decision)', async () => {
    const [mine, theirs] = await two();
    const own = await createUser(mine.scim);
    const foreign = await createUser(theirs.scim);
    const versions = [foreign.meta.version].filter((version) => version !== own.meta.version);
    for (const version of versions)
      expectError(await mine.scim.delete(`/Users/${own.id}`, { 'If-Match': version }), 412);
    expect(await read(mine.scim, `/Users/${own.id}`)).toEqual(own);
  });
});

describe('externalId (product decision)', () => {
  it('belongs to one connection: another neither sees nor finds nor changes it (product decision)', async () => {
    const organization = await server.organization();
    const other = await organization.connection();
    const user = await createUser(organization.scim, { userName: 'ada', externalId: 'okta-1' });
    const group = await createGroup(organization.scim, { displayName: 'Team', externalId: 'okta-g' });
    expect((await read(other.scim, `/Users/${user.id}`)).externalId).toBeUndefined();
    expect((await read(other.scim, `/Groups/${group.id}`)).externalId).toBeUndefined();
    expect(await matching(other.scim, '/Users', 'externalId eq "okta-1"')).toEqual([]);
    expect(await matching(other.scim, '/Users', 'userName eq "ada" and externalId pr')).toEqual([]);

    const operation = { op: 'add', path: 'externalId', value: 'entra-1' };
    expectStatus(await other.scim.operations(`/Users/${user.id}`, operation), 200);
    expect((await read(other.scim, `/Users/${user.id}`)).externalId).toBe('entra-1');
    expect((await read(organization.scim, `/Users/${user.id}`)).externalId).toBe('okta-1');
    expect(await matching(organization.scim, '/Users', 'externalId eq "entra-1"')).toEqual([]);
    expect(await matching(other.scim, '/Users', 'externalId eq "entra-1"')).toEqual(['ada']);
  });

  it('is opaque: the id of a user as externalId finds nobody by id (CVE-2025-41115)', async () => {
    const { scim, adminId } = await server.organization();
    const user = await createUser(scim, { userName: 'ada', externalId: adminId });
    expect(user.id).not.toBe(adminId);
    expect(await matching(scim, '/Users', `externalId eq "${adminId}"`)).toEqual(['ada']);
    expect((await read(scim, `/Users/${adminId}`)).userName).not.toBe('ada');
    for (const externalId of ['1', '0', 'admin', '../x', ' padded '])
      expect((await createUser(scim, { externalId })).externalId).toBe(externalId);
    expectError(await scim.get('/Users/1'), 404);
  });

  it('can be changed and removed by its connection (RFC 7643 3.1)', async () => {
    const { scim } = await server.organization();
    const user = await createUser(scim, { externalId: 'a' });
    const path = withQuery(`/Users/${user.id}`, { attributes: 'externalId' });
    expectStatus(
      await scim.operations(`/Users/${user.id}`, { op: 'replace', path: 'externalId', value: 'b' }),
      200,
    );
    expect((await read(scim, path)).externalId).toBe('b');
    expectStatus(await scim.operations(`/Users/${user.id}`, { op: 'remove', path: 'externalId' }), 200);
    expect((await read(scim, path)).externalId).toBeUndefined();
  });
});
