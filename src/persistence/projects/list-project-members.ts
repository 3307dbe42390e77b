import { sql, type Kysely } from 'kysely';
import type { Page } from '../../directory/query.js';
import type { Project, ProjectMember } from '../../directory/projects/project.js';
import type { ProjectMemberQuery } from '../../directory/projects/project-store.js';
import { hasProjectRoles } from '../../directory/projects/project-role-rules.js';
import type { AccountType } from '../../directory/users/user.js';
import type { Database } from '../database.js';
import { allOf, readKeysetPage } from '../keyset-page.js';

interface MemberRow {
  readonly id: string;
  readonly user_name: string;
  readonly display_name: string;
  readonly account_type: AccountType;
  readonly is_active: boolean;
  readonly team_role: string;
  readonly own_role: string | null;
  readonly is_invited: boolean;
}

const COLUMNS = sql`u.id, u.user_name, u.display_name, u.account_type, u.is_active,
  coalesce((select r.name from roles r where r.org_id = m.org_id and r.id = m.custom_role_id), m.role) as team_role,
  coalesce((select r.name from roles r where r.org_id = i.org_id and r.id = i.custom_role_id), i.role) as own_role,
  coalesce(i.is_invited, false) as is_invited`;

/** One page of who is in a project, by name: the members of the team, or of a restricted project the invited. */
export const listProjectMembers = (
  db: Kysely<Database>,
  organizationId: string,
  project: Project,
  query: ProjectMemberQuery,
): Promise<Page<ProjectMember>> =>
  readKeysetPage<MemberRow, ProjectMember>(
    db,
    {
      columns: COLUMNS,
      from: sql`team_members m
        join users u on u.org_id = m.org_id and u.id = m.user_id and u.removed_at is null
        left join project_members i on i.org_id = m.org_id and i.project_id = ${project.id}::uuid and i.user_id = m.user_id`,
      where: allOf(
        sql<boolean>`m.org_id = ${organizationId}::uuid and m.team_id = ${project.teamId}::uuid`,
        project.visibility === 'restricted' ? sql<boolean>`i.is_invited` : undefined,
        query.userId === undefined ? undefined : sql<boolean>`m.user_id = ${query.userId}::uuid`,
      ),
      id: sql`u.id`,
      sortKey: query.sort.key === 'name' ? sql`u.display_name_key` : undefined,
      toItem: (row) => toMember(row, project),
    },
    { after: query.after, limit: query.limit, descending: query.sort.descending },
  );

function toMember(row: MemberRow, project: Project): ProjectMember {
  const isHidden = row.team_role === 'viewer' || !hasProjectRoles(project.visibility);
  return {
    userId: row.id,
    userName: row.user_name,
    displayName: row.display_name,
    accountType: row.account_type,
    isActive: row.is_active,
    teamRole: row.team_role,
    projectRole: isHidden ? row.team_role : (row.own_role ?? row.team_role),
    ownRole: row.own_role ?? undefined,
    isInvited: row.is_invited,
  };
}
