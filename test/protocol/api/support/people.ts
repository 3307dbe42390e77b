import { randomUUID } from 'node:crypto';
import type { TestOrganization } from '../../../support/server.js';

/** Makes a user over SCIM. @returns its id */
export async function createPerson({ scim }: TestOrganization, more: object = {}): Promise<string> {
  const reply = await scim.post('/Users', { userName: `person-${randomUUID()}@example.com`, ...more });
  if (reply.status !== 201) throw new Error(`${reply.status} ${reply.text}`);
  return String(reply.body.id);
}

/** Makes a team over SCIM. @returns its id */
export async function createTeam(
  { scim }: TestOrganization,
  members: readonly string[] = [],
  displayName = `team-${randomUUID()}`,
): Promise<string> {
  const reply = await scim.post('/Groups', { displayName, members: members.map((value) => ({ value })) });
  if (reply.status !== 201) throw new Error(`${reply.status} ${reply.text}`);
  return String(reply.body.id);
}
