import fc from 'fast-check';
import { combineFilters, type ComparisonOperator, type Filter } from '../../../src/directory/filter/index.js';
import {
  leafOf,
  type Attribute,
  type AttributePath,
  type ResourceType,
} from '../../../src/directory/schema/index.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../src/kernel/json.js';
import { pathsOf } from './catalogue-paths.js';

const EQUALITY: readonly ComparisonOperator[] = ['eq', 'ne'];
const ORDER: readonly ComparisonOperator[] = [...EQUALITY, 'gt', 'ge', 'lt', 'le'];
const TEXT: readonly ComparisonOperator[] = [...ORDER, 'co', 'sw', 'ew'];

/** The values a wire resource has at a path, one for each element of a multi-valued attribute. */
export function valuesAt(path: AttributePath, resource: JsonObject): readonly JsonValue[] {
  const container = path.isExtension ? resource[path.schema.id] : resource;
  const value = isJsonObject(container) ? container[path.attribute.name] : undefined;
  const elements = Array.isArray(value) ? value : [value];
  const { sub } = path;
  const values = sub
    ? elements.map((element) => (isJsonObject(element) ? element[sub.name] : undefined))
    : elements;
  return values.filter((found) => found !== undefined && found !== null);
}

/** The same text as somebody else would write it: another case, a part of it, another composition. */
const variantOf = (text: string): fc.Arbitrary<string> => {
  const points = Array.from(text);
  return fc.constantFrom(
    text,
    text,
    text.toUpperCase(),
    text.toLowerCase(),
    text.normalize('NFD'),
    points.slice(0, 1).join(''),
    points.slice(-1).join(''),
    points.slice(1, -1).join(''),
    `${text}x`,
  );
};

function operatorsOf({ type }: Attribute): readonly ComparisonOperator[] {
  if (type === 'boolean' || type === 'binary') return EQUALITY;
  return type === 'dateTime' || type === 'integer' || type === 'decimal' ? ORDER : TEXT;
}

/** Comparisons with what is really stored, so that most of them select something. */
function comparisonsOf(
  path: AttributePath,
  resources: readonly JsonObject[],
): fc.Arbitrary<Filter> | undefined {
  const found = resources
    .flatMap((resource) => valuesAt(path, resource))
    .filter((value) => !isJsonObject(value));
  if (found.length === 0) return undefined;
  return fc
    .record({ operator: fc.constantFrom(...operatorsOf(leafOf(path))), literal: fc.constantFrom(...found) })
    .chain(({ operator, literal }) => {
      const isFree = typeof literal === 'string' && leafOf(path).type !== 'dateTime';
      const value = isFree ? variantOf(literal) : fc.constant(literal as string | number | boolean);
      return value.map((chosen): Filter => ({ kind: 'compare', path, operator, value: chosen }));
    });
}

const termsOf = (paths: readonly AttributePath[], resources: readonly JsonObject[]): fc.Arbitrary<Filter> =>
  fc.oneof(...paths.flatMap((path) => comparisonsOf(path, resources) ?? []));

const joined = (term: fc.Arbitrary<Filter>): fc.Arbitrary<Filter> =>
  fc.oneof(
    { weight: 3, arbitrary: term },
    { weight: 1, arbitrary: term.map((operand): Filter => ({ kind: 'not', operand })) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom('and' as const, 'or' as const), term, term)
        .map(([kind, left, right]) => combineFilters(kind, [left, right])),
    },
  );

/** Filters whose literals come from these resources, with value paths. */
export function minedFilterOf(type: ResourceType, resources: readonly JsonObject[]): fc.Arbitrary<Filter> {
  const paths = pathsOf(type);
  const elements = paths.flatMap((path): fc.Arbitrary<Filter>[] => {
    if (!path.attribute.multiValued || path.sub) return [];
    const parts = path.attribute.subAttributes.map((sub) => ({ ...path, sub }));
    if (parts.every((part) => resources.every((resource) => valuesAt(part, resource).length === 0)))
      return [];
    return [joined(termsOf(parts, resources)).map((filter): Filter => ({ kind: 'element', path, filter }))];
  });
  const term = termsOf(paths, resources);
  return joined(elements.length > 0 ? fc.oneof({ weight: 3, arbitrary: term }, ...elements) : term);
}
