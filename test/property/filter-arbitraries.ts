import fc from 'fast-check';
import {
  combineFilters,
  type ComparisonOperator,
  type Filter,
  type FilterLiteral,
} from '../../src/directory/filter/index.js';
import {
  COMMON_ATTRIBUTES,
  leafOf,
  RESOURCE_TYPES,
  type Attribute,
  type AttributePath,
  type ResourceType,
} from '../../src/directory/schema/index.js';
import type { JsonObject, JsonValue } from '../../src/kernel/json.js';

const EQUALITY: readonly ComparisonOperator[] = ['eq', 'ne'];
const ORDER: readonly ComparisonOperator[] = [...EQUALITY, 'gt', 'ge', 'lt', 'le'];
const TEXT: readonly ComparisonOperator[] = [...ORDER, 'co', 'sw', 'ew'];

/** Few and short, so that values and literals often meet. */
const collidingText = fc.string({
  unit: fc.constantFrom('a', 'A', 'b', 'ß', 's', 'S', 'é', '"', '\\'),
  minLength: 1,
  maxLength: 3,
});
const anyText = fc.string({ unit: 'binary', maxLength: 12 }).map((text) => text.replaceAll('\0', ''));
const instant = fc
  .tuple(
    fc.integer({ min: 0, max: 3 }),
    fc.constantFrom('', '.5', '.5000001', '.1234567'),
    fc.constantFrom('Z', '+01:00'),
  )
  .map(([second, fraction, offset]) => `2026-01-15T09:00:0${second}${fraction}${offset}`);

/** Every attribute a filter may name, per resource type. */
function attributesOf(type: ResourceType): readonly AttributePath[] {
  const schemas = [
    {
      schema: type.schema,
      isExtension: false,
      attributes: [...COMMON_ATTRIBUTES, ...type.schema.attributes],
    },
    ...type.extensions.map((schema) => ({ schema, isExtension: true, attributes: schema.attributes })),
  ];
  return schemas.flatMap(({ schema, isExtension, attributes }) =>
    attributes
      .filter(({ returned }) => returned !== 'never')
      .map((attribute) => ({ schema, isExtension, attribute, sub: undefined })),
  );
}

const withSubAttributes = (path: AttributePath): readonly AttributePath[] =>
  path.attribute.subAttributes.map((sub) => ({ ...path, sub }));

function literalsOf({ type }: Attribute): {
  readonly operators: readonly ComparisonOperator[];
  readonly literal: fc.Arbitrary<FilterLiteral>;
} {
  switch (type) {
    case 'boolean':
      return { operators: EQUALITY, literal: fc.boolean() };
    case 'integer':
    case 'decimal':
      return { operators: ORDER, literal: fc.integer({ min: -3, max: 3 }) };
    case 'dateTime':
      return { operators: ORDER, literal: instant };
    case 'binary':
      return { operators: EQUALITY, literal: collidingText };
    default:
      return { operators: TEXT, literal: fc.oneof(collidingText, anyText) };
  }
}

function termOf(paths: readonly AttributePath[]): fc.Arbitrary<Filter> {
  const present = fc.constantFrom(...paths).map((path): Filter => ({ kind: 'present', path }));
  const compare = fc
    .constantFrom(...paths.filter((path) => leafOf(path).type !== 'complex'))
    .chain((path) => {
      const { operators, literal } = literalsOf(leafOf(path));
      return fc
        .record({ operator: fc.constantFrom(...operators), value: literal })
        .map((rest): Filter => ({ kind: 'compare', path, ...rest }));
    });
  return fc.oneof(compare, compare, present);
}

function joinedOf(term: fc.Arbitrary<Filter>, maxDepth: number): fc.Arbitrary<Filter> {
  return fc.letrec<{ filter: Filter }>((tie) => {
    const operands = fc
      .array(tie('filter'), { minLength: 1, maxLength: 3 })
      .chain((rest) => tie('filter').map((first): [Filter, ...Filter[]] => [first, ...rest]));
    return {
      filter: fc.oneof(
        { maxDepth, depthSize: 'small' },
        term,
        tie('filter').map((operand): Filter => ({ kind: 'not', operand })),
        fc
          .tuple(fc.constantFrom('and' as const, 'or' as const), operands)
          .map(([kind, filters]) => combineFilters(kind, filters)),
      ),
    };
  }).filter;
}

/** Filters over one resource type in the form the parser makes, with value paths. */
export function filterOf(type: ResourceType): fc.Arbitrary<Filter> {
  const attributes = attributesOf(type);
  const elements = attributes
    .filter(({ attribute }) => attribute.multiValued)
    .map((path) =>
      joinedOf(termOf(withSubAttributes(path)), 2).map((filter): Filter => ({
        kind: 'element',
        path,
        filter,
      })),
    );
  const term = termOf(attributes.flatMap((path) => [path, ...withSubAttributes(path)]));
  return joinedOf(
    fc.oneof({ weight: 3, arbitrary: term }, { weight: 2, arbitrary: fc.oneof(...elements) }),
    3,
  );
}

function valueOf(attribute: Attribute): fc.Arbitrary<JsonValue> {
  const single: fc.Arbitrary<JsonValue> =
    attribute.type === 'complex'
      ? objectOf(attribute.subAttributes)
      : fc.oneof({ weight: 8, arbitrary: literalsOf(attribute).literal }, fc.constantFrom(null, ''));
  return attribute.multiValued ? fc.array(single, { maxLength: 3 }) : single;
}

const objectOf = (attributes: readonly Attribute[]): fc.Arbitrary<JsonObject> =>
  fc.record(Object.fromEntries(attributes.map((attribute) => [attribute.name, valueOf(attribute)])), {
    requiredKeys: [],
  });

/** Wire resources of a type, with any part missing or empty. */
export function resourceOf(type: ResourceType): fc.Arbitrary<JsonObject> {
  const extensions = Object.fromEntries(
    type.extensions.map(({ id, attributes }) => [id, objectOf(attributes)]),
  );
  return fc
    .tuple(
      objectOf([...COMMON_ATTRIBUTES, ...type.schema.attributes]),
      fc.record(extensions, { requiredKeys: [] }),
    )
    .map(([core, extended]) => ({ ...core, ...extended }));
}

export const anyResourceType: fc.Arbitrary<ResourceType> = fc.constantFrom(...RESOURCE_TYPES);
