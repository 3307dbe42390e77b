import { describe, expect, it } from '@jest/globals';
import type { ScimClient } from '../../support/scim-client.js';
import { expectError, expectStatus } from './support/assertions.js';
import { createGroup, createUser, memberIds, read, type Resource } from './support/resources.js';
import { ENTERPRISE } from './support/urns.js';
import { useServer } from './support/use-server.js';

const server = useServer();

const EMAILS = [
  { value: 'work@ex.test', type: 'work', display: 'Work' },
  { value: 'home@ex.test', type: 'home' },
];

interface Seeded {
  readonly scim: ScimClient;
  readonly user: Resource;
  /** Sends operations that must succeed and reads the user back. */
  readonly patch: (...operations: readonly object[]) => Promise<Resource>;
}

async function seed(attributes: object = {}): Promise<Seeded> {
  const { scim } = await server.organization();
  const user = await createUser(scim, attributes);
  const patch = async (...operations: readonly object[]): Promise<Resource> => {
    const reply = await scim.operations(`/Users/${user.id}`, ...operations);
    expectStatus(reply, 200);
    const stored = await read(scim, `/Users/${user.id}`);
    expect(reply.body).toEqual(stored);
    return stored;
  };
  return { scim, user, patch };
}

describe('rule 29: order and atomicity (RFC 7644 3.5.2)', () => {
  it('rule 29: a later operation sees the result of an earlier one (RFC 7644 3.5.2)', async () => {
    const { patch } = await seed();
    const user = await patch(
      { op: 'add', path: 'emails', value: [{ value: 'a@ex.test', type: 'home' }] },
      { op: 'replace', path: 'emails[type eq "home"].value', value: 'b@ex.test' },
      { op: 'add', path: 'title', value: 'first' },
      { op: 'replace', path: 'title', value: 'second' },
    );
    expect(user).toMatchObject({ emails: [{ value: 'b@ex.test', type: 'home' }], title: 'second' });
  });

  it('rule 29: when one operation fails, none is applied and the version stays (RFC 7644 3.5.2)', async () => {
    const { scim, user } = await seed({ title: 'before' });
    const reply = await scim.operations(
      `/Users/${user.id}`,
      { op: 'replace', path: 'title', value: 'after' },
      { op: 'add', path: 'nickName', value: 'after' },
      { op: 'replace', path: 'active', value: 'perhaps' },
    );
    expectError(reply, 400, 'invalidValue');
    expect(await read(scim, `/Users/${user.id}`)).toEqual(user);
  });

  it('rule 29: a failing group PATCH leaves all members as they were (RFC 7644 3.5.2)', async () => {
    const { scim, user } = await seed();
    const group = await createGroup(scim, { members: [{ value: user.id }] });
    const reply = await scim.operations(
      `/Groups/${group.id}`,
      { op: 'remove', path: 'members' },
      { op: 'replace', path: 'displayName', value: '' },
    );
    expectError(reply, 400, 'invalidValue');
    expect(await memberIds(scim, group.id)).toEqual([user.id]);
    expect((await read(scim, `/Groups/${group.id}`)).meta).toEqual(group.meta);
  });

  it('rule 29: concurrent PATCHes on one group lose no member (RFC 7644 3.5.2)', async () => {
    const { scim } = await seed();
    const users: Resource[] = [];
    for (let index = 0; index < 10; index += 1) users.push(await createUser(scim));
    const group = await createGroup(scim);
    const replies = await Promise.all(
      users.map((user) =>
        scim.operations(`/Groups/${group.id}`, { op: 'add', path: 'members', value: [{ value: user.id }] }),
      ),
    );
    for (const reply of replies) expectStatus(reply, 204);
    expect(await memberIds(scim, group.id)).toEqual(users.map((user) => user.id).sort());
  });
});

describe('rule 30: a PATCH that changes nothing (RFC 7644 3.5.2.1)', () => {
  it.each([
    ['the same value', { op: 'replace', path: 'title', value: 'x' }],
    ['the same value without path', { op: 'add', value: { title: 'x' } }],
    ['an element that exists', { op: 'add', path: 'emails', value: [EMAILS[0]] }],
    ['the same list', { op: 'replace', path: 'emails', value: EMAILS }],
    ['the removal of what is absent', { op: 'remove', path: 'nickName' }],
  ])('rule 30: %s leaves version and lastModified (RFC 7644 3.5.2.1)', async (_what, operation) => {
    const { user, patch } = await seed({ title: 'x', emails: EMAILS });
    expect(await patch(operation)).toEqual(user);
  });

  it('rule 30: adding an existing member to a group is 204 and changes nothing (RFC 7644 3.5.2.1)', async () => {
    const { scim, user } = await seed();
    const group = await createGroup(scim, { members: [{ value: user.id }] });
    const operation = { op: 'add', path: 'members', value: [{ value: user.id }] };
    expectStatus(await scim.operations(`/Groups/${group.id}`, operation), 204);
    expect(await read(scim, `/Groups/${group.id}`)).toEqual(group);
  });
});

describe('rule 31: add (RFC 7644 3.5.2.1)', () => {
  it('rule 31: takes one element or an array for a multi-valued attribute (RFC 7644 3.5.2.1)', async () => {
    const { patch } = await seed({ emails: [EMAILS[0]] });
    await patch({ op: 'add', path: 'emails', value: { value: 'one@ex.test' } });
    const user = await patch({ op: 'add', path: 'emails', value: [{ value: 'two@ex.test' }] });
    expect(user.emails.map((email: Resource) => email.value)).toEqual([
      'work@ex.test',
      'one@ex.test',
      'two@ex.test',
    ]);
  });

  it('rule 31: drops duplicates by full value (RFC 7644 3.5.2.1)', async () => {
    const { patch } = await seed({ emails: EMAILS });
    const user = await patch({ op: 'add', path: 'emails', value: [EMAILS[0], { value: 'new@ex.test' }] });
    expect(user.emails).toEqual([...EMAILS, { value: 'new@ex.test' }]);
  });

  it('rule 31: a value path that matches merges into the element (RFC 7644 3.5.2.1)', async () => {
    const { patch } = await seed({ emails: EMAILS });
    const user = await patch({ op: 'add', path: 'emails[type eq "home"]', value: { display: 'Home' } });
    expect(user.emails).toEqual([EMAILS[0], { ...EMAILS[1], display: 'Home' }]);
  });

  it('rule 31: merges into a complex attribute (RFC 7644 3.5.2.1)', async () => {
    const { patch } = await seed({ name: { givenName: 'Ada', familyName: 'King' } });
    const user = await patch({ op: 'add', path: 'name', value: { familyName: 'Byron' } });
    expect(user.name).toEqual({ givenName: 'Ada', familyName: 'Byron' });
  });

  it('rule 31: without path merges the given attributes (RFC 7644 3.5.2.1)', async () => {
    const { patch } = await seed({ emails: [EMAILS[0]], name: { givenName: 'Ada' } });
    const value = { emails: [EMAILS[1]], name: { familyName: 'Byron' }, [ENTERPRISE]: { department: 'R&D' } };
    expect(await patch({ op: 'add', value })).toMatchObject({
      emails: EMAILS,
      name: { givenName: 'Ada', familyName: 'Byron' },
      [ENTERPRISE]: { department: 'R&D' },
    });
  });
});

describe('rule 31: replace (RFC 7644 3.5.2.3)', () => {
  it('rule 31: on a complex attribute leaves unnamed sub-attributes (RFC 7644 3.5.2.3)', async () => {
    const { patch } = await seed({ name: { givenName: 'Ada', familyName: 'King' } });
    const user = await patch({ op: 'replace', path: 'name', value: { familyName: 'Byron' } });
    expect(user.name).toEqual({ givenName: 'Ada', familyName: 'Byron' });
  });

  it.each([
    ['with path', { op: 'replace', path: 'emails', value: [{ value: 'new@ex.test' }] }],
    ['without path', { op: 'replace', value: { emails: [{ value: 'new@ex.test' }] } }],
  ])(
    'rule 31: on a multi-valued attribute %s replaces the whole list (RFC 7644 3.5.2.3)',
    async (_how, operation) => {
      const { patch } = await seed({ emails: EMAILS, title: 'kept' });
      expect(await patch(operation)).toMatchObject({ emails: [{ value: 'new@ex.test' }], title: 'kept' });
    },
  );

  it('rule 31: a sub-attribute of every matching element is set (RFC 7644 3.5.2.3)', async () => {
    const { patch } = await seed({ emails: EMAILS });
    const user = await patch({ op: 'replace', path: 'emails[value co "@ex.test"].display', value: 'Mail' });
    expect(user.emails.map((email: Resource) => email.display)).toEqual(['Mail', 'Mail']);
  });

  it('rule 31: a missing singular attribute is added (RFC 7644 3.5.2.3)', async () => {
    const { patch } = await seed();
    expect(await patch({ op: 'replace', path: 'nickName', value: 'Countess' })).toMatchObject({
      nickName: 'Countess',
    });
  });

  it.each(['add', 'replace'])(
    '%s on a value path without a match creates the element (create-on-miss, Microsoft Entra)',
    async (op) => {
      const { patch } = await seed({ emails: [EMAILS[1]] });
      const user = await patch({ op, path: 'emails[type eq "work"].value', value: 'work@ex.test' });
      expect(user.emails).toEqual([EMAILS[1], { type: 'work', value: 'work@ex.test' }]);
    },
  );

  it.each([
    'emails[type ne "home"].value',
    'emails[value co "@nowhere"].display',
    'emails[type eq "a" or type eq "b"].value',
  ])('rule 32: replace on %s without a match is 400 noTarget (RFC 7644 3.5.2.3)', async (path) => {
    const { scim, user } = await seed({ emails: [EMAILS[1]] });
    expectError(
      await scim.operations(`/Users/${user.id}`, { op: 'replace', path, value: 'x' }),
      400,
      'noTarget',
    );
    expect(await read(scim, `/Users/${user.id}`)).toEqual(user);
  });

  it.each([null, ''])(
    'clearing with %j on a value path without a match succeeds and changes nothing (Microsoft Entra)',
    async (value) => {
      const { user, patch } = await seed({ emails: [EMAILS[1]] });
      expect(await patch({ op: 'replace', path: 'emails[type eq "work"].value', value })).toEqual(user);
    },
  );
});
