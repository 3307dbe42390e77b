import type { Attribute, ResourceSchema, ResourceType } from './attribute.js';
import { COMMON_ATTRIBUTES } from './common-attributes.js';

/** An attribute, or one of its sub-attributes, resolved in the catalogue. */
export interface AttributePath {
  readonly schema: ResourceSchema;
  /** True when the attribute lives in an extension, so its value sits under the extension's URN. */
  readonly isExtension: boolean;
  readonly attribute: Attribute;
  readonly sub?: Attribute;
}

/** The attribute a comparison or value finally looks at. */
export const leafOf = (path: AttributePath): Attribute => path.sub ?? path.attribute;

/** Stable key of a path, for tables keyed by attribute: `userName`, `name.familyName`, `urn:…:User:department`. */
export function pathKey(path: AttributePath): string {
  const name = path.isExtension ? `${path.schema.id}:${path.attribute.name}` : path.attribute.name;
  return path.sub ? `${name}.${path.sub.name}` : name;
}

interface TypeIndex {
  readonly core: ReadonlyMap<string, AttributePath>;
  readonly bySchema: ReadonlyMap<
    string,
    { readonly schema: ResourceSchema; readonly attributes: ReadonlyMap<string, AttributePath> }
  >;
  readonly bareExtensions: ReadonlyMap<string, AttributePath>;
}

const indexes = new WeakMap<ResourceType, TypeIndex>();

function indexOf(type: ResourceType): TypeIndex {
  const known = indexes.get(type);
  if (known) return known;
  const core = new Map<string, AttributePath>();
  for (const attribute of [...COMMON_ATTRIBUTES, ...type.schema.attributes])
    core.set(attribute.name.toLowerCase(), { schema: type.schema, isExtension: false, attribute });
  const bySchema = new Map([[type.schema.id.toLowerCase(), { schema: type.schema, attributes: core }]]);
  const bareExtensions = new Map<string, AttributePath>();
  for (const schema of type.extensions) {
    const attributes = new Map<string, AttributePath>();
    for (const attribute of schema.attributes) {
      const path: AttributePath = { schema, isExtension: true, attribute };
      attributes.set(attribute.name.toLowerCase(), path);
      if (!bareExtensions.has(attribute.name.toLowerCase()))
        bareExtensions.set(attribute.name.toLowerCase(), path);
    }
    bySchema.set(schema.id.toLowerCase(), { schema, attributes });
  }
  const index: TypeIndex = { core, bySchema, bareExtensions };
  indexes.set(type, index);
  return index;
}

/**
 * Finds an attribute by name in any case. With a URN, only in that schema; without, in the core schema first and
 * then in the extensions, because clients write `department` or `manager` bare (Entra, the model product).
 */
export function findAttribute(
  type: ResourceType,
  urn: string | undefined,
  name: string,
): AttributePath | undefined {
  const index = indexOf(type);
  const key = name.toLowerCase();
  if (urn !== undefined) return index.bySchema.get(urn.toLowerCase())?.attributes.get(key);
  return index.core.get(key) ?? index.bareExtensions.get(key);
}

const subAttributes = new WeakMap<Attribute, ReadonlyMap<string, Attribute>>();

function subAttributesOf(attribute: Attribute): ReadonlyMap<string, Attribute> {
  const known = subAttributes.get(attribute);
  if (known) return known;
  const byName = new Map<string, Attribute>();
  for (const sub of attribute.subAttributes) byName.set(sub.name, sub).set(sub.name.toLowerCase(), sub);
  subAttributes.set(attribute, byName);
  return byName;
}

/** The sub-attribute of that name in any case. */
export function findSubAttribute(attribute: Attribute, name: string): Attribute | undefined {
  const byName = subAttributesOf(attribute);
  return byName.get(name) ?? byName.get(name.toLowerCase());
}

/** The schema (core or extension) with this URN in any case. */
export const findSchema = (type: ResourceType, urn: string): ResourceSchema | undefined =>
  indexOf(type).bySchema.get(urn.toLowerCase())?.schema;

/**
 * Splits `urn:…:2.0:User:name.givenName` into its URN and the rest, by the URNs the resource type has, so that the
 * dot of the version is never read as a separator. Also takes a dot after the URN, which one Microsoft client sends.
 * `rest` is empty when the text is the URN itself. Without a known URN prefix, `urn` is undefined.
 */
export function splitUrn(type: ResourceType, text: string): { readonly urn?: string; readonly rest: string } {
  if (!/^urn:/i.test(text)) return { rest: text };
  for (const schema of [...type.extensions, type.schema]) {
    if (
      text.length < schema.id.length ||
      text.slice(0, schema.id.length).toLowerCase() !== schema.id.toLowerCase()
    )
      continue;
    if (text.length === schema.id.length) return { urn: schema.id, rest: '' };
    const separator = text[schema.id.length];
    if (separator === ':' || separator === '.')
      return { urn: schema.id, rest: text.slice(schema.id.length + 1) };
  }
  return { rest: text };
}
