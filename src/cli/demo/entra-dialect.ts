import type { JsonObject } from '../../kernel/json.js';
import type { Person } from './people.js';
import { ENTERPRISE_SCHEMA } from './scim-messages.js';

/** How Entra writes the operations of a PATCH. */
interface EntraDialect {
  update(person: Person): readonly JsonObject[];
  rename(person: Person): readonly JsonObject[];
  setActive(isActive: boolean): JsonObject;
}

/** The default: one operation for each attribute, capitalised, booleans as text. */
const verbose: EntraDialect = {
  update: (person) => [
    { op: 'Replace', path: 'userName', value: person.userName },
    { op: 'Replace', path: 'displayName', value: person.displayName },
    { op: 'Replace', path: 'emails[type eq "work"].value', value: person.userName },
    { op: 'Add', path: 'phoneNumbers[type eq "mobile"].value', value: person.mobile },
    { op: 'Replace', path: 'name.givenName', value: person.givenName },
    { op: 'Replace', path: 'name.familyName', value: person.familyName },
    { op: 'Replace', path: `${ENTERPRISE_SCHEMA}:employeeNumber`, value: person.employeeNumber },
    verbose.setActive(true),
  ],
  rename: (person) => [
    { op: 'Replace', path: 'userName', value: renamed(person) },
    { op: 'Replace', path: 'emails[type eq "work"].value', value: renamed(person) },
  ],
  setActive: (isActive) => ({ op: 'Replace', path: 'active', value: isActive ? 'True' : 'False' }),
};

/** With the flag aadOptscim062020: value paths apart, everything else in one operation with dotted and URN keys. */
const compact: EntraDialect = {
  update: (person) => [
    { op: 'replace', path: 'emails[type eq "work"].value', value: person.userName },
    {
      op: 'replace',
      value: {
        userName: person.userName,
        displayName: person.displayName,
        'name.givenName': person.givenName,
        'name.familyName': person.familyName,
        [`${ENTERPRISE_SCHEMA}:employeeNumber`]: person.employeeNumber,
        [`${ENTERPRISE_SCHEMA}:department`]: person.department,
      },
    },
    compact.setActive(true),
  ],
  rename: (person) => [
    { op: 'replace', path: 'emails[type eq "work"].value', value: renamed(person) },
    { op: 'replace', value: { userName: renamed(person) } },
  ],
  setActive: (isActive) => ({ op: 'replace', path: 'active', value: isActive }),
};

export const entraDialectOf = (person: Person): EntraDialect => (person.number % 2 === 0 ? compact : verbose);

const renamed = ({ userName }: Person): string => userName.replace('@', '.2@');
