import { sql, type Kysely } from 'kysely';
import type { Role } from '../../directory/roles/role.js';
import type { Database } from '../database.js';

/**
 * Gives those who have a custom role in a project the role it inherits from; who has that one in the team anyway, after
 * holders there were moved, follows the team role from now on.
 * @returns ids of the users
 */
export async function moveProjectHolders(
  db: Kysely<Database>,
  organizationId: string,
  role: Pick<Role, 'id' | 'inheritedFrom'>,
): Promise<readonly string[]> {
  const followsTeam = sql<boolean>`exists (select 1 from team_members m
    where m.org_id = project_members.org_id and m.team_id = project_members.team_id
      and m.user_id = project_members.user_id and m.role = ${role.inheritedFrom})`;
  const gone = await db
    .deleteFrom('project_members')
    .where('org_id', '=', organizationId)
    .where('custom_role_id', '=', role.id)
    .where('is_invited', '=', false)
    .where(followsTeam)
    .returning('user_id')
    .execute();
  const moved = await db
    .updateTable('project_members')
    .set({
      role: sql`case when ${followsTeam} then null else ${role.inheritedFrom} end`,
      custom_role_id: null,
    })
    .where('org_id', '=', organizationId)
    .where('custom_role_id', '=', role.id)
    .returning('user_id')
    .execute();
  return [...gone, ...moved].map((row) => row.user_id);
}
