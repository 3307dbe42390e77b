import {
  findAttribute,
  findSubAttribute,
  splitUrn,
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
  const [name = '', subName, ...surplus] = rest.split('.', 3);
  const path = findAttribute(type, urn, name);
  if (!path || surplus.length > 0) return undefined;
  return subName === undefined ? path : parseSubAttribute(path, subName);
}

/** Finds a sub-attribute by a name that is relative to its attribute, in any case. */
export function parseSubAttribute(path: AttributePath, name: string): AttributePath | undefined {
  const sub = path.sub ? undefined : findSubAttribute(path.attribute, name);
  return sub && { ...path, sub };
}
