import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../../src/kernel/json.js';

/** openapi.yaml. */
export const DESCRIPTION = parse(
  readFileSync(join(import.meta.dirname, '../../../../openapi.yaml'), 'utf8'),
) as JsonObject;

/** A part of openapi.yaml with its JSON pointer (RFC 6901). */
export interface Located {
  readonly pointer: string;
  readonly value: JsonObject;
}

/** The part below `parent` under these keys or indexes, references followed; undefined when there is none. */
export function find(parent: Located, ...keys: readonly string[]): Located | undefined {
  let { pointer }: Located = parent;
  let value: JsonValue | undefined = parent.value;
  for (const key of keys) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Array.isArray(value) ? value[Number(key)] : value[key];
    pointer += `/${escapeKey(key)}`;
    if (isJsonObject(value)) ({ pointer, value } = follow(pointer, value));
  }
  return isJsonObject(value) ? { pointer, value } : undefined;
}

/** Each part below `parent`, references followed, by its key. */
export const listParts = (parent: Located | undefined): readonly (readonly [key: string, part: Located])[] =>
  Object.keys(parent?.value ?? {}).flatMap((key) => {
    const part = parent && find(parent, key);
    return part ? [[key, part] as const] : [];
  });

export const ROOT: Located = { pointer: '', value: DESCRIPTION };

/** The part that must be there. */
export function get(parent: Located, ...keys: readonly string[]): Located {
  const found = find(parent, ...keys);
  if (!found) throw new Error(`openapi.yaml has nothing at ${parent.pointer}/${keys.join('/')}`);
  return found;
}

function follow(pointer: string, value: JsonObject): Located {
  const { $ref: reference } = value;
  if (typeof reference !== 'string') return { pointer, value };
  return get(ROOT, ...reference.slice('#/'.length).split('/').map(unescapeKey));
}

const escapeKey = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');
const unescapeKey = (key: string): string => key.replaceAll('~1', '/').replaceAll('~0', '~');

/** The value where a text is expected. */
export function textOf(value: JsonValue | undefined): string {
  if (typeof value !== 'string')
    throw new Error(`openapi.yaml has ${JSON.stringify(value)} in the place of a text`);
  return value;
}

/** Every JSON value below `value`, itself included, with the keys that lead to it. */
export function* walk(
  value: JsonValue | undefined,
  keys: readonly string[] = [],
): Generator<{ readonly keys: readonly string[]; readonly value: JsonValue }> {
  if (value === undefined) return;
  yield { keys, value };
  if (typeof value === 'object' && value !== null)
    for (const [key, child] of Object.entries(value)) yield* walk(child, [...keys, key]);
}
