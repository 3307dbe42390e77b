import { sql, type Kysely } from 'kysely';
import type { Page } from '../../directory/query.js';
import type { Project, ProjectMember } from '../../directory/projects/project.js';
import type { ProjectMemberQuery } from '../../directory/projects/project-store.js';
import type { AccountType } from '../../directory/users/user.js';
import { hasProjectRoles } from '../../directory/projects/project-role-rules.js';
import type { Database } from '../database.js';

interface MemberRow {
  readonly id: string;
  readonly user_name: string;
  readonly display_name: string;
  readonly account_type: AccountType;
  readonly is_active: boolean;
  readonly team_role: string;
  readonly own_role: string | null;
  readonly is_invited: boolean;
  readonly total: number;
}

/** One page of who is in a project, by user id: the members of the team, or of a restricted project the invited. */
export async function listProjectMembers(
  db: Kysely<Database>,
  organizationId: string,
  project: Project,
  query: ProjectMemberQuery,
): Promise<Page<ProjectMember>> {
  const members = sql`from team_members m
      join users u on u.org_id = m.org_id and u.id = m.user_id and u.removed_at is null
      left join project_members p on p.org_id = m.org_id and p.project_id = ${project.id}::uuid and p.user_id = m.user_id
     where m.org_id = ${organizationId}::uuid and m.team_id = ${project.teamId}::uuid
       and (${project.visibility !== 'restricted'} or coalesce(p.is_invited, false))`;
  const { rows } = await sql<MemberRow>`
    select u.id, u.user_name, u.display_name, u.account_type, u.is_active,
      coalesce((select r.name from roles r where r.org_id = m.org_id and r.id = m.custom_role_id), m.role) as team_role,
      coalesce((select r.name from roles r where r.org_id = p.org_id and r.id = p.custom_role_id), p.role) as own_role,
      coalesce(p.is_invited, false) as is_invited,
      (select count(*)::int ${members}) as total
      ${members} and ${query.after === undefined ? sql`true` : sql`m.user_id > ${query.after.id}::uuid`}
     order by m.user_id limit ${query.limit + 1}`.execute(db);
  const shown = rows.slice(0, query.limit);
  const last = rows.length > shown.length ? shown.at(-1) : undefined;
  return {
    items: shown.map((row) => toMember(row, project)),
    total: rows[0]?.total ?? 0,
    next: last && { id: last.id },
  };
}

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
