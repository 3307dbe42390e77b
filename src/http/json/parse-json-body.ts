import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.js';
import { LIMITS } from '../../kernel/limits.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { findTreeProblem } from './find-tree-problem.js';
import type { JsonProblem } from './json-problem.js';
import { scanStructure } from './scan-structure.js';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const BYTE_ORDER_MARK = '\ufeff';

/**
 * Reads the body of a request: one JSON object in UTF-8 (RFC 8259; RFC 7644 sections 3.1 and 3.12). A `syntax` problem for
 * an empty body, a byte order mark, invalid UTF-8 or JSON, anything but an object, nesting beyond LIMITS.jsonDepth, and a
 * name that is given twice in any case; a `value` problem for text that cannot be stored. Linear in the length; the caller
 * bounds that.
 */
export function parseJsonBody(bytes: Uint8Array): Result<JsonObject, JsonProblem> {
  if (bytes.length === 0) return invalidBody('The body is empty.');
  const structure = scanStructure(bytes);
  if (structure.depth > LIMITS.jsonDepth)
    return invalidBody(`The body is nested more than ${LIMITS.jsonDepth} levels deep.`);
  const parsed = parseText(bytes);
  if (!parsed.ok) return parsed;
  if (!isJsonObject(parsed.value)) return invalidBody('The body is not a JSON object.');
  const problem = findTreeProblem(parsed.value, structure);
  return problem ? err(problem) : ok(parsed.value);
}

function parseText(bytes: Uint8Array): Result<JsonValue, JsonProblem> {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return invalidBody('The body is not valid UTF-8.');
  }
  if (text.startsWith(BYTE_ORDER_MARK)) return invalidBody('The body starts with a byte order mark.');
  try {
    return ok(JSON.parse(text) as JsonValue);
  } catch {
    return invalidBody('The body is not valid JSON.');
  }
}

const invalidBody = (detail: string): { readonly ok: false; readonly error: JsonProblem } =>
  err({ kind: 'syntax', detail });
