import type { ConnectionMode } from '../../directory/connections/connection.js';
import { COMMON_ATTRIBUTES, leafOf, type ResourceType } from '../../directory/schema/index.js';
import { isJsonObject, type JsonObject } from '../../kernel/json.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { normaliseResource } from '../compat/index.js';
import { badRequest, type ScimProblem } from '../problem.js';
import { checkSchemas } from './check-schemas.js';
import { coerceValue } from './coerce-value.js';
import { readAttribute, withAttribute, withMember } from './document.js';
import { liftKeys, type PlacedValue } from './lift-keys.js';

export interface ReadResourceOptions {
  readonly mode: ConnectionMode;
  /** POST creates (RFC 7644 section 3.3), PUT replaces (section 3.5.1). */
  readonly purpose: 'create' | 'replace';
}

/**
 * Reads the body of a POST or PUT into canonical form: canonical names, extension values under the URN of their
 * extension wherever the client put them, multi-valued attributes as arrays, and only what a client may write.
 * Unassigned attributes are absent, and so are `schemas`, readOnly attributes and `password`. Members come as
 * `{value}`. 400 invalidValue or invalidSyntax name what is wrong.
 */
export function readResource(
  type: ResourceType,
  body: JsonObject,
  options: ReadResourceOptions,
): Result<JsonObject, ScimProblem> {
  const { mode } = options;
  const optional = type.extensions.map((extension) => extension.id);
  const problem = checkSchemas(body, { required: type.schema.id, optional }, mode);
  if (problem) return err(problem);
  const placed = liftKeys(type, normaliseResource(mode, type, body), mode);
  if (!placed.ok) return placed;
  let resource: JsonObject = {};
  for (const entry of placed.value) {
    const next = writeValue(resource, entry, mode);
    if (!next.ok) return next;
    resource = next.value;
  }
  return requireAttributes(type, resource, options);
}

function writeValue(
  resource: JsonObject,
  { path, value }: PlacedValue,
  mode: ConnectionMode,
): Result<JsonObject, ScimProblem> {
  const coerced = coerceValue(path, value, { mode });
  if (!coerced.ok) return coerced;
  if (coerced.value === undefined || leafOf(path).mutability === 'writeOnly') return ok(resource);
  const before = readAttribute(resource, path);
  if (path.sub)
    return ok(
      withAttribute(
        resource,
        path,
        withMember(isJsonObject(before) ? before : {}, path.sub.name, coerced.value),
      ),
    );
  // `name` may follow `name.givenName` in the same body.
  const merged =
    isJsonObject(before) && isJsonObject(coerced.value) ? { ...before, ...coerced.value } : coerced.value;
  return ok(withAttribute(resource, path, merged));
}

function requireAttributes(
  type: ResourceType,
  resource: JsonObject,
  options: ReadResourceOptions,
): Result<JsonObject, ScimProblem> {
  const missing = [...COMMON_ATTRIBUTES, ...type.schema.attributes].find(
    (attribute) => attribute.required && resource[attribute.name] === undefined,
  );
  if (!missing) return ok(resource);
  return err(badRequest('invalidValue', `${missing.name} is required to ${options.purpose} a ${type.name}.`));
}
