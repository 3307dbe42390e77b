import { describe, expect, it } from '@jest/globals';
import { COMMON_ATTRIBUTES, RESOURCE_TYPES, type Attribute } from '../../../src/directory/schema/index.js';
import { find, get, ROOT, type Located } from './support/description.js';

const schemas = get(ROOT, 'components', 'schemas');

const JSON_TYPES: Readonly<Record<Attribute['type'], string>> = {
  string: 'string',
  boolean: 'boolean',
  decimal: 'number',
  integer: 'integer',
  dateTime: 'string',
  binary: 'string',
  reference: 'string',
  complex: 'object',
};

const namesIn = (object: Located): readonly string[] => Object.keys(object.value['properties'] ?? {}).sort();
const isShown = ({ returned }: Attribute): boolean => returned !== 'never';
const isWritten = ({ mutability }: Attribute): boolean => mutability !== 'readOnly';

/** The schema of a value itself: not of the list it is in, and not of the null that may stand for it. */
function valueSchema(schema: Located): Located {
  const { anyOf, allOf } = schema.value;
  if (Array.isArray(anyOf)) return valueSchema(get(schema, 'anyOf', '0'));
  if (Array.isArray(allOf)) return valueSchema(get(schema, 'allOf', '0'));
  return schema;
}

function expectAttribute(parent: Located, attribute: Attribute): void {
  const whole = valueSchema(get(parent, 'properties', attribute.name));
  expect([whole.value['type']].flat()).toContain(
    attribute.multiValued ? 'array' : JSON_TYPES[attribute.type],
  );
  const element = attribute.multiValued ? get(whole, 'items') : whole;
  if (attribute.isClosedSet) expect(element.value['enum']).toEqual(attribute.canonicalValues);
  if (attribute.maxLength !== undefined) expect(element.value['maxLength']).toBe(attribute.maxLength);
  if (attribute.type !== 'complex') return;
  for (const sub of attribute.subAttributes)
    if (find(element, 'properties', sub.name)) expectAttribute(element, sub);
}

describe.each(RESOURCE_TYPES)('$name in openapi.yaml', ({ name, schema, extensions }) => {
  const core = [...COMMON_ATTRIBUTES, ...schema.attributes];

  it.each([
    [name, isShown, ['schemas']],
    [`${name}Input`, isWritten, ['schemas']],
  ] as const)('%s has exactly the attributes of the catalogue', (schemaName, isThere, besides) => {
    const described = get(schemas, schemaName);
    const attributes = core.filter(isThere);
    const urns = extensions.map(({ id }) => id);
    expect(namesIn(described)).toEqual([...attributes.map((each) => each.name), ...besides, ...urns].sort());
    for (const attribute of attributes) expectAttribute(described, attribute);
    for (const extension of extensions) {
      const part = get(described, 'properties', extension.id);
      const inside = extension.attributes.filter(isThere);
      expect(namesIn(part)).toEqual(inside.map((each) => each.name).sort());
      for (const attribute of inside) expectAttribute(part, attribute);
    }
  });

  it('an answer names every sub-attribute (RFC 7643 2.3.8)', () => {
    const described = get(schemas, name);
    for (const attribute of core.filter(({ type }) => type === 'complex')) {
      const value = get(described, 'properties', attribute.name);
      const element = attribute.multiValued ? get(value, 'items') : value;
      expect(namesIn(element)).toEqual(attribute.subAttributes.map((sub) => sub.name).sort());
    }
  });

  it('asks for what the catalogue requires', () => {
    const required = core.filter((attribute) => attribute.required).map((attribute) => attribute.name);
    expect(get(schemas, `${name}Input`).value['required']).toEqual(required);
  });
});
