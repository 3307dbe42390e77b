import { isJsonObject } from '../../kernel/json.js';
import { isRoles } from './entra-role-json.js';
import type { ValueQuirk } from './quirk.js';

/**
 * Entra's mapping AppRoleAssignmentsComplex names the role's `display` `displayName` (Microsoft, "Customize
 * application attributes"). Can go when Entra sends the sub-attribute of RFC 7643 section 4.1.2.
 */
export const roleDisplayName: ValueQuirk = {
  name: 'role-display-name',
  modes: ['lenient'],
  normalise: (path, value) => {
    if (path.sub || !isRoles(path) || !isJsonObject(value)) return value;
    const entries = Object.entries(value);
    if (entries.some(([key]) => key.toLowerCase() === 'display')) return value;
    return Object.fromEntries(
      entries.map(([key, member]) => [key.toLowerCase() === 'displayname' ? 'display' : key, member]),
    );
  },
};
