import { isJsonObject } from '../../kernel/json.js';
import type { OperationQuirk } from './quirk.js';

/**
 * Salesforce repeats the attribute inside the value: `{"op":"remove","path":"members","value":{"members":[…]}}`
 * (Salesforce SCIM documentation; handled by pond/scimitar). Can go when Salesforce documents the form of RFC 7644.
 */
export const nestedMembers: OperationQuirk = {
  name: 'nested-members',
  modes: ['lenient'],
  normalise: (type, operation) => {
    const { path, value } = operation;
    if (type.name !== 'Group' || path?.toLowerCase() !== 'members' || !isJsonObject(value)) return operation;
    const [entry, ...others] = Object.entries(value);
    if (entry?.[0].toLowerCase() !== 'members' || entry[1] === undefined || others.length > 0)
      return operation;
    return { ...operation, value: entry[1] };
  },
};
