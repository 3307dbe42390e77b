import { sql, type Kysely } from 'kysely';
import type { RoleHolder, RoleHolders } from '../../directory/roles/role-holders.js';
import type { Database } from '../database.js';

type Counts = Omit<RoleHolders, 'first'>;

interface HolderRow {
  readonly user_id: string;
  readonly user_name: string;
  readonly display_name: string;
  readonly team_id: string;
  readonly team_name: string;
  readonly project_id: string | null;
  readonly project_name: string | null;
}

/** Who has a custom role. @param limit - how many of them at most are named */
export async function readRoleHolders(
  db: Kysely<Database>,
  organizationId: string,
  roleId: string,
  limit: number,
): Promise<RoleHolders> {
  const places = sql`
    select m.org_id, m.user_id, m.team_id, null::uuid as project_id from team_members m
     where m.org_id = ${organizationId}::uuid and m.custom_role_id = ${roleId}::uuid
    union all
    select p.org_id, p.user_id, p.team_id, p.project_id from project_members p
     where p.org_id = ${organizationId}::uuid and p.custom_role_id = ${roleId}::uuid`;
  const counted = await sql<Counts>`
    with places as (${places})
    select count(distinct user_id)::int as "accountCount",
           (count(*) filter (where project_id is null))::int as "teamCount",
           (count(*) filter (where project_id is not null))::int as "projectCount",
           (select count(*)::int from invitation_teams t
              join invitations i on i.org_id = t.org_id and i.id = t.invitation_id
             where t.org_id = ${organizationId}::uuid and t.custom_role_id = ${roleId}::uuid
               and i.state = 'pending') as "invitationCount",
           (select count(*)::int from mapping_rules r
             where r.org_id = ${organizationId}::uuid and r.custom_role_id = ${roleId}::uuid) as "mappingRuleCount"
      from places`.execute(db);
  const named = await sql<HolderRow>`
    with places as (${places})
    select u.id as user_id, u.user_name, u.display_name, t.id as team_id, t.display_name as team_name,
           p.id as project_id, p.name as project_name
      from places
      join users u on u.org_id = places.org_id and u.id = places.user_id
      join teams t on t.org_id = places.org_id and t.id = places.team_id
      left join projects p on p.org_id = places.org_id and p.id = places.project_id
     order by places.project_id is not null, u.user_name collate "C", t.id, p.id
     limit ${limit}`.execute(db);
  const [counts = NOBODY] = counted.rows;
  return { ...counts, first: named.rows.map(toHolder) };
}

const NOBODY: Counts = {
  accountCount: 0,
  teamCount: 0,
  projectCount: 0,
  invitationCount: 0,
  mappingRuleCount: 0,
};

const toHolder = (row: HolderRow): RoleHolder => ({
  userId: row.user_id,
  userName: row.user_name,
  displayName: row.display_name,
  team: { id: row.team_id, displayName: row.team_name },
  project:
    row.project_id === null || row.project_name === null
      ? undefined
      : { id: row.project_id, name: row.project_name },
});
