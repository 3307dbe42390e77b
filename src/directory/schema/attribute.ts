/**
 * The vocabulary in which resources are described (RFC 7643 sections 2.2, 2.3 and 7). One catalogue in this
 * folder feeds validation, discovery, filters, sorting, projection and PATCH; nothing keeps a list beside it.
 */
export type AttributeType =
  'string' | 'boolean' | 'decimal' | 'integer' | 'dateTime' | 'binary' | 'reference' | 'complex';

export interface Attribute {
  /** Canonical spelling. */
  readonly name: string;
  readonly type: AttributeType;
  readonly description: string;
  readonly multiValued: boolean;
  readonly required: boolean;
  readonly caseExact: boolean;
  readonly mutability: 'readOnly' | 'readWrite' | 'immutable' | 'writeOnly';
  readonly returned: 'always' | 'default' | 'never' | 'request';
  readonly uniqueness: 'none' | 'server' | 'global';
  readonly canonicalValues: readonly string[] | undefined;
  /** True when a value outside canonicalValues is refused (our closed sets); false for hints such as `type`. */
  readonly isClosedSet: boolean;
  readonly referenceTypes: readonly string[] | undefined;
  /** Characters a value may have, where the general limit is too much: the database compares it by an index. */
  readonly maxLength: number | undefined;
  readonly subAttributes: readonly Attribute[];
  /** By canonical spelling, and by it in lower case. */
  readonly subAttributesByName: ReadonlyMap<string, Attribute>;
}

/** Attributes of one URN. */
export interface ResourceSchema {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly attributes: readonly Attribute[];
}

/** What an endpoint serves: one core schema and optional extensions (RFC 7643 section 6). */
export interface ResourceType {
  readonly name: 'User' | 'Group' | 'Role';
  readonly endpoint: '/Users' | '/Groups' | '/Roles';
  readonly description: string;
  readonly schema: ResourceSchema;
  readonly extensions: readonly ResourceSchema[];
}

type AttributeOptions = Partial<Omit<Attribute, 'name' | 'type' | 'description' | 'subAttributesByName'>>;

/** All of one shape, members that say nothing included: what reads them for every value of a body reads them faster. */
const attribute = (
  type: AttributeType,
  name: string,
  description: string,
  options: AttributeOptions = {},
): Attribute => ({
  name,
  type,
  description,
  multiValued: options.multiValued ?? false,
  required: options.required ?? false,
  caseExact: options.caseExact ?? false,
  mutability: options.mutability ?? 'readWrite',
  returned: options.returned ?? 'default',
  uniqueness: options.uniqueness ?? 'none',
  canonicalValues: options.canonicalValues,
  isClosedSet: options.isClosedSet ?? false,
  referenceTypes: options.referenceTypes,
  maxLength: options.maxLength,
  subAttributes: options.subAttributes ?? [],
  subAttributesByName: attributesByName(options.subAttributes ?? []),
});

/** Attributes by their names in canonical spelling, and in lower case. */
export const attributesByName = (attributes: readonly Attribute[]): ReadonlyMap<string, Attribute> =>
  new Map(
    attributes.flatMap((found): [string, Attribute][] => [
      [found.name.toLowerCase(), found],
      [found.name, found],
    ]),
  );

export const stringAttribute = (name: string, description: string, options?: AttributeOptions): Attribute =>
  attribute('string', name, description, options);

export const booleanAttribute = (name: string, description: string, options?: AttributeOptions): Attribute =>
  attribute('boolean', name, description, options);

export const integerAttribute = (name: string, description: string, options?: AttributeOptions): Attribute =>
  attribute('integer', name, description, options);

export const dateTimeAttribute = (name: string, description: string, options?: AttributeOptions): Attribute =>
  attribute('dateTime', name, description, options);

/** RFC 7643 section 2.3.6: binary is case exact. */
export const binaryAttribute = (name: string, description: string, options?: AttributeOptions): Attribute =>
  attribute('binary', name, description, { caseExact: true, ...options });

/** RFC 7643 section 2.3.7: references are case exact. */
export const referenceAttribute = (
  name: string,
  description: string,
  referenceTypes: readonly string[],
  options?: AttributeOptions,
): Attribute => attribute('reference', name, description, { caseExact: true, referenceTypes, ...options });

export const complexAttribute = (
  name: string,
  description: string,
  subAttributes: readonly Attribute[],
  options?: AttributeOptions,
): Attribute => attribute('complex', name, description, { subAttributes, ...options });
