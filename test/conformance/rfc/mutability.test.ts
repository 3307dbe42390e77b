import { describe, expect, it } from '@jest/globals';
import { expectError, expectStatus } from './support/assertions.js';
import { createGroup, createRole, createUser, groupIds, memberIds, read } from './support/resources.js';
import { GROUP, ROLE, ROLLCALL, UNKNOWN_ID, USER } from './support/urns.js';
import { useServer } from './support/use-server.js';

const server = useServer();

const READ_ONLY = {
  id: UNKNOWN_ID,
  meta: {
    created: '2001-01-01T00:00:00Z',
    version: 'W/"mine"',
    location: 'https://evil.test/',
    resourceType: 'X',
  },
  groups: [{ value: UNKNOWN_ID, display: 'Admins' }],
};

describe('rule 23: readOnly (RFC 7644 3.3, 3.5.1)', () => {
  it('rule 23: POST ignores id, meta and groups (RFC 7644 3.3)', async () => {
    const { scim } = await server.organization();
    const user = await createUser(scim, READ_ONLY);
    expect(user.id).not.toBe(UNKNOWN_ID);
    expect(user.meta.created).not.toBe(READ_ONLY.meta.created);
    expect(user.meta.resourceType).toBe('User');
    expect(user.groups ?? []).toEqual([]);
    expectError(await scim.get(`/Users/${UNKNOWN_ID}`), 404);
  });

  it('rule 23: PUT ignores id, meta and groups, and takes back what it answered (RFC 7644 3.5.1)', async () => {
    const { scim } = await server.organization();
    const user = await createUser(scim, { title: 'a' });
    const group = await createGroup(scim, { members: [{ value: user.id }] });
    const own = await read(scim, `/Users/${user.id}`);
    const reply = await scim.put(`/Users/${user.id}`, { ...own, title: 'b', ...READ_ONLY });
    expectStatus(reply, 200);
    expect(reply.body).toMatchObject({ id: user.id, title: 'b' });
    expect((await read(scim, `/Users/${user.id}`)).meta.created).toBe(user.meta.created);
    expect(await groupIds(scim, user.id)).toEqual([group.id]);
  });

  it.each([
    ['id', UNKNOWN_ID],
    ['meta', { created: '2001-01-01T00:00:00Z' }],
    ['meta.created', '2001-01-01T00:00:00Z'],
    ['groups', [{ value: UNKNOWN_ID }]],
    [`${ROLLCALL}:daysActive`, 7],
    [`${ROLLCALL}:lastActiveAt`, '2001-01-01T00:00:00Z'],
  ])('rule 23: PATCH with the path %s is 400 mutability (RFC 7644 3.5.2)', async (path, value) => {
    const { scim } = await server.organization();
    const user = await createUser(scim);
    for (const op of ['add', 'replace'])
      expectError(await scim.operations(`/Users/${user.id}`, { op, path, value }), 400, 'mutability');
    expectError(await scim.operations(`/Users/${user.id}`, { op: 'remove', path }), 400, 'mutability');
    expect((await read(scim, `/Users/${user.id}`)).meta).toEqual(user.meta);
  });

  it('rule 23: read-only keys in a PATCH value without path are ignored (Okta group rename)', async () => {
    const { scim } = await server.organization();
    const group = await createGroup(scim);
    const value = { id: group.id, displayName: 'Sales EMEA' };
    expectStatus(await scim.operations(`/Groups/${group.id}`, { op: 'replace', value }), 204);
    expect(await read(scim, `/Groups/${group.id}`)).toMatchObject({
      id: group.id,
      displayName: 'Sales EMEA',
    });

    const user = await createUser(scim);
    expectStatus(
      await scim.operations(`/Users/${user.id}`, { op: 'replace', value: { ...READ_ONLY, title: 'x' } }),
      200,
    );
    const after = await read(scim, `/Users/${user.id}`);
    expect(after).toMatchObject({ id: user.id, title: 'x' });
    expect(after.meta.created).toBe(user.meta.created);
  });
});

describe('rule 24: immutable (RFC 7644 3.5.1, 3.5.2)', () => {
  it('rule 24: PUT with the same accountType is fine, with another 400 mutability (RFC 7644 3.5.1)', async () => {
    const { scim } = await server.organization();
    const user = await createUser(scim);
    const put = (accountType: string): ReturnType<typeof scim.put> =>
      scim.put(`/Users/${user.id}`, {
        schemas: [USER, ROLLCALL],
        userName: user.userName,
        [ROLLCALL]: { accountType },
      });
    expectStatus(await put('USER'), 200);
    expectError(await put('ORG_SERVICE'), 400, 'mutability');
    expect((await read(scim, `/Users/${user.id}`))[ROLLCALL].accountType).toBe('USER');
  });

  it('rule 24: PATCH cannot change accountType: 400 mutability (RFC 7644 3.5.2)', async () => {
    const { scim } = await server.organization();
    const user = await createUser(scim);
    for (const path of ['accountType', `${ROLLCALL}:accountType`])
      expectError(
        await scim.operations(`/Users/${user.id}`, { op: 'replace', path, value: 'SERVICE' }),
        400,
        'mutability',
      );
    expect((await read(scim, `/Users/${user.id}`))[ROLLCALL].accountType).toBe('USER');
  });

  it('rule 24: the value of a member cannot be changed in place: 400 mutability (RFC 7643 4.2)', async () => {
    const { scim } = await server.organization();
    const [one, two] = [await createUser(scim), await createUser(scim)];
    const group = await createGroup(scim, { members: [{ value: one.id }] });
    const operation = { op: 'replace', path: `members[value eq "${one.id}"].value`, value: two.id };
    expectError(await scim.operations(`/Groups/${group.id}`, operation), 400, 'mutability');
    expect(await memberIds(scim, group.id)).toEqual([one.id]);
  });
});

describe('rule 25: required attributes (RFC 7644 3.5.2.2)', () => {
  it('rule 25: removing one is 400 mutability (RFC 7644 3.5.2.2)', async () => {
    const { scim } = await server.organization();
    const [user, group, role] = [await createUser(scim), await createGroup(scim), await createRole(scim)];
    for (const [path, attribute] of [
      [`/Users/${user.id}`, 'userName'],
      [`/Groups/${group.id}`, 'displayName'],
      [`/Roles/${role.id}`, 'name'],
      [`/Roles/${role.id}`, 'inheritedFrom'],
    ] as const) {
      expectError(await scim.operations(path, { op: 'remove', path: attribute }), 400, 'mutability');
      expect((await read(scim, path))[attribute]).toBeTruthy();
    }
  });

  it.each([null, ''])(
    'rule 25: replacing one with %j is 400 invalidValue (RFC 7644 3.5.2.3)',
    async (value) => {
      const { scim } = await server.organization();
      const [user, group, role] = [await createUser(scim), await createGroup(scim), await createRole(scim)];
      for (const [path, attribute] of [
        [`/Users/${user.id}`, 'userName'],
        [`/Groups/${group.id}`, 'displayName'],
        [`/Roles/${role.id}`, 'name'],
      ] as const) {
        const named = await scim.operations(path, { op: 'replace', path: attribute, value });
        const nameless = await scim.operations(path, { op: 'replace', value: { [attribute]: value } });
        for (const reply of [named, nameless]) expectError(reply, 400, 'invalidValue');
        expect((await read(scim, path))[attribute]).toBeTruthy();
      }
    },
  );

  it.each([
    ['/Users', { schemas: [USER] }],
    ['/Users', { schemas: [USER], userName: '' }],
    ['/Users', { schemas: [USER], userName: null }],
    ['/Users', { schemas: [USER], userName: 7 }],
    ['/Groups', { schemas: [GROUP] }],
    ['/Groups', { schemas: [GROUP], displayName: '' }],
    ['/Roles', { schemas: [ROLE], inheritedFrom: 'viewer' }],
    ['/Roles', { schemas: [ROLE], name: 'No base' }],
    ['/Roles', { schemas: [ROLE], name: 'Admin base', inheritedFrom: 'admin' }],
  ])('rule 25: POST %s with %j is 400 invalidValue (RFC 7644 3.12)', async (endpoint, body) => {
    const { scim } = await server.organization();
    expectError(await scim.post(endpoint, body), 400, 'invalidValue');
  });

  it('rule 25: PUT without a required attribute is 400 invalidValue and changes nothing (RFC 7644 3.5.1)', async () => {
    const { scim } = await server.organization();
    const user = await createUser(scim, { title: 'a' });
    expectError(await scim.put(`/Users/${user.id}`, { schemas: [USER], title: 'b' }), 400, 'invalidValue');
    expect(await read(scim, `/Users/${user.id}`)).toMatchObject({ userName: user.userName, title: 'a' });
  });
});
