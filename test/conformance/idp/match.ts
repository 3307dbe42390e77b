import { isJsonObject, type JsonObject, type JsonValue } from '../../../src/kernel/json.js';

type Operator = (actual: unknown, operand: JsonValue, path: string) => string[];

const show = (value: unknown): string => JSON.stringify(value) ?? 'nothing';

const hasMatch = (actual: unknown[], pattern: JsonValue): boolean =>
  actual.some((element) => mismatches(element, pattern).length === 0);

const onArrays =
  (check: (actual: unknown[], operand: JsonValue, path: string) => string[]): Operator =>
  (actual, operand, path) =>
    Array.isArray(actual)
      ? check(actual, operand, path)
      : [`${path}: expected an array, got ${show(actual)}`];

const patternsOf = (operand: JsonValue): JsonValue[] => (Array.isArray(operand) ? operand : [operand]);

// Spelt out, because a SCIM attribute may start with a dollar sign as well ($ref).
const OPERATORS: Readonly<Record<string, Operator>> = {
  $contains: onArrays((actual, operand, path) =>
    patternsOf(operand)
      .filter((pattern) => !hasMatch(actual, pattern))
      .map((pattern) => `${path}: no element matches ${show(pattern)} in ${show(actual)}`),
  ),
  $excludes: onArrays((actual, operand, path) =>
    patternsOf(operand)
      .filter((pattern) => hasMatch(actual, pattern))
      .map((pattern) => `${path}: an element matches ${show(pattern)} in ${show(actual)}`),
  ),
  $length: onArrays((actual, operand, path) =>
    actual.length === operand ? [] : [`${path}: expected ${show(operand)} elements, got ${actual.length}`],
  ),
  $matches: (actual, operand, path) =>
    typeof actual === 'string' && typeof operand === 'string' && new RegExp(operand, 'u').test(actual)
      ? []
      : [`${path}: expected text matching ${show(operand)}, got ${show(actual)}`],
};

const isOperation = (expected: JsonObject): boolean => {
  const keys = Object.keys(expected);
  return keys.length > 0 && keys.every((key) => Object.hasOwn(OPERATORS, key));
};

const objectMismatches = (actual: unknown, expected: JsonObject, path: string): string[] => {
  if (isOperation(expected)) {
    return Object.entries(expected).flatMap(([name, operand]) =>
      // isOperation has looked the name up already.
      OPERATORS[name]!(actual, operand ?? null, path),
    );
  }
  if (!isJsonObject(actual)) return [`${path}: expected an object, got ${show(actual)}`];
  return Object.entries(expected).flatMap(([key, value]) => {
    const at = /^\w+$/u.test(key) ? `${path}.${key}` : `${path}["${key}"]`;
    return mismatches(Object.hasOwn(actual, key) ? actual[key] : undefined, value ?? null, at);
  });
};

/**
 * Where `actual` departs from `expected`, one sentence each. Objects may have more keys than expected; arrays need the
 * same elements in the same order, unless the expectation is an operation: `{"$contains": [patterns]}`,
 * `{"$excludes": [patterns]}`, `{"$length": 2}`, `{"$matches": "^regex"}`, alone or together.
 */
export const mismatches = (actual: unknown, expected: JsonValue, path = '$'): string[] => {
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) {
      return [`${path}: expected ${show(expected)}, got ${show(actual)}`];
    }
    return expected.flatMap((element, index) => mismatches(actual[index], element, `${path}[${index}]`));
  }
  if (isJsonObject(expected)) return objectMismatches(actual, expected, path);
  return actual === expected ? [] : [`${path}: expected ${show(expected)}, got ${show(actual)}`];
};
