import type { ProviderPerson } from './openid-provider.js';

/** A domain that nobody can own (RFC 2606). */
const DOMAIN = 'people.example';

const person = (givenName: string, familyName: string, groups: readonly string[]): ProviderPerson => {
  const id = `${givenName}.${familyName}`.toLowerCase();
  const email = `${id}@${DOMAIN}`;
  const name = `${givenName} ${familyName}`;
  return { id, userName: email, name, givenName, familyName, email, isEmailVerified: true, groups };
};

/** Who can sign in at the demo's identity provider. */
export const DEMO_PEOPLE: readonly ProviderPerson[] = [
  person('Ada', 'Lovelace', ['Research', 'Platform']),
  person('Grace', 'Hopper', ['Platform']),
  person('Alan', 'Turing', ['Research']),
  person('Katherine', 'Johnson', []),
];
