import { describe, expect, it } from '@jest/globals';
import { expectError, expectStatus } from './support/assertions.js';
import {
  createGroup,
  createRole,
  createUser,
  groupIds,
  matching,
  memberIds,
  read,
  type Resource,
} from './support/resources.js';
import { ENTERPRISE, GROUP, ROLE, UNKNOWN_ID, USER } from './support/urns.js';
import { useServer } from './support/use-server.js';

const server = useServer();

describe('rule 26: PUT (RFC 7644 3.5.1)', () => {
  it('rule 26: clears what it omits (RFC 7644 3.5.1)', async () => {
    const { scim } = await server.organization();
    const user = await createUser(scim, {
      title: 'x',
      name: { givenName: 'Ada', familyName: 'Byron' },
      emails: [{ value: 'ada@ex.test' }],
      [ENTERPRISE]: { department: 'R&D' },
    });
    const reply = await scim.put(`/Users/${user.id}`, {
      schemas: [USER],
      userName: user.userName,
      name: { givenName: 'Ada' },
    });
    expectStatus(reply, 200);
    const stored = await read(scim, `/Users/${user.id}`);
    for (const resource of [reply.body, stored]) {
      expect(resource.name).toEqual({ givenName: 'Ada' });
      for (const absent of ['title', 'emails', ENTERPRISE]) expect(resource[absent]).toBeUndefined();
    }
  });

  it.each([true, false])('rule 26: without active, %s stays as it is (product decision)', async (active) => {
    const { scim } = await server.organization();
    const user = await createUser(scim, { active });
    expectStatus(await scim.put(`/Users/${user.id}`, { schemas: [USER], userName: user.userName }), 200);
    expect((await read(scim, `/Users/${user.id}`)).active).toBe(active);
  });

  it('rule 26: a user keeps its teams; groups are read-only there (RFC 7643 4.1.2)', async () => {
    const { scim } = await server.organization();
    const user = await createUser(scim);
    const group = await createGroup(scim, { members: [{ value: user.id }] });
    expectStatus(
      await scim.put(`/Users/${user.id}`, { schemas: [USER], userName: user.userName, groups: [] }),
      200,
    );
    expect(await groupIds(scim, user.id)).toEqual([group.id]);
  });

  it('rule 26: a group without members is emptied (RFC 7644 3.5.1)', async () => {
    const { scim } = await server.organization();
    const user = await createUser(scim);
    const group = await createGroup(scim, { members: [{ value: user.id }] });
    expectStatus(
      await scim.put(`/Groups/${group.id}`, { schemas: [GROUP], displayName: group.displayName }),
      200,
    );
    expect(await memberIds(scim, group.id)).toEqual([]);
    expect(await groupIds(scim, user.id)).toEqual([]);
  });

  it('rule 26: a full member list replaces the old one (Okta AIW)', async () => {
    const { scim } = await server.organization();
    const [one, two, three] = [await createUser(scim), await createUser(scim), await createUser(scim)];
    const group = await createGroup(scim, { members: [{ value: one.id }, { value: two.id }] });
    const own = await read(scim, `/Groups/${group.id}`);
    const reply = await scim.put(`/Groups/${group.id}`, {
      ...own,
      members: [{ value: two.id }, { value: three.id }],
    });
    expectStatus(reply, 200);
    expect(await memberIds(scim, group.id)).toEqual([two.id, three.id].sort());
  });

  it('rule 26: a role without permissions keeps the custom ones (product decision)', async () => {
    const { scim } = await server.organization();
    const role = await createRole(scim, { permissions: [{ name: 'run:stop' }] });
    const reply = await scim.put(`/Roles/${role.id}`, {
      schemas: [ROLE],
      name: role.name,
      description: 'new',
      inheritedFrom: 'viewer',
    });
    expectStatus(reply, 200);
    const stored: Resource = await read(scim, `/Roles/${role.id}`);
    expect(stored.description).toBe('new');
    expect(stored.permissions).toContainEqual(
      expect.objectContaining({ name: 'run:stop', isInherited: false }),
    );
  });

  it.each([
    ['/Users', { schemas: [USER], userName: 'put-created' }],
    ['/Groups', { schemas: [GROUP], displayName: 'put-created' }],
    ['/Roles', { schemas: [ROLE], name: 'put-created', inheritedFrom: 'viewer' }],
  ] as const)(
    'rule 26: PUT on an unknown id of %s is 404, never a create (RFC 7644 3.5.1)',
    async (endpoint, body) => {
      const { scim } = await server.organization();
      expectError(await scim.put(`${endpoint}/${UNKNOWN_ID}`, body), 404);
      expectError(await scim.put(`${endpoint}/not-a-uuid`, body), 404);
      const attribute = { '/Users': 'userName', '/Groups': 'displayName', '/Roles': 'name' }[endpoint];
      expect(await matching(scim, endpoint, `${attribute} eq "put-created"`)).toEqual([]);
    },
  );
});

describe('rule 27: unassigned values (RFC 7643 2.5)', () => {
  it.each([
    ['null', { title: null, emails: null, name: null, [ENTERPRISE]: null }],
    ['an empty array', { emails: [], phoneNumbers: [] }],
    ['an empty string', { title: '', name: { givenName: '' }, [ENTERPRISE]: { department: '' } }],
  ])('rule 27: %s on POST leaves attributes absent (RFC 7643 2.5)', async (_what, body) => {
    const { scim } = await server.organization();
    const user = await createUser(scim, body);
    const stored = await read(scim, `/Users/${user.id}`);
    for (const absent of ['title', 'emails', 'phoneNumbers', 'name', ENTERPRISE])
      expect(stored[absent]).toBeUndefined();
  });

  it.each([null, ''])(
    'rule 27: PATCH replace with %j clears, and again on what is clear (Microsoft Entra)',
    async (value) => {
      const { scim } = await server.organization();
      const user = await createUser(scim, {
        title: 'x',
        name: { givenName: 'Ada' },
        emails: [{ value: 'ada@ex.test', type: 'work' }],
        [ENTERPRISE]: { department: 'R&D' },
      });
      const paths = ['title', 'name.givenName', 'emails[type eq "work"].value', `${ENTERPRISE}:department`];
      for (let round = 0; round < 2; round += 1)
        for (const path of paths)
          expectStatus(await scim.operations(`/Users/${user.id}`, { op: 'replace', path, value }), 200);
      const stored = await read(scim, `/Users/${user.id}`);
      for (const absent of ['title', 'name', ENTERPRISE]) expect(stored[absent]).toBeUndefined();
      expect((stored.emails ?? []).map((email: Resource) => email.value ?? '')).not.toContain('ada@ex.test');
    },
  );

  it('rule 27: PATCH replace with [] clears a multi-valued attribute (RFC 7643 2.5)', async () => {
    const { scim } = await server.organization();
    const user = await createUser(scim, { emails: [{ value: 'ada@ex.test' }] });
    expectStatus(
      await scim.operations(`/Users/${user.id}`, { op: 'replace', path: 'emails', value: [] }),
      200,
    );
    expect((await read(scim, `/Users/${user.id}`)).emails).toBeUndefined();
  });

  it('rule 27: null inside an array is 400 invalidValue (RFC 7643 2.5)', async () => {
    const { scim } = await server.organization();
    const body = { schemas: [USER], userName: 'a', emails: [{ value: 'a@ex.test' }, null] };
    expectError(await scim.post('/Users', body), 400, 'invalidValue');
    const user = await createUser(scim);
    const operation = { op: 'add', path: 'emails', value: [null] };
    expectError(await scim.operations(`/Users/${user.id}`, operation), 400, 'invalidValue');
  });

  it('rule 27: an empty element is dropped or refused, never stored (RFC 7643 2.5)', async () => {
    const { scim } = await server.organization();
    const reply = await scim.post('/Users', { schemas: [USER], userName: 'a', emails: [{}] });
    if (reply.status === 201) expect((await read(scim, `/Users/${reply.body.id}`)).emails).toBeUndefined();
    else expectError(reply, 400, 'invalidValue');
  });
});

describe('rule 28: primary (RFC 7643 2.4)', () => {
  const TWO = [
    { value: 'a@ex.test', type: 'work', primary: true },
    { value: 'b@ex.test', type: 'home', primary: true },
  ];

  it('rule 28: two primaries in POST and PUT are 400 invalidValue (RFC 7643 2.4)', async () => {
    const { scim } = await server.organization();
    expectError(
      await scim.post('/Users', { schemas: [USER], userName: 'a', emails: TWO }),
      400,
      'invalidValue',
    );
    const user = await createUser(scim);
    const put = await scim.put(`/Users/${user.id}`, {
      schemas: [USER],
      userName: user.userName,
      emails: TWO,
    });
    expectError(put, 400, 'invalidValue');
    expect((await read(scim, `/Users/${user.id}`)).emails).toBeUndefined();
  });

  it.each([
    ['add to the list', { op: 'add', path: 'emails', value: [{ value: 'b@ex.test', primary: true }] }],
    ['add without path', { op: 'add', value: { emails: [{ value: 'b@ex.test', primary: true }] } }],
    ['replace by value path', { op: 'replace', path: 'emails[value eq "b@ex.test"].primary', value: true }],
  ])(
    'rule 28: PATCH that sets one primary unsets the others: %s (RFC 7644 3.5.2)',
    async (_what, operation) => {
      const { scim } = await server.organization();
      const isReplace = operation.op === 'replace';
      const emails = [{ value: 'a@ex.test', primary: true }, ...(isReplace ? [{ value: 'b@ex.test' }] : [])];
      const user = await createUser(scim, { emails });
      expectStatus(await scim.operations(`/Users/${user.id}`, operation), 200);
      const stored = await read(scim, `/Users/${user.id}`);
      const primaries = stored.emails.filter((email: Resource) => email.primary === true);
      expect(primaries.map((email: Resource) => email.value)).toEqual(['b@ex.test']);
      expect(stored.emails).toHaveLength(2);
    },
  );
});
