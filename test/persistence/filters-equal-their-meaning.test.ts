import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { evaluate, type Filter } from '../../src/directory/filter/index.js';
import { RESOURCE_TYPES, type ResourceType } from '../../src/directory/schema/index.js';
import { printFilter } from '../../src/scim/filter/index.js';
import { filterOf } from '../property/filter-arbitraries.js';
import { idOf, pathsOf } from './support/catalogue-paths.js';
import { minedFilterOf } from './support/mined-filters.js';
import { usePopulation } from './support/use-population.js';

const RUNS = 300;
const population = usePopulation();

/** Compares what SQL selects with what the filter means on the resources as clients see them. */
async function expectSameSelection(type: ResourceType, filter: Filter): Promise<void> {
  const meant = population
    .resources(type)
    .filter((resource) => evaluate(filter, resource))
    .map(idOf)
    .sort();
  const selected = await population.select(type, filter);
  if (selected.join() !== meant.join())
    throw new Error(`${printFilter(filter)}\n  meant ${meant.join()}\n  got ${selected.join()}`);
}

describe.each(RESOURCE_TYPES.map((type) => [type.name, type] as const))(
  'SQL for filters on %s',
  (_, type) => {
    it('selects what the filter means, for any filter (RFC 7644 3.4.2.2)', async () => {
      await fc.assert(
        fc.asyncProperty(filterOf(type), (filter) => expectSameSelection(type, filter)),
        { numRuns: RUNS },
      );
    });

    it('selects what the filter means, for filters on what is stored (RFC 7644 3.4.2.2)', async () => {
      await fc.assert(
        fc.asyncProperty(minedFilterOf(type, population.resources(type)), (filter) =>
          expectSameSelection(type, filter),
        ),
        { numRuns: RUNS },
      );
    });

    it('tests presence of every attribute, and eq null and ne null alike (RFC 7643 2.5)', async () => {
      for (const path of pathsOf(type)) {
        await expectSameSelection(type, { kind: 'present', path });
        for (const operator of ['eq', 'ne'] as const)
          await expectSameSelection(type, { kind: 'compare', path, operator, value: null });
      }
    });

    it('has resources to select from', () => {
      expect(population.resources(type).length).toBeGreaterThan(3);
    });
  },
);
