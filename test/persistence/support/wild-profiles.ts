import fc from 'fast-check';
import {
  ENTERPRISE_USER_SCHEMA,
  ENTERPRISE_USER_URN,
  USER_SCHEMA,
  USER_URN,
  type Attribute,
} from '../../../src/directory/schema/index.js';
import type { JsonObject, JsonValue } from '../../../src/kernel/json.js';

/** Short texts that often meet, made of what SQL, LIKE, JSON, case folding and collations treat specially. */
export const wildText = fc.string({
  unit: fc.constantFrom(
    'a',
    'A',
    'b',
    's',
    'S',
    'ß',
    'é',
    'ı',
    'İ',
    'Σ',
    'ς',
    '😀',
    '﹣',
    '%',
    '_',
    "'",
    '"',
    '\\',
    ' ',
    '-',
  ),
  minLength: 1,
  maxLength: 3,
});

/** Attributes that the server decides or keeps elsewhere; tests give them on purpose. */
const LEFT_OUT = new Set(['userName', 'active', 'groups', 'password', 'manager']);

function singleValueOf(attribute: Attribute): fc.Arbitrary<JsonValue> {
  switch (attribute.type) {
    case 'boolean':
      return fc.boolean();
    case 'binary':
      return wildText.map((text) => Buffer.from(text).toString('base64'));
    case 'complex':
      return fc
        .record(partsOf(attribute.subAttributes), { requiredKeys: [] })
        .filter((value) => Object.keys(value).some((name) => name !== 'primary'));
    default:
      return attribute.canonicalValues
        ? fc.oneof(wildText, fc.constantFrom(...attribute.canonicalValues))
        : wildText;
  }
}

const partsOf = (attributes: readonly Attribute[]): Record<string, fc.Arbitrary<JsonValue>> =>
  Object.fromEntries(
    attributes
      .filter(({ name, mutability }) => !LEFT_OUT.has(name) && mutability !== 'readOnly')
      .map((attribute) => [attribute.name, valueOf(attribute)]),
  );

/** RFC 7643 section 2.4: at most one element is primary. */
function withOnePrimary(elements: readonly JsonValue[]): JsonValue[] {
  let isTaken = false;
  return elements.map((element) => {
    const { primary, ...rest } = element as JsonObject;
    if (primary === undefined) return rest;
    const kept = primary === true && !isTaken;
    isTaken ||= kept;
    return { ...rest, primary: kept };
  });
}

const valueOf = (attribute: Attribute): fc.Arbitrary<JsonValue> =>
  attribute.multiValued
    ? fc.array(singleValueOf(attribute), { minLength: 1, maxLength: 3 }).map(withOnePrimary)
    : singleValueOf(attribute);

/** Bodies for `POST /Users` without a userName: any part of the core and the enterprise profile, most of it missing. */
export const wildProfile: fc.Arbitrary<JsonObject> = fc
  .tuple(
    fc.record(partsOf(USER_SCHEMA.attributes), { requiredKeys: [] }),
    fc.record(partsOf(ENTERPRISE_USER_SCHEMA.attributes), { requiredKeys: [] }),
  )
  .map(([core, enterprise]) => ({
    schemas: [USER_URN],
    ...core,
    ...(Object.keys(enterprise).length > 0 ? { [ENTERPRISE_USER_URN]: enterprise } : {}),
  }));
