import { describe, expect, it } from '@jest/globals';
import type { TestOrganization } from '../../support/server.js';
import type { ScimClient } from '../../support/scim-client.js';
import { testClock } from '../../support/clock.js';
import { expectError, expectStatus } from './support/assertions.js';
import {
  createGroup,
  createUser,
  read,
  withQuery,
  type QueryParameters,
  type Resource,
} from './support/resources.js';
import { SEARCH_REQUEST } from './support/urns.js';
import { useServer } from './support/use-server.js';

const server = useServer();
const FILTER = 'userName sw "page-"';

async function seed(users = 5): Promise<TestOrganization> {
  const organization = await server.organization();
  for (let index = 0; index < users; index += 1)
    await createUser(organization.scim, {
      userName: `page-${index}`,
      title: index % 2 === 0 ? 'even' : undefined,
    });
  return organization;
}

const page = (scim: ScimClient, parameters: QueryParameters): Promise<Resource> =>
  read(scim, withQuery('/Users', { filter: FILTER, count: 2, ...parameters }));

const namesOf = (body: Resource): string[] => (body.Resources ?? []).map((user: Resource) => user.userName);

/** Follows nextCursor to the end and answers the names of each page. */
async function follow(scim: ScimClient, parameters: QueryParameters = {}): Promise<string[][]> {
  const pages: string[][] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined;) {
    const body: Resource = await page(scim, { ...parameters, cursor });
    pages.push(namesOf(body));
    if (pages.length > 20) throw new Error('the cursor does not come to an end');
    cursor = body.nextCursor;
  }
  return pages;
}

describe('cursor paging (RFC 9865 2)', () => {
  it('an empty cursor asks for the first page; each resource comes once (RFC 9865 2)', async () => {
    const { scim } = await seed();
    const pages = await follow(scim);
    expect(pages.map((names) => names.length)).toEqual([2, 2, 1]);
    expect(pages.flat().sort()).toEqual(['page-0', 'page-1', 'page-2', 'page-3', 'page-4']);
  });

  it('the last page has no nextCursor, also when it is full; the first has no previousCursor (RFC 9865 2)', async () => {
    const { scim } = await seed(4);
    const first = await page(scim, { cursor: '' });
    expect(first.previousCursor).toBeUndefined();
    const last = await page(scim, { cursor: first.nextCursor });
    expect(namesOf(last)).toHaveLength(2);
    expect(last.nextCursor).toBeUndefined();
  });

  it('a cursor has only unreserved characters (RFC 9865 2, RFC 3986 2.3)', async () => {
    const { scim } = await seed();
    const { nextCursor } = await page(scim, { cursor: '', sortBy: 'title' });
    expect(nextCursor).toMatch(/^[A-Za-z0-9._~-]+$/);
  });

  it('without cursor and startIndex paging is by index (RFC 9865 2.4)', async () => {
    const { scim } = await seed();
    const body = await page(scim, {});
    expect(body).toMatchObject({ startIndex: 1, totalResults: 5 });
    expect(body.nextCursor).toBeUndefined();
  });

  it.each(['ascending', 'descending'])(
    'keeps a %s sort with missing values over the pages (RFC 9865 2)',
    async (sortOrder) => {
      const { scim } = await seed();
      const whole = namesOf(await page(scim, { count: 5, sortBy: 'title', sortOrder }));
      expect(whole).toHaveLength(5);
      expect((await follow(scim, { sortBy: 'title', sortOrder })).flat()).toEqual(whole);
    },
  );

  it('resources deleted or added between the pages neither repeat nor hide others (RFC 9865 2)', async () => {
    const { scim } = await seed();
    const first = await page(scim, { cursor: '' });
    expectStatus(await scim.delete(`/Users/${first.Resources[0].id}`), 204);
    await createUser(scim, { userName: 'page-new' });
    const rest: string[] = [];
    for (let cursor = first.nextCursor; cursor !== undefined;) {
      const body = await page(scim, { cursor });
      rest.push(...namesOf(body));
      cursor = body.nextCursor;
    }
    const seen = [...namesOf(first), ...rest].filter((name) => name !== 'page-new');
    expect(seen.sort()).toEqual(['page-0', 'page-1', 'page-2', 'page-3', 'page-4']);
  });

  it('works in POST .search and on Groups (RFC 9865 2.3)', async () => {
    const { scim } = await seed();
    const search = (cursor: string): Promise<Resource> =>
      scim.post('/Users/.search', { schemas: [SEARCH_REQUEST], filter: FILTER, count: 3, cursor });
    const first = await search('');
    expectStatus(first, 200);
    const second = await search(first.body.nextCursor);
    expectStatus(second, 200);
    expect([...namesOf(first.body), ...namesOf(second.body)].sort()).toHaveLength(5);
    expect(second.body.nextCursor).toBeUndefined();

    for (const displayName of ['A', 'B']) await createGroup(scim, { displayName });
    const groups = await read(scim, '/Groups?cursor=&count=1');
    const rest = await read(scim, withQuery('/Groups', { cursor: groups.nextCursor, count: 1 }));
    expect(rest.Resources[0].id).not.toBe(groups.Resources[0].id);
    expect(rest.nextCursor).toBeUndefined();
  });

  it('count=0 and a negative count answer the total and no resources (RFC 9865 2.1)', async () => {
    const { scim } = await seed();
    for (const count of [0, -1]) {
      const body = await page(scim, { cursor: '', count });
      expect(body.totalResults).toBe(5);
      expect(body.Resources ?? []).toEqual([]);
    }
  });
});

describe('cursor errors (RFC 9865 2.1)', () => {
  it('a count that differs from the first request is 400 invalidCount (RFC 9865 Table 3)', async () => {
    const { scim } = await seed();
    const { nextCursor } = await page(scim, { cursor: '' });
    const reply = await scim.get(withQuery('/Users', { filter: FILTER, count: 3, cursor: nextCursor }));
    expectError(reply, 400, 'invalidCount');
  });

  it('a too large count on the first request is cut or 400 invalidCount (RFC 9865 2.1)', async () => {
    const { scim } = await seed();
    const reply = await scim.get(withQuery('/Users', { filter: FILTER, count: 1_000_000, cursor: '' }));
    if (reply.status === 200) expect(namesOf(reply.body)).toHaveLength(5);
    else expectError(reply, 400, 'invalidCount');
  });

  it.each([
    ['filter', { filter: 'userName sw "page"' }],
    ['sortBy', { sortBy: 'userName' }],
  ])('another %s than in the first request is 400 (RFC 9865 2)', async (_name, changed) => {
    const { scim } = await seed();
    const { nextCursor } = await page(scim, { cursor: '' });
    expectError(
      await scim.get(withQuery('/Users', { filter: FILTER, count: 2, cursor: nextCursor, ...changed })),
      400,
    );
  });

  it('a cursor of another endpoint is 400 invalidCursor (RFC 9865 2.1)', async () => {
    const { scim } = await seed();
    const { nextCursor } = await read(scim, '/Users?cursor=&count=1');
    expectError(await scim.get(withQuery('/Groups', { cursor: nextCursor, count: 1 })), 400, 'invalidCursor');
  });

  it('unknown, forged and foreign cursors are 400 invalidCursor with one text (RFC 9865 5.2)', async () => {
    const organization = await seed();
    const other = await seed();
    const neighbour = await organization.connection();
    const { nextCursor } = await page(organization.scim, { cursor: '' });
    const ask = (scim: ScimClient, cursor: string): Promise<Resource> =>
      scim.get(withQuery('/Users', { filter: FILTER, count: 2, cursor }));
    const replies = [
      await ask(organization.scim, 'unknown'),
      await ask(organization.scim, `A${nextCursor}`),
      await ask(organization.scim, nextCursor.slice(1)),
      await ask(other.scim, nextCursor),
      await ask(neighbour.scim, nextCursor),
    ];
    for (const reply of replies) expectError(reply, 400, 'invalidCursor');
    expect(new Set(replies.map((reply) => reply.body.detail)).size).toBe(1);
    expect(namesOf(await page(organization.scim, { cursor: nextCursor }))).toHaveLength(2);
  });

  it('a changed character anywhere in a cursor is noticed (RFC 9865 2)', async () => {
    const { scim } = await seed();
    const { nextCursor } = await page(scim, { cursor: '' });
    for (let index = 0; index < nextCursor.length - 1; index += 7) {
      const forged = `${nextCursor.slice(0, index)}${nextCursor[index] === 'x' ? 'y' : 'x'}${nextCursor.slice(index + 1)}`;
      expectError(
        await scim.get(withQuery('/Users', { filter: FILTER, count: 2, cursor: forged })),
        400,
        'invalidCursor',
      );
    }
  });

  it('cursor and startIndex together are 400 (product decision)', async () => {
    const { scim } = await seed();
    expectError(await scim.get('/Users?cursor=&startIndex=1'), 400);
  });
});

describe('a cursor grows old (RFC 9865 2.2)', () => {
  const clock = testClock();
  const aging = useServer({ clock });

  it.each([
    ['/Users', (scim: ScimClient, cursor: string) => scim.get(withQuery('/Users', { count: 1, cursor }))],
    [
      '/Users/.search',
      (scim: ScimClient, cursor: string) =>
        scim.post('/Users/.search', { schemas: [SEARCH_REQUEST], count: 1, cursor }),
    ],
    [
      '/.search',
      (scim: ScimClient, cursor: string) =>
        scim.post('/.search', { schemas: [SEARCH_REQUEST], count: 1, cursor }),
    ],
  ])('of %s: it works for as long as is advertised, then it is 400 expiredCursor', async (_path, ask) => {
    const { scim } = await aging.organization();
    await createUser(scim);
    const { pagination } = (await scim.get('/ServiceProviderConfig')).body;
    const first = await ask(scim, '');
    expectStatus(first, 200);
    const { nextCursor } = first.body;
    clock.advance(pagination.cursorTimeout * 1_000);
    expectStatus(await ask(scim, nextCursor), 200);
    clock.advance(1);
    expectError(await ask(scim, nextCursor), 400, 'expiredCursor');
    // A cursor that was never ours does not become an expired one.
    expectError(await ask(scim, 'forged'), 400, 'invalidCursor');
  });
});
