import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  evaluate,
  matchesElement,
  type ComparisonOperator,
  type Filter,
} from '../../src/directory/filter/index.js';
import {
  leafOf,
  RESOURCE_TYPES,
  type Attribute,
  type AttributePath,
  type ResourceType,
} from '../../src/directory/schema/index.js';
import { isJsonObject, type JsonObject } from '../../src/kernel/json.js';
import { filterOf, resourceOf } from './filter-arbitraries.js';

const not = (operand: Filter): Filter => ({ kind: 'not', operand });
const and = (...operands: Filter[]): Filter => ({ kind: 'and', operands });
const or = (...operands: Filter[]): Filter => ({ kind: 'or', operands });

describe.each(RESOURCE_TYPES.map((type) => [type.name, type] as const))(
  'the meaning of %s filters',
  (_, type) => {
    const resource = resourceOf(type);
    const filter = filterOf(type);

    it('obeys not not f = f and De Morgan (RFC 7644 3.4.2.2: logical operators)', () => {
      fc.assert(
        fc.property(filter, filter, resource, (f, g, wire) => {
          expect(evaluate(not(not(f)), wire)).toBe(evaluate(f, wire));
          expect(evaluate(not(f), wire)).toBe(!evaluate(f, wire));
          expect(evaluate(not(and(f, g)), wire)).toBe(evaluate(or(not(f), not(g)), wire));
          expect(evaluate(not(or(f, g)), wire)).toBe(evaluate(and(not(f), not(g)), wire));
        }),
        { numRuns: 150 },
      );
    });

    it('makes ge the union of gt and eq, and le that of lt and eq (RFC 7644 Table 3)', () => {
      fc.assert(
        fc.property(orderableOf(type), resource, (comparison, wire) => {
          const holds = (operator: ComparisonOperator): boolean =>
            evaluate({ ...comparison, operator }, wire);
          expect(holds('ge')).toBe(holds('gt') || holds('eq'));
          expect(holds('le')).toBe(holds('lt') || holds('eq'));
          if (isSingular(comparison.path)) expect(holds('ne')).toBe(!holds('eq'));
          if (!holds('eq') && !holds('gt') && !holds('lt')) expect(holds('ne')).toBe(true);
        }),
        { numRuns: 300 },
      );
    });

    it('holds a value path exactly when one element does (RFC 7644 3.4.2.2)', () => {
      fc.assert(
        fc.property(elementOf(type), resource, (element, wire) => {
          const found = elementsAt(element.path, wire).filter((value) =>
            matchesElement(element.filter, value),
          );
          expect(evaluate(element, wire)).toBe(found.length > 0);
        }),
        { numRuns: 150 },
      );
    });
  },
);

const hasOrder = ({ type }: Attribute): boolean => type !== 'boolean' && type !== 'binary';

const isSingular = (path: AttributePath): boolean => !path.attribute.multiValued;

type Compare = Extract<Filter, { kind: 'compare' }>;

function orderableOf(type: ResourceType): fc.Arbitrary<Compare> {
  return filterOf(type).filter(
    (filter): filter is Compare => filter.kind === 'compare' && hasOrder(leafOf(filter.path)),
  );
}

function elementOf(type: ResourceType): fc.Arbitrary<Extract<Filter, { kind: 'element' }>> {
  return filterOf(type).filter((filter) => filter.kind === 'element');
}

function elementsAt(
  { isExtension, schema, attribute }: AttributePath,
  wire: JsonObject,
): readonly JsonObject[] {
  const container = isExtension ? wire[schema.id] : wire;
  const values = isJsonObject(container) ? container[attribute.name] : undefined;
  return Array.isArray(values) ? values.filter(isJsonObject) : [];
}
