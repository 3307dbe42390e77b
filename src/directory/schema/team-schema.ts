import { LIMITS } from '../../kernel/limits.js';
import { complexAttribute, referenceAttribute, stringAttribute, type ResourceSchema } from './attribute.js';

export const GROUP_URN = 'urn:ietf:params:scim:schemas:core:2.0:Group';

/** RFC 7643 section 4.2; erratum 5368 makes displayName required. A SCIM Group is a Team. */
export const GROUP_SCHEMA: ResourceSchema = {
  id: GROUP_URN,
  name: 'Group',
  description: 'Group',
  attributes: [
    stringAttribute('displayName', 'Name of the team; unique in the organization in any case.', {
      required: true,
      uniqueness: 'server',
      maxLength: LIMITS.nameLength,
    }),
    complexAttribute(
      'members',
      'The users in the team. Groups inside groups are refused.',
      [
        stringAttribute('value', 'Id of the member.', { caseExact: true, mutability: 'immutable' }),
        referenceAttribute('$ref', 'Address of the member.', ['User'], { mutability: 'immutable' }),
        stringAttribute('type', 'Kind of the member.', {
          canonicalValues: ['User'],
          mutability: 'immutable',
        }),
        stringAttribute('display', 'Name of the member, kept by this server.', { mutability: 'readOnly' }),
      ],
      { multiValued: true },
    ),
  ],
};
