import { sql, type Kysely, type Selectable } from 'kysely';
import { foldCase } from '../../kernel/fold.js';
import type { Page } from '../../directory/query.js';
import type { Project } from '../../directory/projects/project.js';
import type { ProjectQuery } from '../../directory/projects/project-store.js';
import type { Database } from '../database.js';
import type { ProjectTable } from '../tables/team-tables.js';
import type { SqlCondition } from '../filters/column.js';
import { allOf, readKeysetPage } from '../keyset-page.js';

export type ProjectRow = Omit<Selectable<ProjectTable>, 'org_id' | 'name_key'> & {
  readonly is_owner_in_team: boolean;
};

export const toProject = (row: ProjectRow): Project => ({
  id: row.id,
  teamId: row.team_id,
  name: row.name,
  visibility: row.visibility,
  ownerId: row.owner_id,
  isOwnerInTeam: row.is_owner_in_team,
  version: row.version,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  archivedAt: row.archived_at ?? undefined,
});

export const PROJECT_COLUMNS = sql`p.id, p.team_id, p.name, p.visibility, p.owner_id, p.version, p.created_at,
  p.updated_at, p.archived_at,
  exists (select 1 from team_members m
    where m.org_id = p.org_id and m.team_id = p.team_id and m.user_id = p.owner_id) as is_owner_in_team`;

/** An archived project has no name key; it is found by its name all the same. */
const NAME = sql`coalesce(p.name_key, p.name)`;

/** One page of projects by id, which is their age, or by folded name. Those of archived teams are left out. */
export const listProjects = (
  db: Kysely<Database>,
  organizationId: string,
  query: ProjectQuery,
): Promise<Page<Project>> =>
  readKeysetPage<ProjectRow, Project>(
    db,
    {
      columns: PROJECT_COLUMNS,
      from: sql`projects p join teams t on t.org_id = p.org_id and t.id = p.team_id and t.archived_at is null`,
      where: conditionsOf(organizationId, query),
      id: sql`p.id`,
      sortKey: query.sort.key === 'name' ? NAME : undefined,
      toItem: toProject,
    },
    { after: query.after, limit: query.limit, descending: query.sort.descending },
  );

const conditionsOf = (organizationId: string, query: ProjectQuery): SqlCondition =>
  allOf(
    sql<boolean>`p.org_id = ${organizationId}::uuid`,
    query.isArchived ? sql<boolean>`p.archived_at is not null` : sql<boolean>`p.archived_at is null`,
    query.teamId === undefined ? undefined : sql<boolean>`p.team_id = ${query.teamId}::uuid`,
    query.visibility === undefined ? undefined : sql<boolean>`p.visibility = ${query.visibility}`,
    query.ownerId === undefined ? undefined : sql<boolean>`p.owner_id = ${query.ownerId}::uuid`,
    query.search === undefined ? undefined : sql<boolean>`position(${foldCase(query.search)} in ${NAME}) > 0`,
    query.readerId === undefined ? undefined : isVisibleTo(query.readerId),
  );

/**
 * What `directory/access` decides about project:read; and restricted projects for team admins, who have to see them to
 * look after them.
 */
const isVisibleTo = (readerId: string): SqlCondition => sql<boolean>`(
  p.visibility in ('open', 'public')
  or exists (select 1 from users s left join team_members m
      on m.org_id = s.org_id and m.user_id = s.id and m.team_id = p.team_id
      where s.org_id = p.org_id and s.id = ${readerId}::uuid
        and (s.account_type <> 'USER' or s.seat <> 'none')
        and (m.user_id is not null or s.account_type = 'ORG_SERVICE')
        and (p.visibility = 'team' or (m.role = 'admin' and s.seat <> 'viewer' and s.organization_role <> 'viewer')
          or exists (select 1 from project_members i
              where i.org_id = p.org_id and i.project_id = p.id and i.user_id = s.id and i.is_invited))))`;
