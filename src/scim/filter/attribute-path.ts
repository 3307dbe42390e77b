import {
  findAttribute,
  findSubAttribute,
  splitUrn,
  subPath,
  type AttributePath,
  type ResourceType,
} from '../../directory/schema/index.js';

/**
 * Finds the attribute a client names in `attributes`, `sortBy`, a filter or a PATCH path (RFC 7644 section 3.10), in
 * any case: `userName`, `name.givenName`, `members.$ref`, with or without the URN of its schema, and the attributes
 * of extensions also bare. Undefined for names the resource type does not have, and for a schema URN alone.
 */
export function parseAttributePath(type: ResourceType, text: string): AttributePath | undefined {
  const { urn, rest } = splitUrn(type, text);
  return parseAttributeName(type, urn, rest);
}

/** The same of a name that stands in the object of a schema, or in none. */
export function parseAttributeName(
  type: ResourceType,
  urn: string | undefined,
  name: string,
): AttributePath | undefined {
  const dot = name.indexOf('.');
  if (dot === -1) return findAttribute(type, urn, name);
  const path = findAttribute(type, urn, name.slice(0, dot));
  return path && parseSubAttribute(path, name.slice(dot + 1));
}

/** Finds a sub-attribute by a name that is relative to its attribute, in any case. */
export function parseSubAttribute(path: AttributePath, name: string): AttributePath | undefined {
  const sub = path.sub ? undefined : findSubAttribute(path.attribute, name);
  return sub && subPath(path, sub);
}
