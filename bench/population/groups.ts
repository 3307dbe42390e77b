import type { Subject } from '../environment/child-server.ts';
import { sendScim } from '../environment/scim-client.ts';

const GROUP_URN = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const PATCH_URN = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const MEMBERS_PER_REQUEST = 1_000;

/** The schema URI Entra adds to every group it creates; it means nothing to the server. */
const ENTRA_GROUP_URN = 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group';

/** A group as Entra creates one: without members, which follow by PATCH. */
export const entraGroup = (displayName: string): Record<string, unknown> => ({
  schemas: [GROUP_URN, ENTRA_GROUP_URN],
  displayName,
  externalId: displayName,
  meta: { resourceType: 'Group' },
});

/** Adds members in Entra's form: one operation with a list. */
export const addMembers = (ids: readonly string[]): Record<string, unknown> => ({
  schemas: [PATCH_URN],
  Operations: [{ op: 'Add', path: 'members', value: ids.map((value) => ({ value })) }],
});

/** Removes members in Entra's default form: `path` names the attribute, the list names the elements. */
export const removeMembers = (ids: readonly string[]): Record<string, unknown> => ({
  schemas: [PATCH_URN],
  Operations: [{ op: 'Remove', path: 'members', value: ids.map((value) => ({ value })) }],
});

/** Creates a group with the given members and answers its id. */
export async function createGroup(
  subject: Subject,
  displayName: string,
  memberIds: readonly string[],
): Promise<string> {
  const { location } = await sendScim(subject, 'POST', '/Groups', {
    body: entraGroup(displayName),
    expect: 201,
  });
  const id = location?.slice(location.lastIndexOf('/') + 1);
  if (id === undefined) throw new Error(`${subject.name}: POST /Groups gave no Location`);
  for (let first = 0; first < memberIds.length; first += MEMBERS_PER_REQUEST) {
    const body = addMembers(memberIds.slice(first, first + MEMBERS_PER_REQUEST));
    await sendScim(subject, 'PATCH', `/Groups/${id}`, { body, expect: 204 });
  }
  return id;
}
