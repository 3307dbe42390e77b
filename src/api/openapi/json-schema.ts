import { z } from 'zod';
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.js';

const DEFINITIONS = '#/$defs/';
const COMPONENTS = '#/components/schemas/';

/** Schemas as OpenAPI 3.1 has them. Those with an id of their own are collected as components. */
export class SchemaCollector {
  readonly #components = new Map<string, string>();

  /** @param io - `input`: what a client sends, where what has a default may be left out; `output`: what it gets */
  describe(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
    const described = z.toJSONSchema(schema, {
      io,
      target: 'draft-2020-12',
      override: ({ jsonSchema }) => {
        // The format says it all.
        if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
        if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
        if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      },
    }) as JsonObject;
    const { $defs: definitions, $schema: _dialect, id, ...rest } = described;
    if (isJsonObject(definitions))
      for (const [name, definition] of Object.entries(definitions)) this.#collect(name, definition);
    const own = pointToComponents(rest) as JsonObject;
    if (typeof id !== 'string') return own;
    this.#collect(id, own);
    return { $ref: COMPONENTS + id };
  }

  /** By name, in alphabetical order. */
  get components(): JsonObject {
    return Object.fromEntries(
      [...this.#components].sort().map(([name, text]) => [name, JSON.parse(text) as JsonObject]),
    );
  }

  #collect(name: string, definition: JsonValue | undefined): void {
    const { id: _id, ...body } = pointToComponents(definition) as JsonObject;
    const text = JSON.stringify(body);
    const known = this.#components.get(name) ?? text;
    if (known !== text) throw new Error(`two schemas are named ${name}, or it differs as input and output`);
    this.#components.set(name, text);
  }
}

function pointToComponents(value: JsonValue | undefined): JsonValue | undefined {
  if (Array.isArray(value)) return value.map((item) => pointToComponents(item) ?? null);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      key === '$ref' && typeof member === 'string'
        ? member.replace(DEFINITIONS, COMPONENTS)
        : pointToComponents(member),
    ]),
  );
}
