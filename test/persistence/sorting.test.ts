import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseInstant } from '../../src/directory/filter/index.js';
import {
  leafOf,
  pathKey,
  RESOURCE_TYPES,
  type AttributePath,
  type ResourceType,
} from '../../src/directory/schema/index.js';
import type { Sort } from '../../src/directory/query.js';
import { compareCodePoints, foldCase } from '../../src/kernel/fold.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../../src/kernel/json.js';
import { idOf, pathsOf } from './support/catalogue-paths.js';
import { usePopulation } from './support/use-population.js';

const population = usePopulation();

const sortable = (type: ResourceType): readonly AttributePath[] =>
  pathsOf(type).filter((path) => leafOf(path).type !== 'complex');

/** RFC 7644 section 3.4.2.3: the value; of a multi-valued attribute that of the primary element, else of the first. */
function keyOf(path: AttributePath, resource: JsonObject): JsonValue | undefined {
  const container = path.isExtension ? resource[path.schema.id] : resource;
  const value = isJsonObject(container) ? container[path.attribute.name] : undefined;
  const elements = (Array.isArray(value) ? value : [value]).filter((element) => element !== undefined);
  const chosen =
    elements.find((element) => isJsonObject(element) && element['primary'] === true) ?? elements[0];
  return path.sub ? (isJsonObject(chosen) ? chosen[path.sub.name] : undefined) : chosen;
}

const microsOf = (value: JsonValue): bigint =>
  (typeof value === 'string' ? parseInstant(value)?.micros : undefined) ?? 0n;

function compareKeys(path: AttributePath, a: JsonValue, b: JsonValue): number {
  const leaf = leafOf(path);
  if (leaf.type === 'dateTime') return Number(microsOf(a) - microsOf(b));
  if (typeof a === 'string' && typeof b === 'string')
    return leaf.caseExact ? compareCodePoints(a, b) : compareCodePoints(foldCase(a), foldCase(b));
  return Number(a) - Number(b);
}

/** The order that the RFC asks for, ids deciding between equals. */
function sorted(resources: readonly JsonObject[], { path, descending }: Sort): readonly string[] {
  const keyed = resources.map((resource) => ({ id: idOf(resource), key: keyOf(path, resource) }));
  const direction = descending ? -1 : 1;
  keyed.sort((a, b) => {
    const byId = a.id < b.id ? -1 : 1;
    if (a.key === undefined || b.key === undefined)
      return a.key === b.key ? byId : (a.key === undefined ? 1 : -1) * direction;
    return compareKeys(path, a.key, b.key) * direction || byId;
  });
  return keyed.map(({ id }) => id);
}

describe.each(RESOURCE_TYPES.map((type) => [type.name, type] as const))('SQL order of %s', (_, type) => {
  it.each(sortable(type).map((path) => [pathKey(path), path] as const))(
    'is that of the values on the wire: %s (RFC 7644 3.4.2.3)',
    async (_key, path) => {
      for (const descending of [false, true]) {
        const sort: Sort = { path, descending };
        const page = await population.list(type, {
          filter: undefined,
          sort,
          window: { kind: 'offset', offset: 0, limit: 1_000 },
        });
        expect(page.items.map(({ id }) => id)).toEqual(sorted(population.resources(type), sort));
      }
    },
  );

  it('has as many resources as there are, in any window (RFC 7644 3.4.2.4)', async () => {
    const count = population.resources(type).length;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...sortable(type)),
        fc.nat({ max: count + 2 }),
        fc.nat({ max: count + 2 }),
        fc.boolean(),
        async (path, offset, limit, descending) => {
          const sort: Sort = { path, descending };
          const window = { kind: 'offset', offset, limit } as const;
          const page = await population.list(type, { filter: undefined, sort, window });
          const expected = sorted(population.resources(type), sort).slice(offset, offset + limit);
          expect(page.items.map(({ id }) => id)).toEqual(expected);
          expect(page.total).toBe(count);
        },
      ),
      { numRuns: 60 },
    );
  });
});
