import type { Stores } from '../unit-of-work.js';

/** A role that a person can have in a team or a project: a predefined one, or a custom one by its id. */
export type RoleChoice =
  | { readonly role: 'admin' | 'member' | 'viewer'; readonly customRoleId: undefined }
  | { readonly role: 'custom'; readonly customRoleId: string };

const PREDEFINED = ['admin', 'member', 'viewer'] as const;

/** The role of this name: predefined ones in any case, custom ones exactly; undefined when there is none. */
export async function findRoleChoice(
  stores: Stores,
  organizationId: string,
  name: string,
): Promise<RoleChoice | undefined> {
  const predefined = PREDEFINED.find((role) => role === name.toLowerCase());
  if (predefined) return { role: predefined, customRoleId: undefined };
  const custom = await stores.roles.findByName(organizationId, name);
  return custom && { role: 'custom', customRoleId: custom.id };
}
