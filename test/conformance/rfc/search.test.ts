import { describe, expect, it } from '@jest/globals';
import type { Reply, ScimClient } from '../../support/scim-client.js';
import { expectError, expectStatus, mediaType } from './support/assertions.js';
import { createGroup, createRole, createUser, type Resource } from './support/resources.js';
import { LIST_RESPONSE, SEARCH_REQUEST } from './support/urns.js';
import { useServer } from './support/use-server.js';

const server = useServer();

const search = (scim: ScimClient, endpoint: string, request: object): Promise<Reply> =>
  scim.post(`${endpoint}/.search`, { schemas: [SEARCH_REQUEST], ...request });

const typesOf = (reply: Reply): string[] =>
  reply.body.Resources.map((resource: Resource) => resource.meta.resourceType).sort();

describe('rule 22: POST .search (RFC 7644 3.4.3)', () => {
  it('rule 22: answers 200 with a ListResponse on /Users, /Groups and /Roles (RFC 7644 3.4.3)', async () => {
    const { scim } = await server.organization();
    const [user, group, role] = [await createUser(scim), await createGroup(scim), await createRole(scim)];
    for (const [endpoint, filter, id] of [
      ['/Users', `userName eq "${user.userName}"`, user.id],
      ['/Groups', `displayName eq "${group.displayName}"`, group.id],
      ['/Roles', `name eq "${role.name}"`, role.id],
    ] as const) {
      const reply = await search(scim, endpoint, { filter });
      expectStatus(reply, 200);
      expect(mediaType(reply)).toBe('application/scim+json');
      expect(reply.body).toMatchObject({
        schemas: [LIST_RESPONSE],
        totalResults: 1,
        startIndex: 1,
        itemsPerPage: 1,
      });
      expect(reply.body.Resources[0].id).toBe(id);
    }
  });

  it('rule 22: takes every parameter of a query, attributes as an array (RFC 7644 3.4.3)', async () => {
    const { scim } = await server.organization();
    for (const userName of ['a', 'b', 'c']) await createUser(scim, { userName, title: 'x' });
    const reply = await search(scim, '/Users', {
      filter: 'title eq "x"',
      sortBy: 'userName',
      sortOrder: 'descending',
      startIndex: 2,
      count: 1,
      attributes: ['userName', 'name.givenName'],
    });
    expectStatus(reply, 200);
    expect(reply.body).toMatchObject({ totalResults: 3, startIndex: 2, itemsPerPage: 1 });
    expect(reply.body.Resources[0].userName).toBe('b');
    expect(reply.body.Resources[0].title).toBeUndefined();
    const without = await search(scim, '/Users', { filter: 'title eq "x"', excludedAttributes: ['title'] });
    expect(without.body.Resources[0].title).toBeUndefined();
    expect(without.body.Resources[0].userName).toBeDefined();
  });

  it('rule 22: count 0 answers the total only (RFC 7644 3.4.2.4)', async () => {
    const { scim } = await server.organization();
    await createUser(scim, { userName: 'a' });
    const reply = await search(scim, '/Users', { filter: 'userName eq "a"', count: 0 });
    expectStatus(reply, 200);
    expect(reply.body).toMatchObject({ totalResults: 1, itemsPerPage: 0 });
    expect(reply.body.Resources ?? []).toEqual([]);
  });

  it('rule 22: the root mixes types; meta.resourceType separates them (RFC 7644 3.4.2.1)', async () => {
    const { scim } = await server.organization();
    await createUser(scim, { displayName: 'Shared' });
    await createGroup(scim, { displayName: 'Shared' });
    const mixed = await search(scim, '', { filter: 'displayName eq "Shared"' });
    expectStatus(mixed, 200);
    expect(mixed.body.totalResults).toBe(2);
    expect(typesOf(mixed)).toEqual(['Group', 'User']);
    for (const type of ['User', 'Group']) {
      const filter = `displayName eq "Shared" and meta.resourceType eq "${type}"`;
      const reply = await search(scim, '', { filter });
      expectStatus(reply, 200);
      expect(typesOf(reply)).toEqual([type]);
    }
  });

  it('rule 22: the root pages over all types with one total (RFC 7644 3.4.2.1)', async () => {
    const { scim } = await server.organization();
    for (let index = 0; index < 2; index += 1) {
      await createUser(scim, { displayName: 'Shared' });
      await createGroup(scim, { displayName: `Shared ${index}` });
    }
    const ids = new Set<string>();
    for (const startIndex of [1, 2, 3, 4]) {
      const reply = await search(scim, '', { filter: 'displayName sw "Shared"', startIndex, count: 1 });
      expectStatus(reply, 200);
      expect(reply.body).toMatchObject({ totalResults: 4, startIndex, itemsPerPage: 1 });
      ids.add(reply.body.Resources[0].id);
    }
    expect(ids.size).toBe(4);
  });

  it('rule 22: sees only the own organization (RFC 7644 3.4.2.1)', async () => {
    const [mine, theirs] = [await server.organization(), await server.organization()];
    await createUser(theirs.scim, { displayName: 'Shared' });
    const reply = await search(mine.scim, '', { filter: 'displayName eq "Shared"' });
    expectStatus(reply, 200);
    expect(reply.body.totalResults).toBe(0);
  });

  it.each([
    ['a broken filter', { filter: 'userName eq' }, 'invalidFilter'],
    ['a count that is no integer', { count: 1.5 }, 'invalidValue'],
    ['a count that is text', { count: 'many' }, 'invalidValue'],
    ['another sortOrder', { sortBy: 'userName', sortOrder: 'up' }, 'invalidValue'],
    ['both projections', { attributes: ['userName'], excludedAttributes: ['title'] }, 'invalidValue'],
  ])('rule 22: %s is 400 (RFC 7644 3.4.3)', async (_what, request, scimType) => {
    const { scim } = await server.organization();
    expectError(await search(scim, '/Users', request), 400, scimType);
  });

  it('rule 22: only POST searches: GET /Users/.search is no list (RFC 7644 3.4.3)', async () => {
    const { scim } = await server.organization();
    expectError(await scim.get('/Users/.search'), [404, 405]);
  });
});
