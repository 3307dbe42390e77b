import type { AttributePath } from '../../directory/schema/index.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.js';

/** The value of an attribute (not of its sub-attribute) in a resource in canonical form. */
export function readAttribute(resource: JsonObject, path: AttributePath): JsonValue | undefined {
  const holder = path.isExtension ? resource[path.schema.id] : resource;
  return isJsonObject(holder) ? holder[path.attribute.name] : undefined;
}

/** The resource with another value of an attribute; undefined takes the attribute out. The input stays as it is. */
export function withAttribute(
  resource: JsonObject,
  path: AttributePath,
  value: JsonValue | undefined,
): JsonObject {
  if (!path.isExtension) return withMember(resource, path.attribute.name, value);
  const extension = resource[path.schema.id];
  const changed = withMember(isJsonObject(extension) ? extension : {}, path.attribute.name, value);
  return withMember(resource, path.schema.id, Object.keys(changed).length > 0 ? changed : undefined);
}

/** A copy of the object with one member set, or without it when the value is undefined. */
export const withMember = (object: JsonObject, name: string, value: JsonValue | undefined): JsonObject =>
  value === undefined
    ? Object.fromEntries(Object.entries(object).filter(([key]) => key !== name))
    : { ...object, [name]: value };
