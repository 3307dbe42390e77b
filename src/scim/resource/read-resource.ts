import type { ConnectionMode } from '../../directory/connections/connection.js';
import {
  COMMON_ATTRIBUTES,
  leafOf,
  type Attribute,
  type ResourceType,
} from '../../directory/schema/index.js';
import { isJsonObject, type JsonObject } from '../../kernel/json.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { normaliseResource } from '../compat/index.js';
import { badRequest, type ScimProblem } from '../problem.js';
import { checkSchemas } from './check-schemas.js';
import { coerceValue } from './coerce-value.js';
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
  const resource: JsonObject = {};
  for (const entry of placed.value) {
    const refused = writeValue(resource, entry, mode);
    if (refused) return err(refused);
  }
  return requireAttributes(type, resource, options);
}

/** Puts one value into the resource that is being read; answers what is wrong with it. */
function writeValue(
  resource: JsonObject,
  { path, value }: PlacedValue,
  mode: ConnectionMode,
): ScimProblem | undefined {
  const coerced = coerceValue(path, value, { mode });
  if (!coerced.ok) return coerced.error;
  if (coerced.value === undefined || leafOf(path).mutability === 'writeOnly') return undefined;
  const holder = path.isExtension ? objectIn(resource, path.schema.id) : resource;
  const { name } = path.attribute;
  if (path.sub) objectIn(holder, name)[path.sub.name] = coerced.value;
  // `name` may follow `name.givenName` in the same body.
  else if (isJsonObject(holder[name]) && isJsonObject(coerced.value))
    Object.assign(holder[name], coerced.value);
  else holder[name] = coerced.value;
  return undefined;
}

/** The object at this member, made when there is none. */
function objectIn(holder: JsonObject, name: string): JsonObject {
  const found = holder[name];
  if (isJsonObject(found)) return found;
  const made: JsonObject = {};
  holder[name] = made;
  return made;
}

function requireAttributes(
  type: ResourceType,
  resource: JsonObject,
  options: ReadResourceOptions,
): Result<JsonObject, ScimProblem> {
  const isMissing = (attribute: Attribute): boolean =>
    attribute.required && resource[attribute.name] === undefined;
  const missing = COMMON_ATTRIBUTES.find(isMissing) ?? type.schema.attributes.find(isMissing);
  if (!missing) return ok(resource);
  return err(badRequest('invalidValue', `${missing.name} is required to ${options.purpose} a ${type.name}.`));
}
