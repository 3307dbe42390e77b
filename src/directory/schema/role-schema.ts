import { LIMITS } from '../../kernel/limits.js';
import { booleanAttribute, complexAttribute, stringAttribute, type ResourceSchema } from './attribute.js';

export const ROLE_URN = 'urn:ietf:params:scim:schemas:core:2.0:Role';

export const ROLE_BASES = ['member', 'viewer'] as const;

/** Custom roles (no RFC defines the URN; the model product uses it). */
export const ROLE_SCHEMA: ResourceSchema = {
  id: ROLE_URN,
  name: 'Role',
  description: 'Custom role that adds permissions to a predefined team role',
  attributes: [
    stringAttribute('name', 'Name of the role; unique in the organization.', {
      required: true,
      caseExact: true,
      uniqueness: 'server',
      maxLength: LIMITS.nameLength,
    }),
    stringAttribute('description', 'What the role is for.'),
    stringAttribute('inheritedFrom', 'Predefined role that this role extends.', {
      required: true,
      canonicalValues: ROLE_BASES,
      isClosedSet: true,
    }),
    complexAttribute(
      'permissions',
      'The effective permissions.',
      [
        stringAttribute('name', 'object:action, as in the permission catalogue.', {
          required: true,
          caseExact: true,
        }),
        booleanAttribute('isInherited', 'Whether it comes from the inherited role.', {
          mutability: 'readOnly',
        }),
      ],
      { multiValued: true },
    ),
  ],
};
