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
  readonly canonicalValues?: readonly string[];
  /** True when a value outside canonicalValues is refused (our closed sets); false for hints such as `type`. */
  readonly isClosedSet: boolean;
  readonly referenceTypes?: readonly string[];
  /** Characters a value may have, where the general limit is too much: the database compares it by an index. */
  readonly maxLength?: number;
  readonly subAttributes: readonly Attribute[];
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

type AttributeOptions = Partial<Omit<Attribute, 'name' | 'type' | 'description'>>;

const attribute = (
  type: AttributeType,
  name: string,
  description: string,
  options: AttributeOptions = {},
): Attribute => ({
  name,
  type,
  description,
  multiValued: false,
  required: false,
  caseExact: false,
  mutability: 'readWrite',
  returned: 'default',
  uniqueness: 'none',
  isClosedSet: false,
  subAttributes: [],
  ...options,
});

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
