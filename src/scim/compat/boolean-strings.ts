import { leafOf } from '../../directory/schema/index.js';
import type { ValueQuirk } from './quirk.js';

/**
 * Entra sends booleans as the strings "True" and "False" unless the flag aadOptscim062020 is set (Microsoft,
 * "Known issues and resolutions with SCIM 2.0 protocol compliance"). Can go when Entra makes the flag its default.
 */
export const booleanStrings: ValueQuirk = {
  name: 'boolean-strings',
  modes: ['lenient'],
  normalise: (path, value) => {
    if (typeof value !== 'string' || leafOf(path).type !== 'boolean') return value;
    const text = value.toLowerCase();
    return text === 'true' ? true : text === 'false' ? false : value;
  },
};
