import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { leafOf, RESOURCE_TYPES, type ResourceType } from '../../src/directory/schema/index.js';
import type { ListQuery, Sort } from '../../src/directory/query.js';
import { pathsOf } from './support/catalogue-paths.js';
import { minedFilterOf } from './support/mined-filters.js';
import { usePopulation, walk } from './support/use-population.js';

const population = usePopulation();

const sortOf = (type: ResourceType): fc.Arbitrary<Sort | undefined> =>
  fc.option(
    fc.record({
      path: fc.constantFrom(...pathsOf(type).filter((path) => leafOf(path).type !== 'complex')),
      descending: fc.boolean(),
    }),
    { nil: undefined },
  );

const queryOf = (type: ResourceType): fc.Arbitrary<Pick<ListQuery, 'filter' | 'sort'>> =>
  fc.record({
    filter: fc.option(minedFilterOf(type, population.resources(type)), { nil: undefined }),
    sort: sortOf(type),
  });

describe.each(RESOURCE_TYPES.map((type) => [type.name, type] as const))('pages of %s', (_, type) => {
  it.each(['offset', 'after'] as const)(
    'by %s, end to end, are the whole list, with the right total on each (RFC 7644 3.4.2.4, RFC 9865 2)',
    async (kind) => {
      await fc.assert(
        fc.asyncProperty(queryOf(type), fc.integer({ min: 1, max: 9 }), async (query, limit) => {
          const read = (full: ListQuery) => population.list(type, full);
          const whole = await read({ ...query, window: { kind: 'offset', offset: 0, limit: 1_000 } });
          const pages = await walk(read, query, kind, limit);
          expect(pages.flatMap(({ items }) => items.map(({ id }) => id))).toEqual(
            whole.items.map(({ id }) => id),
          );
          for (const page of pages) expect(page.total).toBe(whole.items.length);
          for (const page of pages.slice(0, -1)) expect(page.items).toHaveLength(limit);
        }),
        { numRuns: 60 },
      );
    },
  );

  it('without room for a resource still has the total (RFC 7644 3.4.2.4: count=0)', async () => {
    await fc.assert(
      fc.asyncProperty(queryOf(type), async (query) => {
        const whole = await population.list(type, {
          ...query,
          window: { kind: 'offset', offset: 0, limit: 1_000 },
        });
        for (const kind of ['offset', 'after'] as const) {
          const window = { kind, offset: 0, after: undefined, limit: 0 };
          const page = await population.list(type, { ...query, window });
          expect(page).toEqual({ items: [], total: whole.items.length, next: undefined });
        }
      }),
      { numRuns: 25 },
    );
  });

  it('past the end are empty and know the total (RFC 7644 3.4.2.4)', async () => {
    const count = population.resources(type).length;
    for (const offset of [count, count + 7]) {
      const window = { kind: 'offset', offset, limit: 5 } as const;
      const page = await population.list(type, { filter: undefined, sort: undefined, window });
      expect(page).toEqual({ items: [], total: count, next: undefined });
    }
  });
});
