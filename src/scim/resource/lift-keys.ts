import type { ConnectionMode } from '../../directory/connections/connection.js';
import {
  findSchema,
  leafOf,
  pathKey,
  type AttributePath,
  type ResourceSchema,
  type ResourceType,
} from '../../directory/schema/index.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { parseAttributeName, parseAttributePath } from '../filter/index.js';
import { badRequest, type ScimProblem } from '../problem.js';
import { quoteText } from './problems.js';

/** A value of a body with the place in the catalogue that its key names. */
export interface PlacedValue {
  readonly path: AttributePath;
  readonly value: JsonValue;
}

/**
 * Finds the place of each key of a resource body: core names, extension objects, bare extension names, URN-qualified
 * names, and dotted names such as `name.givenName` (Entra). readOnly attributes are left out (RFC 7644 sections 3.3
 * and 3.5.1). An unknown key is ignored for a lenient Connection and 400 invalidSyntax for the others; an attribute
 * under two names is 400 invalidSyntax.
 */
export function liftKeys(
  type: ResourceType,
  body: JsonObject,
  mode: ConnectionMode,
): Result<readonly PlacedValue[], ScimProblem> {
  const placed: PlacedValue[] = [];
  const seen = new Set<string>();
  for (const { key, schema, value } of listEntries(type, body)) {
    const path = schema ? parseAttributeName(type, schema.id, key) : parseAttributePath(type, key);
    if (!path || (path.sub && path.attribute.multiValued)) {
      if (mode === 'lenient') continue;
      return err(badRequest('invalidSyntax', `${type.name} has no attribute ${quoteText(key)}.`));
    }
    if (path.attribute.mutability === 'readOnly' || leafOf(path).mutability === 'readOnly') continue;
    const place = pathKey(path);
    if (seen.has(place)) return err(badRequest('invalidSyntax', `${place} is given twice.`));
    seen.add(place);
    placed.push({ path, value });
  }
  return ok(placed);
}

const SCHEMAS = 'schemas';

interface Entry {
  readonly key: string;
  /** The extension object in which the key stands. */
  readonly schema: ResourceSchema | undefined;
  readonly value: JsonValue;
}

function listEntries(type: ResourceType, body: JsonObject): readonly Entry[] {
  const entries: Entry[] = [];
  for (const key of Object.keys(body)) {
    const value = body[key];
    if (value === undefined || (key.length === SCHEMAS.length && key.toLowerCase() === SCHEMAS)) continue;
    const schema = findSchema(type, key);
    if (!schema) entries.push({ key, schema, value });
    else if (isJsonObject(value))
      for (const name of Object.keys(value)) {
        const member = value[name];
        if (member !== undefined) entries.push({ key: name, schema, value: member });
      }
  }
  return entries;
}
