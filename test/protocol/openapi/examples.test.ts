import { describe, expect, it } from '@jest/globals';
import { isJsonObject, type JsonValue } from '../../../src/kernel/json.js';
import { DESCRIPTION, find, ROOT, walk } from './support/description.js';
import { findViolations } from './support/validate.js';
import { EXAMPLE_ID_COUNT } from './support/world.js';

interface Example {
  /** Where it stands in openapi.yaml. */
  readonly place: string;
  /** JSON pointer of the schema it has to fit. */
  readonly schema: string;
  readonly value: JsonValue;
}

/** Every example beside a schema: of media types, parameters and headers. */
const listExamples = (): readonly Example[] =>
  [...walk(DESCRIPTION)].flatMap(({ keys, value }) => {
    if (!isJsonObject(value) || !isJsonObject(value['schema']) || keys.includes('examples')) return [];
    const schema = find(ROOT, ...keys, 'schema')?.pointer ?? '';
    const place = keys.join(' ');
    const { example, examples } = value;
    const named = (isJsonObject(examples) ? Object.entries(examples) : []).flatMap(([name, shown]) =>
      isJsonObject(shown) && shown['value'] !== undefined
        ? [{ place: `${place} ${name}`, schema, value: shown['value'] }]
        : [],
    );
    return example === undefined ? named : [...named, { place, schema, value: example }];
  });

describe('examples in openapi.yaml', () => {
  const examples = listExamples();

  it('are many', () => {
    expect(examples.length).toBeGreaterThan(60);
  });

  it.each(examples.map(({ place, ...example }) => [place, example] as const))(
    '%s fits its schema',
    (_, example) => {
      expect(findViolations(example.schema, example.value)).toEqual([]);
    },
  );

  it('speak of the state that the requests start from: every id is known', () => {
    const ids = JSON.stringify(DESCRIPTION).match(/01[0-9a-f]{6}-[0-9a-f]{4}-7[0-9a-f-]{18}/g) ?? [];
    expect(new Set(ids).size).toBe(EXAMPLE_ID_COUNT);
  });
});
