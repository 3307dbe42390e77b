import type { Kysely } from 'kysely';
import type { Role } from '../../directory/roles/role.js';
import type { Database } from '../database.js';

/** Who is invited with a custom role that goes will join with the role it inherits from, as those do who have it. */
export async function moveInvitedHolders(
  db: Kysely<Database>,
  organizationId: string,
  { id, inheritedFrom }: Pick<Role, 'id' | 'inheritedFrom'>,
): Promise<void> {
  await db
    .updateTable('invitation_teams')
    .set({ role: inheritedFrom, custom_role_id: null })
    .where('org_id', '=', organizationId)
    .where('custom_role_id', '=', id)
    .execute();
}
