import {
  COMMON_ATTRIBUTES,
  pathKey,
  splitUrn,
  type Attribute,
  type AttributePath,
  type ResourceSchema,
  type ResourceType,
} from '../directory/schema/index.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../kernel/json.js';
import { LIMITS } from '../kernel/limits.js';
import { err, ok, type Result } from '../kernel/result.js';
import { parameter, type QueryParameters } from './exchange.js';
import { parseAttributePath } from './filter/index.js';
import { badRequest, type ScimProblem } from './problem.js';

/** Which attributes an answer shows (RFC 7644 section 3.9). Names the resource type does not have change nothing. */
export type Projection =
  | { readonly kind: 'all' }
  | {
      readonly kind: 'only' | 'except';
      readonly paths: ReadonlyMap<string, AttributePath>;
      readonly schemas: ReadonlySet<string>;
    };

export const ALL: Projection = { kind: 'all' };

/** Reads `attributes` and `excludedAttributes` from a query; lists separated by commas, repeatable, white space allowed. */
export function readProjection(type: ResourceType, query: QueryParameters): Result<Projection, ScimProblem> {
  if (query.size === 0) return ok(ALL);
  const names = (key: string) => query.get(key)?.flatMap((list) => list.split(','));
  return projectionOf(type, names('attributes'), names('excludedattributes'));
}

/** Whether the query asks for a projection at all: PATCH must then answer 200 with the resource. */
export const asksForProjection = (query: QueryParameters): boolean =>
  parameter(query, 'attributes') !== undefined || parameter(query, 'excludedattributes') !== undefined;

/** A projection from the lists of names; 400 invalidValue when both are given. */
export function projectionOf(
  type: ResourceType,
  attributes: readonly string[] | undefined,
  excludedAttributes: readonly string[] | undefined,
): Result<Projection, ScimProblem> {
  const only = trimmed(attributes);
  const except = trimmed(excludedAttributes);
  if (only.length > 0 && except.length > 0)
    return err(badRequest('invalidValue', 'attributes and excludedAttributes cannot be used together.'));
  const names = only.length > 0 ? only : except;
  if (names.length === 0) return ok(ALL);
  if (names.reduce((length, name) => length + name.length, 0) > LIMITS.expressionLength)
    return err(
      badRequest('invalidValue', `attributes is longer than ${LIMITS.expressionLength} characters.`),
    );
  const paths = new Map<string, AttributePath>();
  const schemas = new Set<string>();
  for (const name of names) {
    const { urn, rest } = splitUrn(type, name);
    if (urn !== undefined && rest === '') schemas.add(urn);
    const path = parseAttributePath(type, name);
    if (path) paths.set(pathKey(path), path);
  }
  return ok({ kind: only.length > 0 ? 'only' : 'except', paths, schemas });
}

const trimmed = (names: readonly string[] | undefined): readonly string[] =>
  (names ?? []).map((name) => name.trim()).filter((name) => name !== '');

/** Whether the answer shows any part of this attribute, so that it must be read. */
export function shows(
  projection: Projection,
  schema: ResourceSchema,
  isExtension: boolean,
  name: string,
): boolean {
  if (projection.kind === 'all') return true;
  const prefix = isExtension ? `${schema.id}:${name}` : name;
  if (projection.kind === 'only')
    return (
      projection.schemas.has(schema.id) ||
      [...projection.paths.keys()].some((key) => key === prefix || key.startsWith(`${prefix}.`))
    );
  return !(projection.schemas.has(schema.id) && isExtension) && !projection.paths.has(prefix);
}

/** The resource as the projection shows it. `id` and `schemas` always stay; an extension left empty goes with its URN. */
export function project(projection: Projection, type: ResourceType, resource: JsonObject): JsonObject {
  if (projection.kind === 'all') return resource;
  const shown: JsonObject = {};
  for (const [name, value] of Object.entries(resource)) {
    if (value === undefined) continue;
    const extension = type.extensions.find((schema) => schema.id === name);
    if (name === 'schemas' || name === 'id') shown[name] = value;
    else if (extension) {
      const part = isJsonObject(value) ? projectExtension(projection, extension, value) : {};
      if (Object.keys(part).length > 0) shown[name] = part;
    } else {
      const attribute = [...COMMON_ATTRIBUTES, ...type.schema.attributes].find(
        (known) => known.name === name,
      );
      const part = attribute && projectAttribute(projection, type.schema, false, attribute, value);
      if (part !== undefined) shown[name] = part;
    }
  }
  const { schemas } = resource;
  if (Array.isArray(schemas))
    shown['schemas'] = schemas.filter(
      (urn) => urn === type.schema.id || (typeof urn === 'string' && shown[urn] !== undefined),
    );
  return shown;
}

function projectExtension(projection: Projection, schema: ResourceSchema, values: JsonObject): JsonObject {
  const shown: JsonObject = {};
  for (const attribute of schema.attributes) {
    const value = values[attribute.name];
    const part =
      value === undefined ? undefined : projectAttribute(projection, schema, true, attribute, value);
    if (part !== undefined) shown[attribute.name] = part;
  }
  return shown;
}

function projectAttribute(
  projection: Projection,
  schema: ResourceSchema,
  isExtension: boolean,
  attribute: Attribute,
  value: JsonValue,
): JsonValue | undefined {
  if (projection.kind === 'all') return value;
  const key = isExtension ? `${schema.id}:${attribute.name}` : attribute.name;
  const isWholeSchema = projection.schemas.has(schema.id);
  const isNamed = projection.paths.has(key);
  const subs = attribute.subAttributes
    .filter((sub) => projection.paths.has(`${key}.${sub.name}`))
    .map((sub) => sub.name);
  if (projection.kind === 'only') {
    if (isWholeSchema || isNamed) return value;
    return subs.length === 0
      ? undefined
      : eachElement(value, (element) => pick(element, (name) => subs.includes(name)));
  }
  if ((isWholeSchema && isExtension) || isNamed) return undefined;
  return subs.length === 0
    ? value
    : eachElement(value, (element) => pick(element, (name) => !subs.includes(name)));
}

function eachElement(value: JsonValue, show: (element: JsonObject) => JsonObject): JsonValue | undefined {
  if (Array.isArray(value)) {
    const elements = value
      .filter(isJsonObject)
      .map(show)
      .filter((element) => Object.keys(element).length > 0);
    return elements.length > 0 ? elements : undefined;
  }
  if (!isJsonObject(value)) return undefined;
  const shown = show(value);
  return Object.keys(shown).length > 0 ? shown : undefined;
}

const pick = (element: JsonObject, isShown: (name: string) => boolean): JsonObject =>
  Object.fromEntries(Object.entries(element).filter(([name]) => isShown(name)));
