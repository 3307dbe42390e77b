import type { JsonObject, JsonValue } from '../../kernel/json.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { badRequest, type ScimProblem } from '../problem.js';
import { isStorableText } from './storable-text.js';

/**
 * Counts the names in all objects of a parsed body, and refuses what no resource may hold: `__proto__` as a name and
 * names that differ only by case, which are one attribute given twice (400 invalidSyntax, RFC 7643 section 2.1), and
 * text that cannot be stored (400 invalidValue). Recursive: the caller bounds the depth.
 */
export function inspectTree(value: JsonValue): Result<number, ScimProblem> {
  if (typeof value === 'string') return isStorableText(value) ? ok(0) : err(unstorableText);
  if (value === null || typeof value !== 'object') return ok(0);
  const problem = Array.isArray(value) ? undefined : findNameProblem(value);
  if (problem) return err(problem);
  const children = Object.values(value);
  let count = Array.isArray(value) ? 0 : children.length;
  for (const child of children) {
    const inspected = child === undefined ? ok(0) : inspectTree(child);
    if (!inspected.ok) return inspected;
    count += inspected.value;
  }
  return ok(count);
}

function findNameProblem(object: JsonObject): ScimProblem | undefined {
  const names = Object.keys(object);
  if (names.includes('__proto__')) return badRequest('invalidSyntax', 'The name __proto__ is not allowed.');
  if (!names.every(isStorableText)) return unstorableText;
  if (names.length > 1 && new Set(names.map((name) => name.toLowerCase())).size < names.length)
    return badRequest('invalidSyntax', 'An object names one attribute twice, in different case.');
  return undefined;
}

const unstorableText = badRequest(
  'invalidValue',
  'A text holds half of a surrogate pair or the character U+0000.',
);
