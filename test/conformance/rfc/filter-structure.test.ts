import { describe, expect, it } from '@jest/globals';
import type { ScimClient } from '../../support/scim-client.js';
import { expectError, expectStatus } from './support/assertions.js';
import { createGroup, createUser, matching, withQuery } from './support/resources.js';
import { ENTERPRISE } from './support/urns.js';
import { useServer } from './support/use-server.js';

const server = useServer();

describe('rule 5: precedence (RFC 7644 3.4.2.2, erratum 7319)', () => {
  const seed = async (): Promise<ScimClient> => {
    const { scim } = await server.organization();
    await createUser(scim, { userName: 'a-x', title: 'a', displayName: 'x' });
    await createUser(scim, { userName: 'b', nickName: 'b' });
    await createUser(scim, { userName: 'b-y', nickName: 'b', displayName: 'y' });
    return scim;
  };

  it('rule 5: not binds before and, and before or (RFC 7644 3.4.2.2)', async () => {
    const scim = await seed();
    expect(
      await matching(scim, '/Users', 'title eq "a" or nickName eq "b" and not (displayName pr)'),
    ).toEqual(['a-x', 'b']);
    expect(
      await matching(scim, '/Users', 'not (displayName pr) and nickName eq "b" or title eq "a"'),
    ).toEqual(['a-x', 'b']);
  });

  it('rule 5: parentheses come first (RFC 7644 3.4.2.2)', async () => {
    const scim = await seed();
    const filter = '(title eq "a" or nickName eq "b") and not (displayName pr)';
    expect(await matching(scim, '/Users', filter)).toEqual(['b']);
  });

  it('rule 5: takes not with and without a space (RFC 7644 erratum 7319)', async () => {
    const scim = await seed();
    for (const filter of ['not(title pr) and nickName pr', 'not (title pr) and nickName pr'])
      expect([filter, await matching(scim, '/Users', filter)]).toEqual([filter, ['b', 'b-y']]);
  });
});

describe('rule 6: value paths (RFC 7644 3.4.2.2, errata 4690 and 7322)', () => {
  const seed = async (): Promise<ScimClient> => {
    const { scim } = await server.organization();
    await createUser(scim, {
      userName: 'split',
      emails: [
        { type: 'work', value: 'a@other.test' },
        { type: 'home', value: 'a@ex.test' },
      ],
    });
    await createUser(scim, { userName: 'whole', emails: [{ type: 'work', value: 'b@ex.test' }] });
    return scim;
  };

  it('rule 6: a bracket must hold within one element (RFC 7644 3.4.2.2)', async () => {
    const scim = await seed();
    expect(await matching(scim, '/Users', 'emails[type eq "work" and value co "@ex.test"]')).toEqual([
      'whole',
    ]);
  });

  it('rule 6: dotted comparisons may hold in different elements (RFC 7644 3.4.2.2)', async () => {
    const scim = await seed();
    const filter = 'emails.type eq "work" and emails.value co "@ex.test"';
    expect(await matching(scim, '/Users', filter)).toEqual(['split', 'whole']);
  });

  it('rule 6: parentheses and not are allowed inside brackets (RFC 7644 erratum 4690)', async () => {
    const scim = await seed();
    expect(
      await matching(scim, '/Users', 'emails[(type eq "work" or type eq "home") and value co "@ex.test"]'),
    ).toEqual(['split', 'whole']);
    expect(await matching(scim, '/Users', 'emails[not (type eq "work") and value pr]')).toEqual(['split']);
  });

  it('rule 6: a bracket combines with the rest of the filter (RFC 7644 3.4.2.2)', async () => {
    const scim = await seed();
    expect(await matching(scim, '/Users', 'emails[type eq "home"] and userName eq "split"')).toEqual([
      'split',
    ]);
    expect(await matching(scim, '/Users', 'not (emails[type eq "home"]) and emails co "@ex.test"')).toEqual([
      'whole',
    ]);
  });

  it('rule 6: nested brackets are 400 invalidFilter (RFC 7644 erratum 7322)', async () => {
    const scim = await seed();
    const filter = 'emails[type eq "work" and emails[value co "x"]]';
    expectError(await scim.get(withQuery('/Users', { filter })), 400, 'invalidFilter');
  });

  it('rule 7: attr[filter].sub op value means one element with both (Microsoft Entra matching filter)', async () => {
    const scim = await seed();
    expect(await matching(scim, '/Users', 'emails[type eq "work"].value eq "b@ex.test"')).toEqual(['whole']);
    expect(await matching(scim, '/Users', 'emails[type eq "work"].value co "@ex.test"')).toEqual(['whole']);
    expect(await matching(scim, '/Users', 'emails[type eq "home"].value pr')).toEqual(['split']);
  });
});

describe('rule 8: comparing a complex attribute compares its value (RFC 7644 3.4.2.2)', () => {
  it('rule 8: emails co "x" (RFC 7644 3.4.2.2)', async () => {
    const { scim } = await server.organization();
    await createUser(scim, { userName: 'in', emails: [{ value: 'x@ex.test' }] });
    await createUser(scim, { userName: 'out', emails: [{ value: 'x@other.test', display: 'x@ex.test' }] });
    expect(await matching(scim, '/Users', 'emails co "@ex.test"')).toEqual(['in']);
  });

  it('rule 8: members eq "id", alone and with id in either order (Microsoft Entra reference probe)', async () => {
    const { scim } = await server.organization();
    const [member, stranger] = [await createUser(scim), await createUser(scim)];
    const group = await createGroup(scim, { displayName: 'Core', members: [{ value: member.id }] });
    await createGroup(scim, { displayName: 'Other', members: [{ value: stranger.id }] });
    for (const filter of [
      `members eq "${member.id}"`,
      `members.value eq "${member.id}"`,
      `members[value eq "${member.id}"]`,
      `id eq "${group.id}" and members eq "${member.id}"`,
      `members eq "${member.id}" and id eq "${group.id}"`,
    ])
      expect([filter, await matching(scim, '/Groups', filter)]).toEqual([filter, ['Core']]);
    expect(await matching(scim, '/Groups', `id eq "${group.id}" and members eq "${stranger.id}"`)).toEqual(
      [],
    );
  });

  it('rule 8: manager eq "id" (Microsoft Entra reference probe)', async () => {
    const { scim } = await server.organization();
    const manager = await createUser(scim);
    await createUser(scim, { userName: 'report', [ENTERPRISE]: { manager: { value: manager.id } } });
    for (const name of ['manager', 'manager.value', `${ENTERPRISE}:manager`, `${ENTERPRISE}:manager.value`])
      expect([name, await matching(scim, '/Users', `${name} eq "${manager.id}"`)]).toEqual([
        name,
        ['report'],
      ]);
  });

  it('rule 8: groups eq "id" selects the members of a team (RFC 7643 4.1.2)', async () => {
    const { scim } = await server.organization();
    const member = await createUser(scim, { userName: 'member' });
    const group = await createGroup(scim, { members: [{ value: member.id }] });
    await createUser(scim, { userName: 'stranger' });
    expect(await matching(scim, '/Users', `groups eq "${group.id}"`)).toEqual(['member']);
    expect(await matching(scim, '/Users', `groups.display eq "${group.displayName}"`)).toEqual(['member']);
  });
});

describe('rule 9: presence and inequality (RFC 7644 3.4.2.2)', () => {
  it.each([
    ['an empty string', 'title', { title: '' }],
    ['null', 'title', { title: null }],
    ['an empty array', 'emails', { emails: [] }],
    ['a complex value with only nulls', 'name', { name: { givenName: null, familyName: null } }],
  ])('rule 9: pr is false for %s (RFC 7644 3.4.2.2)', async (_what, attribute, body) => {
    const { scim } = await server.organization();
    await createUser(scim, { userName: 'empty', ...body });
    expect(await matching(scim, '/Users', `userName eq "empty" and ${attribute} pr`)).toEqual([]);
    expect(await matching(scim, '/Users', `userName eq "empty" and not (${attribute} pr)`)).toEqual([
      'empty',
    ]);
  });

  it('rule 9: pr is true for false (RFC 7644 3.4.2.2)', async () => {
    const { scim } = await server.organization();
    await createUser(scim, { userName: 'off', active: false });
    expect(await matching(scim, '/Users', 'userName eq "off" and active pr')).toEqual(['off']);
  });

  it('rule 9: ne matches an absent attribute (RFC 7644 3.4.2.2)', async () => {
    const { scim } = await server.organization();
    await createUser(scim, { userName: 'absent' });
    await createUser(scim, { userName: 'same', title: 'x' });
    await createUser(scim, { userName: 'other', title: 'y' });
    const filter = 'title ne "x" and (userName eq "absent" or userName eq "same" or userName eq "other")';
    expect(await matching(scim, '/Users', filter)).toEqual(['absent', 'other']);
  });

  it('rule 9: ne on a multi-valued attribute means that some element differs (product decision)', async () => {
    const { scim } = await server.organization();
    await createUser(scim, { userName: 'only', emails: [{ value: 'x@ex.test' }] });
    await createUser(scim, { userName: 'both', emails: [{ value: 'x@ex.test' }, { value: 'y@ex.test' }] });
    expect(await matching(scim, '/Users', 'emails co "@ex.test" and emails.value ne "x@ex.test"')).toEqual([
      'both',
    ]);
  });

  it('answers 200 with an empty list when nothing matches (Microsoft Entra gallery requirement)', async () => {
    const { scim } = await server.organization();
    const reply = await scim.get(withQuery('/Users', { filter: 'userName eq "nobody"' }));
    expectStatus(reply, 200);
    expect(reply.body).toMatchObject({ totalResults: 0, itemsPerPage: 0, startIndex: 1 });
    expect(reply.body.Resources ?? []).toEqual([]);
  });
});
