import { describe, expect, it } from '@jest/globals';
import type { ListParameters } from '../../../../src/scim/list/list-request.js';
import { group, idOf, namesOf, problemOf, role, search, store, user, type Store } from './support.js';

const mixed = (): Store =>
  store({ users: [user(5), user(2)], groups: [group(1), group(4)], roles: [role(3)] });

const ALL_NAMES = ['user2', 'user5', 'group1', 'group4', 'role3'];

/** Follows the cursors to the end. */
async function walk(contents: Store, parameters: Partial<ListParameters>): Promise<readonly unknown[]> {
  const names: unknown[] = [];
  let cursor: string | undefined = '';
  while (cursor !== undefined) {
    const page = await search(contents, { ...parameters, cursor });
    expect(page.startIndex).toBeUndefined();
    names.push(...namesOf(page));
    cursor = page.nextCursor;
  }
  return names;
}

describe('search over all types (RFC 7644 3.4.2.1, 3.4.3)', () => {
  it('answers users, groups and roles, each by id, with one total', async () => {
    const found = await search(mixed());
    expect(found).toMatchObject({ totalResults: 5, itemsPerPage: 5, startIndex: 1 });
    expect(namesOf(found)).toEqual(ALL_NAMES);
  });

  it.each([
    [1, 2, ['user2', 'user5']],
    [2, 2, ['user5', 'group1']],
    [2, 4, ['user5', 'group1', 'group4', 'role3']],
    [5, 9, ['role3']],
    [6, 2, []],
    [0, 1, ['user2']],
    [3, 0, []],
    [3, -1, []],
  ])('pages over types: startIndex %d, count %d (RFC 7644 3.4.2.4)', async (startIndex, count, expected) => {
    const found = await search(mixed(), { startIndex, count });
    expect(namesOf(found)).toEqual(expected);
    expect(found).toMatchObject({
      totalResults: 5,
      itemsPerPage: expected.length,
      startIndex: Math.max(1, startIndex),
    });
  });

  it('answers an empty list as JSON too', async () => {
    expect(await search(store())).toMatchObject({ totalResults: 0, Resources: [] });
  });

  it('separates types by meta.resourceType', async () => {
    for (const [type, names] of [
      ['User', ['user2', 'user5']],
      ['Group', ['group1', 'group4']],
      ['Role', ['role3']],
    ] as const)
      expect(namesOf(await search(mixed(), { filter: `meta.resourceType eq "${type}"` }))).toEqual(names);
  });

  it('takes an attribute that a type does not have for one without a value', async () => {
    const contents = mixed();
    expect(
      namesOf(await search(contents, { filter: 'userName eq "user5" or displayName eq "group4"' })),
    ).toEqual(['user5', 'group4']);
    expect(namesOf(await search(contents, { filter: 'not (userName pr)' }))).toEqual([
      'group1',
      'group4',
      'role3',
    ]);
    expect(namesOf(await search(contents, { filter: 'name eq "role3"' }))).toEqual(['role3']);
  });

  it.each([
    ['shoeSize eq 44', 'invalidFilter', 400],
    ['userName eq', 'invalidFilter', 400],
    ['displayName eq "x" and (userName pr', 'invalidFilter', 400],
    ['active gt true', 'invalidFilter', 400],
    ['password eq "x"', 'sensitive', 403],
    ['displayName eq "x" or password pr', 'sensitive', 403],
  ])('refuses the filter %s: %s', async (filter, scimType, status) => {
    expect(await problemOf(() => search(mixed(), { filter }))).toMatchObject({ status, scimType });
  });

  it('tells more than an unknown name where a type has it', async () => {
    expect(await problemOf(() => search(mixed(), { filter: 'active gt true' }))).toMatchObject({
      detail: expect.stringContaining('active'),
    });
  });

  it('projects each type by what it has (RFC 7644 3.9)', async () => {
    const { Resources } = await search(mixed(), { attributes: ['userName', 'inheritedFrom'] });
    const [first, , firstGroup, , onlyRole] = Resources;
    expect(first).toEqual({ schemas: expect.any(Array), id: idOf(2), userName: 'user2' });
    expect(firstGroup).toEqual({ schemas: expect.any(Array), id: idOf(1) });
    expect(onlyRole).toEqual({ schemas: expect.any(Array), id: idOf(3), inheritedFrom: 'member' });
  });
});

describe('sorted search over all types (RFC 7644 3.4.2.3)', () => {
  const named = (): Store =>
    store({
      users: [user(1, { displayName: 'Émile' }), user(2), user(3, { displayName: 'anna' })],
      groups: [group(4, 'Zoo'), group(5, 'BAR')],
      roles: [role(6)],
    });

  it('merges the types; what has no value comes last', async () => {
    const found = await search(named(), { sortBy: 'displayName' });
    expect(found.Resources.map(({ id }) => id)).toEqual([3, 5, 4, 1, 2, 6].map(idOf));
  });

  it('turns around when descending; what has no value comes first', async () => {
    const found = await search(named(), { sortBy: 'displayName', sortOrder: 'descending' });
    expect(found.Resources.map(({ id }) => id)).toEqual([2, 6, 1, 4, 5, 3].map(idOf));
  });

  it('sorts by an attribute that one type alone has', async () => {
    const found = await search(named(), { sortBy: 'userName', sortOrder: 'descending' });
    expect(namesOf(found)).toEqual(['Zoo', 'BAR', 'role6', 'user3', 'user2', 'user1']);
  });

  it('pages through the merged order', async () => {
    const ids: string[] = [];
    for (const startIndex of [1, 3, 5]) {
      const page = await search(named(), { sortBy: 'displayName', startIndex, count: 2 });
      expect(page).toMatchObject({ totalResults: 6, itemsPerPage: 2, startIndex });
      ids.push(...page.Resources.map(({ id }) => id));
    }
    expect(ids).toEqual([3, 5, 4, 1, 2, 6].map(idOf));
  });

  it('refuses a page that lies too deep with 400 tooMany', async () => {
    const deep = (startIndex: number, count: number) =>
      problemOf(() => search(named(), { sortBy: 'displayName', startIndex, count }));
    expect(await deep(9_991, 10)).toMatchObject({ accepted: { totalResults: 6 } });
    expect(await deep(9_992, 10)).toMatchObject({ status: 400, scimType: 'tooMany' });
    expect(await deep(20_000, 0)).toMatchObject({ accepted: { totalResults: 6 } });
  });

  it.each([
    [{ sortBy: 'shoeSize' }],
    [{ sortBy: 'password' }],
    [{ sortBy: 'userName', sortOrder: 'up' }],
    [{ startIndex: 1, cursor: '' }],
    [{ attributes: ['id'], excludedAttributes: ['title'] }],
  ])('refuses %j with 400 invalidValue', async (parameters) => {
    expect(await problemOf(() => search(named(), parameters))).toMatchObject({
      status: 400,
      scimType: 'invalidValue',
    });
  });
});

describe('cursors over all types (RFC 9865 2)', () => {
  it.each([1, 2, 3, 4, 5, 6])('walks all types once with count %d', async (count) => {
    expect(await walk(mixed(), { count })).toEqual(ALL_NAMES);
  });

  it.each([1, 4, 9])('walks a sorted search once with count %d', async (count) => {
    const names = await walk(mixed(), { count, sortBy: 'id', sortOrder: 'descending' });
    expect(names).toEqual(['user5', 'group4', 'role3', 'user2', 'group1']);
  });

  it('gives no cursor on the last page, nor when only the total is asked for', async () => {
    expect((await search(mixed(), { cursor: '', count: 5 })).nextCursor).toBeUndefined();
    const counted = await search(mixed(), { cursor: '', count: 0 });
    expect(counted).toMatchObject({ totalResults: 5, itemsPerPage: 0, Resources: [] });
    expect(counted.nextCursor).toBeUndefined();
  });

  it('neither repeats nor skips a resource when others come and go between pages', async () => {
    const contents = mixed();
    const first = await search(contents, { cursor: '', count: 3 });
    contents.users = [user(1), user(5)];
    contents.groups = [group(4), group(6)];
    const second = await search(contents, { cursor: first.nextCursor, count: 3 });
    expect(namesOf(first)).toEqual(['user2', 'user5', 'group1']);
    expect(namesOf(second)).toEqual(['group4', 'group6', 'role3']);
    expect(second.totalResults).toBe(5);
  });

  it('reads no more than the page', async () => {
    const contents = store({
      users: Array.from({ length: 50 }, (_, index) => user(index)),
      roles: [role(99)],
    });
    await search(contents, { cursor: '', count: 2 });
    await search(contents, { startIndex: 49, count: 2 });
    expect(contents.read).toBe(4);
  });

  it('refuses the cursor of another request or Connection with 400 invalidCursor', async () => {
    const contents = mixed();
    const { nextCursor } = await search(contents, { cursor: '', count: 1 });
    for (const [parameters, connectionId] of [
      [{ filter: 'id pr' }, 'c1'],
      [{ sortBy: 'id' }, 'c1'],
      [{}, 'c2'],
    ] as const) {
      const request = { ...parameters, cursor: nextCursor, count: 1 };
      expect(await problemOf(() => search(contents, request, { connectionId }))).toMatchObject({
        scimType: 'invalidCursor',
      });
    }
  });
});
