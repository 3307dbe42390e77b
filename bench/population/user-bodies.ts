const USER_URN = 'urn:ietf:params:scim:schemas:core:2.0:User';
const ENTERPRISE_URN = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** Ten digits, as long as the place holder of a plan, so that both can be put into the same body. */
export const tenDigits = (number: number): string => String(number).padStart(10, '0');

/** The userName of a loaded user. */
export const userNameOf = (number: number): string => `person.${tenDigits(number)}@bench.example`;

/** The displayName of a loaded user; `renameOf` has the same length. */
export const displayNameOf = (number: number): string => `Person ${tenDigits(number)}`;

export const renameOf = (digits: string): string => `Rename ${digits}`;

/**
 * A user as Microsoft Entra ID creates one with its default attribute mapping (Microsoft, "Develop and plan
 * provisioning for a SCIM endpoint"): core attributes, the enterprise extension, `roles` and `meta.resourceType`.
 */
export function entraUser(userName: string, displayName: string): Record<string, unknown> {
  return {
    schemas: [USER_URN, ENTERPRISE_URN],
    externalId: userName.split('@', 1)[0],
    userName,
    active: true,
    displayName,
    title: 'Field Engineer',
    preferredLanguage: 'en-US',
    name: { formatted: 'Robin Sample', familyName: 'Sample', givenName: 'Robin' },
    emails: [{ primary: true, type: 'work', value: userName }],
    phoneNumbers: [
      { type: 'work', value: '+49 30 5550100' },
      { type: 'mobile', value: '+49 170 5550100' },
    ],
    addresses: [
      {
        type: 'work',
        formatted: 'Example Street 1, 10115 Berlin',
        streetAddress: 'Example Street 1',
        locality: 'Berlin',
        region: 'BE',
        postalCode: '10115',
        country: 'DE',
      },
    ],
    roles: [],
    meta: { resourceType: 'User' },
    [ENTERPRISE_URN]: { employeeNumber: '4711', department: 'Field Services', costCenter: 'C-100' },
  };
}

/** The body that loads the user of a number. */
export const loadedUser = (number: number): Record<string, unknown> =>
  entraUser(userNameOf(number), displayNameOf(number));
