import { isJsonObject, type JsonObject, type JsonValue } from '../../../src/kernel/json.js';

/** What earlier steps saved, and what the runner provides: BASE, TOKEN, ADMIN. */
export type Variables = ReadonlyMap<string, JsonValue>;

const PLACEHOLDER = /\{\{(\w+)\}\}/gu;

const valueOf = (variables: Variables, name: string): JsonValue => {
  const value = variables.get(name);
  if (value === undefined) throw new Error(`nothing is saved as {{${name}}}`);
  return value;
};

/** Replaces the placeholders of a text; what they stand for must be text or a number. */
export const substituteText = (text: string, variables: Variables, index?: number): string => {
  // The number first, so that {{U{{i}}}} names U1, U2, …
  const numbered = index === undefined ? text : text.replaceAll('{{i}}', String(index));
  return numbered.replace(PLACEHOLDER, (_, name: string) => {
    const value = valueOf(variables, name);
    if (typeof value === 'object') throw new Error(`{{${name}}} is not text`);
    return String(value);
  });
};

const substituteString = (text: string, variables: Variables, index?: number): JsonValue => {
  const numbered = index === undefined ? text : text.replaceAll('{{i}}', String(index));
  const whole = /^\{\{(\w+)\}\}$/u.exec(numbered)?.[1];
  return whole === undefined || whole === 'i'
    ? substituteText(numbered, variables, index)
    : valueOf(variables, whole);
};

const substituteObject = (value: JsonObject, variables: Variables, index?: number): JsonValue => {
  const entries = Object.entries(value).map(([key, inner]) => [
    substituteText(key, variables, index),
    substitute(inner ?? null, variables, index),
  ]);
  return Object.fromEntries(entries) as JsonObject;
};

/**
 * Fills a body or an expectation in. A string that is one placeholder becomes the saved value, of whatever type.
 * `{"$extend": "{{U}}", "with": {…}}` is the saved object with some attributes overwritten, and
 * `{"$repeat": [1, 3], "item": …}` an array with one item for each number, known inside as `{{i}}`.
 */
export const substitute = (value: JsonValue, variables: Variables, index?: number): JsonValue => {
  if (typeof value === 'string') return substituteString(value, variables, index);
  if (Array.isArray(value)) return value.map((element) => substitute(element, variables, index));
  if (!isJsonObject(value)) return value;
  const { $extend, $repeat } = value;
  if ($extend !== undefined) {
    const whole = substitute($extend, variables, index);
    const changes = substitute(value['with'] ?? {}, variables, index);
    if (!isJsonObject(whole) || !isJsonObject(changes)) throw new Error('$extend and with take objects');
    return { ...whole, ...changes };
  }
  if (Array.isArray($repeat)) {
    const [from, to] = $repeat.map(Number) as [number, number];
    return Array.from({ length: to - from + 1 }, (_, offset) =>
      substitute(value['item'] ?? null, variables, from + offset),
    );
  }
  return substituteObject(value, variables, index);
};
