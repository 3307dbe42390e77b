import { parseInstant } from '../../directory/filter/index.js';
import { leafOf, type Attribute, type AttributePath } from '../../directory/schema/index.js';
import type { JsonValue } from '../../kernel/json.js';
import { LIMITS } from '../../kernel/limits.js';
import { ok, type Result } from '../../kernel/result.js';
import { isStorableText } from '../../http/index.js';
import type { ScimProblem } from '../problem.js';
import { refuseValue } from './problems.js';

/** RFC 7643 section 2.3.6 with erratum 5606: base64 or base64url, padding optional. */
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

/**
 * Checks one assigned simple value against its type (RFC 7643 section 2.3) and limits; 400 invalidValue names the
 * attribute. A value of a closed set comes back in canonical spelling.
 */
export function coerceLeaf(path: AttributePath, value: JsonValue): Result<JsonValue, ScimProblem> {
  const leaf = leafOf(path);
  const fault = findTypeFault(leaf, value);
  if (fault !== undefined) return refuseValue(path, fault);
  if (typeof value !== 'string') return ok(value);
  const limit = leaf.maxLength ?? LIMITS.stringLength;
  if (value.length > limit) return refuseValue(path, `is longer than ${limit} characters`);
  if (!isStorableText(value))
    return refuseValue(path, 'holds half of a surrogate pair or the character U+0000');
  return leaf.isClosedSet ? coerceToSet(path, value, leaf.canonicalValues ?? []) : ok(value);
}

/** What is wrong with the type of a value, completing a sentence that starts with the attribute. */
function findTypeFault(leaf: Attribute, value: JsonValue): string | undefined {
  switch (leaf.type) {
    case 'string':
    case 'reference':
      return typeof value === 'string' ? undefined : 'must be a string';
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'must be true or false';
    case 'decimal':
      return typeof value === 'number' && Number.isFinite(value) ? undefined : 'must be a number';
    case 'integer':
      return Number.isSafeInteger(value) ? undefined : 'must be a number without a fraction';
    case 'dateTime':
      return typeof value === 'string' && parseInstant(value)
        ? undefined
        : 'must be a date with time and offset';
    case 'binary':
      return typeof value === 'string' && isBase64(value) ? undefined : 'must be base64';
    case 'complex':
      return 'must be an object';
  }
}

function isBase64(text: string): boolean {
  if (!BASE64.test(text)) return false;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return padding === 0 ? text.length % 4 !== 1 : text.length % 4 === 0;
}

function coerceToSet(
  path: AttributePath,
  value: string,
  allowed: readonly string[],
): Result<string, ScimProblem> {
  const canonical = allowed.find((candidate) => candidate.toLowerCase() === value.toLowerCase());
  return canonical === undefined ? refuseValue(path, `must be one of ${allowed.join(', ')}`) : ok(canonical);
}
