import { LIMITS } from '../../kernel/limits.js';
import {
  binaryAttribute,
  booleanAttribute,
  complexAttribute,
  dateTimeAttribute,
  integerAttribute,
  referenceAttribute,
  stringAttribute,
  type ResourceSchema,
} from './attribute.js';
import { pluralAttribute } from './common-attributes.js';

export const USER_URN = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const ENTERPRISE_USER_URN = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const ROLLCALL_USER_URN = 'urn:ietf:params:scim:schemas:extension:rollcall:2.0:User';

export const ORGANIZATION_ROLES = ['admin', 'member', 'viewer'] as const;
export const SEATS = ['full', 'viewer', 'none'] as const;
export const ACCOUNT_TYPES = ['USER', 'SERVICE', 'ORG_SERVICE'] as const;

/** RFC 7643 section 4.1 with its verified errata. */
export const USER_SCHEMA: ResourceSchema = {
  id: USER_URN,
  name: 'User',
  description: 'User Account',
  attributes: [
    stringAttribute('userName', 'The name a person signs in with; unique in the organization in any case.', {
      required: true,
      uniqueness: 'server',
      maxLength: LIMITS.nameLength,
    }),
    complexAttribute('name', "The components of the person's name.", [
      stringAttribute('formatted', 'The full name, formatted for display.'),
      stringAttribute('familyName', 'The family name.'),
      stringAttribute('givenName', 'The given name.'),
      stringAttribute('middleName', 'The middle names.'),
      stringAttribute('honorificPrefix', 'A title before the name.'),
      stringAttribute('honorificSuffix', 'A suffix after the name.'),
    ]),
    stringAttribute('displayName', 'The name to show for the person.'),
    stringAttribute('nickName', 'The casual name of the person.'),
    referenceAttribute('profileUrl', "Address of the person's online profile.", ['external']),
    stringAttribute('title', "The person's title, such as Vice President."),
    stringAttribute('userType', 'The relationship between the organization and the person.'),
    stringAttribute('preferredLanguage', 'Preferred languages, as in HTTP Accept-Language.'),
    stringAttribute('locale', 'Locale for dates and numbers, such as en-US.'),
    stringAttribute('timezone', 'Time zone in IANA form, such as Europe/Berlin.'),
    booleanAttribute('active', 'Whether the person may sign in; false deactivates the account.'),
    stringAttribute('password', 'Accepted and dropped: people sign in by single sign-on.', {
      caseExact: true,
      mutability: 'writeOnly',
      returned: 'never',
    }),
    pluralAttribute('emails', 'E-mail addresses.', {
      valueDescription: 'An e-mail address.',
      types: ['work', 'home', 'other'],
    }),
    pluralAttribute('phoneNumbers', 'Telephone numbers, kept as sent.', {
      valueDescription: 'A telephone number.',
      types: ['work', 'home', 'mobile', 'fax', 'pager', 'other'],
    }),
    pluralAttribute('ims', 'Instant messaging addresses.', {
      valueDescription: 'An instant messaging address.',
      types: ['aim', 'gtalk', 'icq', 'xmpp', 'msn', 'skype', 'qq', 'yahoo'],
    }),
    pluralAttribute('photos', 'Addresses of images of the person.', {
      valueDescription: 'Address of an image.',
      types: ['photo', 'thumbnail'],
      value: referenceAttribute('value', 'Address of an image.', ['external']),
    }),
    complexAttribute(
      'addresses',
      'Postal addresses.',
      [
        stringAttribute('formatted', 'The full address, formatted for display.'),
        stringAttribute('streetAddress', 'The street with house number.'),
        stringAttribute('locality', 'The city.'),
        stringAttribute('region', 'The state or region.'),
        stringAttribute('postalCode', 'The postal code.'),
        stringAttribute('country', 'The country, as ISO 3166-1 alpha-2.'),
        stringAttribute('type', 'What the address is used for.', {
          canonicalValues: ['work', 'home', 'other'],
        }),
        booleanAttribute('primary', 'True for the preferred address; at most one is.'),
      ],
      { multiValued: true },
    ),
    complexAttribute(
      'groups',
      'The teams the user belongs to.',
      [
        stringAttribute('value', 'Id of the team.', { caseExact: true, mutability: 'readOnly' }),
        referenceAttribute('$ref', 'Address of the team.', ['Group'], { mutability: 'readOnly' }),
        stringAttribute('display', 'Name of the team.', { mutability: 'readOnly' }),
        stringAttribute('type', 'How the user belongs to it.', {
          mutability: 'readOnly',
          canonicalValues: ['direct', 'indirect'],
        }),
      ],
      { multiValued: true, mutability: 'readOnly' },
    ),
    pluralAttribute('entitlements', 'Entitlements of the person at the provisioning client.', {
      valueDescription: 'An entitlement.',
    }),
    pluralAttribute('roles', 'Roles of the person; a value that names an organization role sets it.', {
      valueDescription: 'A role.',
    }),
    pluralAttribute('x509Certificates', 'Certificates of the person.', {
      valueDescription: 'A DER certificate in base64.',
      value: binaryAttribute('value', 'A DER certificate in base64.'),
    }),
  ],
};

/** RFC 7643 section 4.3; erratum 8472 makes manager.value case exact. */
export const ENTERPRISE_USER_SCHEMA: ResourceSchema = {
  id: ENTERPRISE_USER_URN,
  name: 'EnterpriseUser',
  description: 'Enterprise User',
  attributes: [
    stringAttribute('employeeNumber', 'Number of the person in the organization.'),
    stringAttribute('costCenter', 'Name of a cost center.'),
    stringAttribute('organization', 'Name of an organization.'),
    stringAttribute('division', 'Name of a division.'),
    stringAttribute('department', 'Name of a department.'),
    complexAttribute('manager', "The person's manager.", [
      stringAttribute('value', 'Id of the manager.', { caseExact: true }),
      referenceAttribute('$ref', 'Address of the manager, made by this server.', ['User'], {
        mutability: 'readOnly',
      }),
      stringAttribute('displayName', 'Name of the manager, kept by this server.', { mutability: 'readOnly' }),
    ]),
  ],
};

/** What the product knows about a user beyond the RFC. */
export const ROLLCALL_USER_SCHEMA: ResourceSchema = {
  id: ROLLCALL_USER_URN,
  name: 'RollcallUser',
  description: 'Organization and team roles, seat and account type',
  attributes: [
    stringAttribute('organizationRole', 'Role in the organization.', {
      canonicalValues: ORGANIZATION_ROLES,
      isClosedSet: true,
    }),
    complexAttribute(
      'teamRoles',
      'Role in each team; writing names the teams to change and leaves the others alone.',
      [
        stringAttribute('teamId', 'Id of the team; wins over teamName.', { caseExact: true }),
        stringAttribute('teamName', 'Name of the team.'),
        stringAttribute('roleName', 'admin, member, viewer, or the name of a custom role.', {
          caseExact: true,
        }),
      ],
      { multiValued: true },
    ),
    stringAttribute('seat', 'Seat the user occupies while active.', {
      canonicalValues: SEATS,
      isClosedSet: true,
    }),
    stringAttribute(
      'accountType',
      'Person, service account of a team, or service account of the organization.',
      {
        canonicalValues: ACCOUNT_TYPES,
        isClosedSet: true,
        caseExact: true,
        mutability: 'immutable',
      },
    ),
    stringAttribute('defaultTeam', 'Name of the team a service account works for.', {
      mutability: 'immutable',
    }),
    dateTimeAttribute('lastActiveAt', 'First use on the latest day, in UTC, on which the account was used.', {
      mutability: 'readOnly',
    }),
    integerAttribute('daysActive', 'Number of days, in UTC, on which the account was used.', {
      mutability: 'readOnly',
    }),
  ],
};
