import type { AttributePath } from '../../directory/schema/index.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.js';
import type { ValueQuirk } from './quirk.js';

/**
 * Entra's mappings SingleAppRoleAssignment and AppRoleAssignmentsComplex PATCH `roles` with a JSON text inside
 * `value`: `{"id":"…","value":"25","displayName":"R"}` (Microsoft, "Customize application attributes"). The role is
 * the inner `value`. Can go when Entra sends the same form in POST and PATCH without the flag aadOptscim062020.
 */
export const entraRoleJson: ValueQuirk = {
  name: 'entra-role-json',
  modes: ['lenient'],
  normalise: (path, value) => {
    if (!isRoles(path)) return value;
    if (path.sub) return path.sub.name === 'value' ? (unwrapRole(value)?.value ?? value) : value;
    return isJsonObject(value) ? unwrapElement(value) : value;
  },
};

export const isRoles = (path: AttributePath): boolean => !path.isExtension && path.attribute.name === 'roles';

function unwrapElement(element: JsonObject): JsonObject {
  const key = Object.keys(element).find((name) => name.toLowerCase() === 'value');
  const role = key === undefined ? undefined : unwrapRole(element[key]);
  if (key === undefined || !role) return element;
  return { ...(role.display === undefined ? {} : { display: role.display }), ...element, [key]: role.value };
}

interface AppRole {
  readonly value: string;
  readonly display?: string;
}

function unwrapRole(text: JsonValue | undefined): AppRole | undefined {
  if (typeof text !== 'string' || !text.startsWith('{')) return undefined;
  let role: unknown;
  try {
    role = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isJsonObject(role) || typeof role['value'] !== 'string') return undefined;
  const display = role['displayName'];
  return { value: role['value'], ...(typeof display === 'string' ? { display } : {}) };
}
