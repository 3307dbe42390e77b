import { findSubAttribute } from '../../directory/schema/index.js';
import type { ValueQuirk } from './quirk.js';

/**
 * Clients shorten a complex value that has a `value` sub-attribute to that value, or wrap a singular one into an
 * array: Entra sends `"manager": "id"` and `"manager": [{"value": "id"}]` (apache/directory-scimple#1242,
 * thomaspoignant/scim-patch#453). Can go when no recorded Entra exchange has either form.
 */
export const bareValue: ValueQuirk = {
  name: 'bare-value',
  modes: ['lenient'],
  normalise: (path, value) => {
    const { attribute } = path;
    if (path.sub || attribute.type !== 'complex' || !findSubAttribute(attribute, 'value')) return value;
    const isWrapped = Array.isArray(value) && value.length === 1 && !attribute.multiValued;
    const bare = isWrapped ? (value[0] ?? value) : value;
    return typeof bare === 'string' && bare !== '' ? { value: bare } : bare;
  },
};
