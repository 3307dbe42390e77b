import { LIMITS } from '../../kernel/limits.js';
import {
  booleanAttribute,
  complexAttribute,
  dateTimeAttribute,
  referenceAttribute,
  stringAttribute,
  type Attribute,
} from './attribute.js';

/** Attributes every resource has (RFC 7643 section 3.1). They belong to no schema's own list. */
export const COMMON_ATTRIBUTES: readonly Attribute[] = [
  stringAttribute('id', 'Identifier made by this server; a UUID.', {
    caseExact: true,
    mutability: 'readOnly',
    returned: 'always',
    uniqueness: 'server',
  }),
  stringAttribute(
    'externalId',
    'Identifier of the resource at the provisioning client, kept per connection.',
    {
      caseExact: true,
      maxLength: LIMITS.externalIdLength,
    },
  ),
  complexAttribute(
    'meta',
    'Facts about the resource itself.',
    [
      stringAttribute('resourceType', 'Name of the resource type.', {
        caseExact: true,
        mutability: 'readOnly',
      }),
      dateTimeAttribute('created', 'When the resource was added.', { mutability: 'readOnly' }),
      dateTimeAttribute('lastModified', 'When the resource last changed.', { mutability: 'readOnly' }),
      referenceAttribute('location', 'Address of the resource.', ['uri'], { mutability: 'readOnly' }),
      stringAttribute('version', 'Version of the resource; equals its ETag.', {
        caseExact: true,
        mutability: 'readOnly',
      }),
    ],
    { mutability: 'readOnly' },
  ),
];

const value = (description: string): Attribute => stringAttribute('value', description);
const display = stringAttribute('display', 'A name to show for this value.');
const primary = booleanAttribute('primary', 'True for the preferred value; at most one is.');
const type = (canonicalValues: readonly string[]): Attribute =>
  stringAttribute(
    'type',
    'What the value is used for.',
    canonicalValues.length > 0 ? { canonicalValues } : {},
  );

/** A multi-valued attribute with the default sub-attributes of RFC 7643 section 2.4. */
export const pluralAttribute = (
  name: string,
  description: string,
  options: {
    readonly valueDescription: string;
    readonly types?: readonly string[];
    readonly value?: Attribute;
  },
): Attribute =>
  complexAttribute(
    name,
    description,
    [options.value ?? value(options.valueDescription), display, type(options.types ?? []), primary],
    { multiValued: true },
  );
