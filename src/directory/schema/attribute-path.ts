import { attributesByName, type Attribute, type ResourceSchema, type ResourceType } from './attribute.js';
import { COMMON_ATTRIBUTES } from './common-attributes.js';

/** An attribute, or one of its sub-attributes, resolved in the catalogue. */
export interface AttributePath {
  readonly schema: ResourceSchema;
  /** True when the attribute lives in an extension, so its value sits under the extension's URN. */
  readonly isExtension: boolean;
  readonly attribute: Attribute;
  readonly sub: Attribute | undefined;
}

/** The place of a sub-attribute. */
export const subPath = (
  { schema, isExtension, attribute }: AttributePath,
  sub: Attribute,
): AttributePath => ({
  schema,
  isExtension,
  attribute,
  sub,
});

/** The attribute a comparison or value finally looks at. */
export const leafOf = (path: AttributePath): Attribute => path.sub ?? path.attribute;

/** Stable key of a path, for tables keyed by attribute: `userName`, `name.familyName`, `urn:…:User:department`. */
export function pathKey(path: AttributePath): string {
  const name = path.isExtension ? `${path.schema.id}:${path.attribute.name}` : path.attribute.name;
  return path.sub ? `${name}.${path.sub.name}` : name;
}

interface SchemaIndex {
  readonly schema: ResourceSchema;
  readonly attributes: ReadonlyMap<string, AttributePath>;
}

/** By names in canonical spelling, and in lower case. */
interface TypeIndex {
  readonly core: ReadonlyMap<string, AttributePath>;
  readonly bySchema: ReadonlyMap<string, SchemaIndex>;
  readonly bareExtensions: ReadonlyMap<string, AttributePath>;
}

const indexes = new WeakMap<ResourceType, TypeIndex>();

function indexOf(type: ResourceType): TypeIndex {
  const known = indexes.get(type);
  if (known) return known;
  const core = new Map<string, AttributePath>();
  for (const [name, attribute] of attributesByName([...COMMON_ATTRIBUTES, ...type.schema.attributes]))
    core.set(name, { schema: type.schema, isExtension: false, attribute, sub: undefined });
  const bySchema = new Map<string, SchemaIndex>();
  addSchema(bySchema, { schema: type.schema, attributes: core });
  const bareExtensions = new Map<string, AttributePath>();
  for (const schema of type.extensions) {
    const attributes = new Map<string, AttributePath>();
    for (const [name, attribute] of attributesByName(schema.attributes)) {
      const path: AttributePath = { schema, isExtension: true, attribute, sub: undefined };
      attributes.set(name, path);
      if (!bareExtensions.has(name)) bareExtensions.set(name, path);
    }
    addSchema(bySchema, { schema, attributes });
  }
  const index: TypeIndex = { core, bySchema, bareExtensions };
  indexes.set(type, index);
  return index;
}

const addSchema = (index: Map<string, SchemaIndex>, entry: SchemaIndex): unknown =>
  index.set(entry.schema.id.toLowerCase(), entry).set(entry.schema.id, entry);

/**
 * Finds an attribute by name in any case. With a URN, only in that schema; without, in the core schema first and
 * then in the extensions, because clients write `department` or `manager` bare (Entra, the model product).
 */
export function findAttribute(
  type: ResourceType,
  urn: string | undefined,
  name: string,
): AttributePath | undefined {
  const { core, bySchema, bareExtensions } = indexOf(type);
  if (urn === undefined) return inAnyCase(core, name) ?? inAnyCase(bareExtensions, name);
  const schema = inAnyCase(bySchema, urn);
  return schema && inAnyCase(schema.attributes, name);
}

/** Most clients use the canonical spelling. */
const inAnyCase = <T>(names: ReadonlyMap<string, T>, name: string): T | undefined =>
  names.get(name) ?? names.get(name.toLowerCase());

/** The sub-attribute of that name in any case. */
export const findSubAttribute = (attribute: Attribute, name: string): Attribute | undefined =>
  inAnyCase(attribute.subAttributesByName, name);

/** The schema (core or extension) with this URN in any case. */
export const findSchema = (type: ResourceType, urn: string): ResourceSchema | undefined =>
  urn[URN_COLON] === ':' ? inAnyCase(indexOf(type).bySchema, urn)?.schema : undefined;

/** Where every URN has its first colon. */
const URN_COLON = 3;

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
