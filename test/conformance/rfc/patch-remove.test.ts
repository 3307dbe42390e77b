import { describe, expect, it } from '@jest/globals';
import type { ScimClient } from '../../support/scim-client.js';
import { expectError, expectStatus } from './support/assertions.js';
import { createGroup, createUser, memberIds, read, type Resource } from './support/resources.js';
import { PATCH_OP } from './support/urns.js';
import { useServer } from './support/use-server.js';

const server = useServer();

const EMAILS = [
  { value: 'work@ex.test', type: 'work', display: 'Work' },
  { value: 'home@ex.test', type: 'home' },
];

async function seed(attributes: object = {}): Promise<{ scim: ScimClient; user: Resource; path: string }> {
  const { scim } = await server.organization();
  const user = await createUser(scim, attributes);
  return { scim, user, path: `/Users/${user.id}` };
}

describe('rule 32: remove (RFC 7644 3.5.2.2)', () => {
  it('rule 32: without path is 400 noTarget (RFC 7644 3.5.2.2)', async () => {
    const { scim, user, path } = await seed({ title: 'x' });
    expectError(await scim.operations(path, { op: 'remove' }), 400, 'noTarget');
    expect(await read(scim, path)).toEqual(user);
  });

  it('rule 32: an attribute, a sub-attribute, and a sub-attribute of an element (RFC 7644 3.5.2.2)', async () => {
    const { scim, path } = await seed({
      title: 'x',
      name: { givenName: 'Ada', familyName: 'Byron' },
      emails: EMAILS,
    });
    const operations = ['title', 'name.givenName', 'emails[type eq "work"].display'];
    expectStatus(
      await scim.operations(path, ...operations.map((target) => ({ op: 'remove', path: target }))),
      200,
    );
    const stored = await read(scim, path);
    expect(stored.title).toBeUndefined();
    expect(stored.name).toEqual({ familyName: 'Byron' });
    expect(stored.emails).toEqual([{ value: 'work@ex.test', type: 'work' }, EMAILS[1]]);
  });

  it('rule 32: with the last element the attribute goes (RFC 7644 3.5.2.2)', async () => {
    const { scim, path } = await seed({ emails: EMAILS });
    expectStatus(await scim.operations(path, { op: 'remove', path: 'emails[type eq "work"]' }), 200);
    expect((await read(scim, path)).emails).toEqual([EMAILS[1]]);
    expectStatus(await scim.operations(path, { op: 'remove', path: 'emails[type eq "home"]' }), 200);
    expect((await read(scim, path)).emails).toBeUndefined();
  });

  it('rule 32: a value list removes only those elements; without value all go (Microsoft Entra)', async () => {
    const { scim, path } = await seed({ emails: EMAILS });
    const some = { op: 'remove', path: 'emails', value: [{ value: 'work@ex.test' }] };
    expectStatus(await scim.operations(path, some), 200);
    expect((await read(scim, path)).emails).toEqual([EMAILS[1]]);
    expectStatus(await scim.operations(path, { op: 'remove', path: 'emails' }), 200);
    expect((await read(scim, path)).emails).toBeUndefined();
  });

  it('rule 32: members by filter, by value list, and all (RFC 7644 3.5.2.2, Microsoft Entra)', async () => {
    const { scim } = await seed();
    const ids: string[] = [];
    for (let index = 0; index < 4; index += 1) ids.push((await createUser(scim)).id);
    const [one, two, ...rest] = ids;
    const group = await createGroup(scim, { members: ids.map((value) => ({ value })) });
    const path = `/Groups/${group.id}`;
    expectStatus(await scim.operations(path, { op: 'remove', path: `members[value eq "${one}"]` }), 204);
    expect(await memberIds(scim, group.id)).toEqual([two, ...rest].sort());
    const listed = { op: 'Remove', path: 'members', value: [{ $ref: null, value: two }] };
    expectStatus(await scim.operations(path, listed), 204);
    expect(await memberIds(scim, group.id)).toEqual([...rest].sort());
    expectStatus(await scim.operations(path, { op: 'remove', path: 'members' }), 204);
    expect((await read(scim, path)).members ?? []).toEqual([]);
  });

  it('rule 32: a member who is not there is removed with success (RFC 7644 3.5.2.2)', async () => {
    const { scim, user } = await seed();
    const stranger = await createUser(scim);
    const group = await createGroup(scim, { members: [{ value: user.id }] });
    for (const operation of [
      { op: 'remove', path: `members[value eq "${stranger.id}"]` },
      { op: 'remove', path: 'members', value: [{ value: stranger.id }] },
    ])
      expectStatus(await scim.operations(`/Groups/${group.id}`, operation), 204);
    expect(await read(scim, `/Groups/${group.id}`)).toEqual(group);
  });

  it('rule 32: a replace without members leaves them; replace members sets exactly those (RFC 7644 3.5.2.3)', async () => {
    const { scim, user } = await seed();
    const other = await createUser(scim);
    const group = await createGroup(scim, { members: [{ value: user.id }] });
    const path = `/Groups/${group.id}`;
    expectStatus(await scim.operations(path, { op: 'replace', value: { displayName: 'Renamed' } }), 204);
    expect(await memberIds(scim, group.id)).toEqual([user.id]);
    expectStatus(
      await scim.operations(path, { op: 'replace', path: 'members', value: [{ value: other.id }] }),
      204,
    );
    expect(await memberIds(scim, group.id)).toEqual([other.id]);
    expectStatus(await scim.operations(path, { op: 'replace', path: 'members', value: [] }), 204);
    expect(await memberIds(scim, group.id)).toEqual([]);
  });
});

describe('rule 33: malformed PATCH (RFC 7644 3.5.2)', () => {
  const SYNTAX = ['invalidSyntax', 'invalidPath', 'invalidValue'] as const;

  it.each([
    ['no Operations', { schemas: [PATCH_OP] }],
    [
      'Operations that are no array',
      { schemas: [PATCH_OP], Operations: { op: 'add', path: 'title', value: 'x' } },
    ],
    ['an operation that is text', { schemas: [PATCH_OP], Operations: ['add'] }],
    ['an operation that is null', { schemas: [PATCH_OP], Operations: [null] }],
    ['no op', { schemas: [PATCH_OP], Operations: [{ path: 'title', value: 'x' }] }],
    ['an unknown op', { schemas: [PATCH_OP], Operations: [{ op: 'move', path: 'title', value: 'x' }] }],
    ['an op that is no text', { schemas: [PATCH_OP], Operations: [{ op: 1, path: 'title', value: 'x' }] }],
    ['a path that is no text', { schemas: [PATCH_OP], Operations: [{ op: 'add', path: 7, value: 'x' }] }],
    ['add without value', { schemas: [PATCH_OP], Operations: [{ op: 'add', path: 'title' }] }],
    ['add without path and value', { schemas: [PATCH_OP], Operations: [{ op: 'add' }] }],
    [
      'a value without path that is no object',
      { schemas: [PATCH_OP], Operations: [{ op: 'add', value: 'x' }] },
    ],
  ])('rule 33: %s is 400 (RFC 7644 3.5.2)', async (_what, body) => {
    const { scim, user, path } = await seed();
    expectError(await scim.patch(path, body), 400, ...SYNTAX);
    expect(await read(scim, path)).toEqual(user);
  });

  it.each([
    'name.givenName.x',
    'title.',
    '.title',
    'name..givenName',
    'emails[type eq "work"',
    'emails[]',
    'emails type eq "work"]',
    'emails[type eq "work"]value',
    'emails[type eq "work"].',
    'emails[type eq "work"].value.x',
    'emails[type xx "work"].value',
    'title[value eq "x"]',
    '1title',
    'ti tle',
  ])('rule 33: the path %j is 400 (RFC 7644 3.5.2)', async (target) => {
    const { scim, user, path } = await seed();
    const reply = await scim.operations(path, { op: 'replace', path: target, value: 'x' });
    expectError(
      reply,
      400,
      ...(target.includes('[') ? ['invalidPath', 'invalidFilter'] : ['invalidPath', 'noTarget']),
    );
    expect(await read(scim, path)).toEqual(user);
  });

  it.each(['unheardOf', 'name.unheardOf', 'emails[type eq "work"].unheardOf', 'urn:example:none:2.0:User:x'])(
    'rule 33: the unknown attribute %s is 400 invalidPath or noTarget (RFC 7644 3.5.2)',
    async (target) => {
      const { scim, user, path } = await seed();
      for (const op of ['add', 'replace']) {
        const reply = await scim.operations(path, { op, path: target, value: 'x' });
        if (target.startsWith('urn:')) expect(reply.status).toBeLessThan(500);
        else expectError(reply, 400, 'invalidPath', 'noTarget');
      }
      expect(await read(scim, path)).toEqual(user);
    },
  );

  it.each([
    ['active', 'perhaps'],
    ['active', 1],
    ['title', { a: 1 }],
    ['title', ['a', 'b']],
    ['title', true],
    ['name', 'Ada'],
    ['name.givenName', { x: 1 }],
    ['emails', 7],
    ['emails', [{ value: { deep: true } }]],
    ['emails[type eq "work"].value', { x: 1 }],
    ['emails[type eq "work"].primary', 'perhaps'],
    ['x509Certificates', [{ value: 'not base64!' }]],
    ['organizationRole', 'emperor'],
    ['seat', 'window'],
  ])(
    'rule 33: replacing %s with %j is a type mismatch: 400 invalidValue (RFC 7644 3.12)',
    async (target, value) => {
      const { scim, user, path } = await seed();
      expectError(await scim.operations(path, { op: 'replace', path: target, value }), 400, 'invalidValue');
      expect(await read(scim, path)).toEqual(user);
    },
  );

  it('rule 33: empty Operations are a no-op on a lenient connection (Microsoft Entra)', async () => {
    const { scim, user, path } = await seed();
    const reply = await scim.operations(path);
    expectStatus(reply, 200);
    expect(await read(scim, path)).toEqual(user);
  });

  it('rule 33: empty Operations are 400 invalidSyntax on a strict connection (RFC 7644 3.5.2)', async () => {
    const { scim } = await server.organization({ mode: 'strict' });
    const user = await createUser(scim);
    expectError(await scim.operations(`/Users/${user.id}`), 400, 'invalidSyntax');
  });

  it('takes op in any case (Microsoft Entra)', async () => {
    const { scim, path } = await seed();
    expectStatus(
      await scim.operations(
        path,
        { op: 'Add', path: 'title', value: 'x' },
        { op: 'REPLACE', path: 'title', value: 'y' },
        { op: 'Remove', path: 'nickName' },
      ),
      200,
    );
    expect((await read(scim, path)).title).toBe('y');
  });
});
