import { matchesElement, type Filter } from '../../directory/filter/index.js';
import type { AttributePath } from '../../directory/schema/index.js';
import type { JsonObject } from '../../kernel/json.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { badRequest, type ScimProblem } from '../problem.js';
import { coerceValue } from '../resource/index.js';

/**
 * The values that an element must have to meet a filter that only joins equalities by `and`, such as
 * `type eq "work" and primary eq true`. Undefined for any other filter, and when a client may not write one of them.
 */
export function readEqualities(filter: Filter): JsonObject | undefined {
  if (filter.kind === 'and')
    return filter.operands.map(readEqualities).reduce((all, part) => all && part && { ...all, ...part }, {});
  if (filter.kind !== 'compare' || filter.operator !== 'eq') return undefined;
  const { sub } = filter.path;
  if (!sub || sub.mutability === 'readOnly') return undefined;
  const value = coerceValue(filter.path, filter.value, { mode: 'strict' });
  return value.ok && value.value !== undefined ? { [sub.name]: value.value } : undefined;
}

/**
 * Makes the element that an `add` or `replace` with a filter writes when no element matches: Entra sets
 * `emails[type eq "work"].value` before there is such an element. 400 noTarget (RFC 7644 section 3.5.2.3) when the
 * filter does not say what the element holds, or `written` contradicts it. Without filter, only what is written.
 */
export function synthesiseElement(
  path: AttributePath,
  filter: Filter | undefined,
  written: JsonObject,
): Result<JsonObject, ScimProblem> {
  if (!filter) return ok(written);
  const equalities = readEqualities(filter);
  const element = { ...equalities, ...written };
  if (equalities && matchesElement(filter, element)) return ok(element);
  return err(
    badRequest(
      'noTarget',
      `No value of ${path.attribute.name} matches the filter, and none can be made from it.`,
    ),
  );
}
