import { describe, expect, it } from '@jest/globals';
import type { ScimClient } from '../../support/scim-client.js';
import { expectError, expectStatus } from './support/assertions.js';
import {
  createGroup,
  createUser,
  read,
  withQuery,
  type QueryParameters,
  type Resource,
} from './support/resources.js';
import { LIST_RESPONSE } from './support/urns.js';
import { useServer } from './support/use-server.js';

const server = useServer();
const FILTER = 'userName sw "page-"';

/** An organization with five users whose names start with `page-`. */
async function seed(): Promise<ScimClient> {
  const { scim } = await server.organization();
  for (let index = 0; index < 5; index += 1) await createUser(scim, { userName: `page-${index}` });
  return scim;
}

const page = (scim: ScimClient, parameters: QueryParameters): Promise<Resource> =>
  read(scim, withQuery('/Users', { filter: FILTER, ...parameters }));

describe('rule 16: the window (RFC 7644 3.4.2.4)', () => {
  it.each([0, -1, -100])(
    'rule 16: count=%d answers 200 with the right totalResults and no resources (RFC 7644 3.4.2.4)',
    async (count) => {
      const body = await page(await seed(), { count });
      expect(body).toMatchObject({ schemas: [LIST_RESPONSE], totalResults: 5, itemsPerPage: 0 });
      expect(body.Resources ?? []).toEqual([]);
    },
  );

  it.each([0, -1, -100])(
    'rule 16: startIndex=%d is read and echoed as 1 (RFC 7644 3.4.2.4)',
    async (startIndex) => {
      const body = await page(await seed(), { startIndex, count: 2 });
      expect(body).toMatchObject({ startIndex: 1, itemsPerPage: 2, totalResults: 5 });
      expect(body.Resources).toHaveLength(2);
    },
  );

  it.each([100_000, 2_147_483_648, 999_999_999_999])(
    'rule 16: a huge count of %d is cut, not refused (RFC 7644 3.4.2.4)',
    async (count) => {
      const body = await page(await seed(), { count });
      expect(body).toMatchObject({ totalResults: 5, itemsPerPage: 5, startIndex: 1 });
    },
  );

  it.each([
    ['count', 'abc'],
    ['count', '1.5'],
    ['count', '1e2'],
    ['count', '0x10'],
    ['startIndex', 'abc'],
    ['startIndex', '1.5'],
    ['startIndex', '1;2'],
  ])('rule 16: %s=%s is no integer: 400 invalidValue (RFC 7644 3.4.2.4)', async (name, value) => {
    const { scim } = await server.organization();
    expectError(await scim.get(withQuery('/Users', { [name]: value })), 400, 'invalidValue');
  });

  it('rule 16: a startIndex past the end is an empty page with the right total (RFC 7644 3.4.2.4)', async () => {
    const scim = await seed();
    for (const startIndex of [6, 100, 2_147_483_648]) {
      const body = await page(scim, { startIndex, count: 2 });
      expect(body).toMatchObject({ totalResults: 5, itemsPerPage: 0, startIndex });
      expect(body.Resources ?? []).toEqual([]);
    }
  });
});

describe('rule 17: order and counters (RFC 7644 3.4.2.4)', () => {
  it('rule 17: pages cover everything once, with true counters on each page (RFC 7644 3.4.2.4)', async () => {
    const scim = await seed();
    const ids: string[] = [];
    for (const [startIndex, itemsPerPage] of [
      [1, 2],
      [3, 2],
      [5, 1],
    ] as const) {
      const body = await page(scim, { startIndex, count: 2 });
      expect(body).toMatchObject({ totalResults: 5, startIndex, itemsPerPage });
      expect(body.Resources).toHaveLength(itemsPerPage);
      ids.push(...body.Resources.map((user: Resource) => user.id));
    }
    expect(new Set(ids).size).toBe(5);
  });

  it('rule 17: the order is stable, also while resources change (RFC 7644 3.4.2.4)', async () => {
    const scim = await seed();
    const order = async (): Promise<string[]> =>
      (await page(scim, { count: 5 })).Resources.map((user: Resource) => user.id);
    const before = await order();
    expectStatus(
      await scim.operations(`/Users/${before[0]}`, { op: 'replace', path: 'title', value: 'x' }),
      200,
    );
    expect(await order()).toEqual(before);
  });

  it('rule 17: equal sort keys keep a stable order over the pages (RFC 7644 3.4.2.4)', async () => {
    const { scim } = await server.organization();
    for (let index = 0; index < 4; index += 1)
      await createUser(scim, { userName: `page-${index}`, title: 'same' });
    const ids: string[] = [];
    for (const startIndex of [1, 2, 3, 4]) {
      const body = await page(scim, { startIndex, count: 1, sortBy: 'title' });
      ids.push(body.Resources[0].id);
    }
    expect(new Set(ids).size).toBe(4);
  });

  it('rule 17: totalResults counts under the filter (RFC 7644 3.4.2)', async () => {
    const scim = await seed();
    const body = await page(scim, { filter: 'userName sw "page-" and not (userName eq "page-3")', count: 1 });
    expect(body).toMatchObject({ totalResults: 4, itemsPerPage: 1 });
  });

  it('rule 17: counters are integers and Groups page alike (Okta import)', async () => {
    const { scim } = await server.organization();
    for (const displayName of ['A', 'B', 'C']) await createGroup(scim, { displayName });
    const body = await read(scim, '/Groups?startIndex=2&count=2');
    expect(body).toMatchObject({ totalResults: 3, startIndex: 2, itemsPerPage: 2 });
    for (const counter of [body.totalResults, body.startIndex, body.itemsPerPage])
      expect(Number.isInteger(counter)).toBe(true);
  });

  it('a list without parameters is by index, from 1 (RFC 9865 2.4)', async () => {
    const body = await read(await seed(), '/Users');
    expect(body).toMatchObject({ schemas: [LIST_RESPONSE], startIndex: 1 });
    expect(body.itemsPerPage).toBe(body.Resources.length);
    expect(body.totalResults).toBeGreaterThanOrEqual(5);
    expect(body.nextCursor).toBeUndefined();
  });
});
