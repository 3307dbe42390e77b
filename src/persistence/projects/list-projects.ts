import { sql, type Kysely, type Selectable, type SqlBool, type RawBuilder } from 'kysely';
import { foldCase } from '../../kernel/fold.js';
import type { Page } from '../../directory/query.js';
import type { Project } from '../../directory/projects/project.js';
import type { ProjectQuery } from '../../directory/projects/project-store.js';
import type { Database, ProjectTable } from '../database.js';

type ProjectRow = Omit<Selectable<ProjectTable>, 'org_id' | 'name_key'> & {
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

const OWNER_IN_TEAM = sql<boolean>`exists (select 1 from team_members m
  where m.org_id = p.org_id and m.team_id = p.team_id and m.user_id = p.owner_id)`;

/** Projects of an organization, live and archived. */
export const selectProject = (db: Kysely<Database>, organizationId: string) =>
  db
    .selectFrom('projects as p')
    .select([
      'p.id',
      'p.team_id',
      'p.name',
      'p.visibility',
      'p.owner_id',
      'p.version',
      'p.created_at',
      'p.updated_at',
      'p.archived_at',
      OWNER_IN_TEAM.as('is_owner_in_team'),
    ])
    .where('p.org_id', '=', organizationId);

/** One page of projects by id, which is their age, or by folded name. Those of archived teams are left out. */
export async function listProjects(
  db: Kysely<Database>,
  organizationId: string,
  query: ProjectQuery,
): Promise<Page<Project>> {
  const conditions = conditionsOf(organizationId, query);
  const key = query.sort === 'name' ? SORT_NAME : sql<string>`p.id::text`;
  const { after, limit, descending } = query;
  const direction = descending ? 'desc' : 'asc';
  const rows = await selectProject(db, organizationId)
    .select(key.as('sort_key'))
    .where(conditions)
    .$if(after !== undefined, (select) => select.where(afterPosition(query, key)))
    .orderBy('sort_key', direction)
    .orderBy('p.id', direction)
    .limit(limit + 1)
    .execute();
  const shown = rows.slice(0, limit);
  const last = rows.length > shown.length ? shown.at(-1) : undefined;
  const isWhole = after === undefined && last === undefined && limit > 0;
  return {
    items: shown.map(toProject),
    total: isWhole ? shown.length : await countProjects(db, organizationId, conditions),
    next: last && { id: last.id, ...(query.sort === 'name' ? { sortKey: last.sort_key } : {}) },
  };
}

/** An archived project has no name key; it is found by its name all the same. */
const SORT_NAME = sql<string>`coalesce(p.name_key, p.name collate "C")`;

function afterPosition(
  { after, sort, descending }: ProjectQuery,
  key: RawBuilder<string>,
): RawBuilder<SqlBool> {
  const position = sort === 'name' ? sql`(${key}, p.id)` : sql`(p.id)`;
  const value =
    sort === 'name'
      ? sql`(${after?.sortKey ?? ''} collate "C", ${after?.id}::uuid)`
      : sql`(${after?.id}::uuid)`;
  return descending ? sql<SqlBool>`${position} < ${value}` : sql<SqlBool>`${position} > ${value}`;
}

function conditionsOf(organizationId: string, query: ProjectQuery): RawBuilder<SqlBool> {
  const parts = [
    query.isArchived ? sql`p.archived_at is not null` : sql`p.archived_at is null`,
    sql`exists (select 1 from teams t where t.org_id = p.org_id and t.id = p.team_id and t.archived_at is null)`,
  ];
  if (query.teamId !== undefined) parts.push(sql`p.team_id = ${query.teamId}::uuid`);
  if (query.visibility !== undefined) parts.push(sql`p.visibility = ${query.visibility}`);
  if (query.ownerId !== undefined) parts.push(sql`p.owner_id = ${query.ownerId}::uuid`);
  if (query.search !== undefined) parts.push(sql`position(${foldCase(query.search)} in ${SORT_NAME}) > 0`);
  if (query.readerId !== undefined) parts.push(isVisibleTo(organizationId, query.readerId));
  return sql<SqlBool>`${sql.join(parts, sql` and `)}`;
}

/** The same that `directory/access` decides about project:read, and what team admins have to see to manage it. */
const isVisibleTo = (organizationId: string, readerId: string): RawBuilder<unknown> => sql`(
  p.visibility in ('open', 'public')
  or exists (select 1 from team_members m
      where m.org_id = ${organizationId}::uuid and m.user_id = ${readerId}::uuid and m.team_id = p.team_id
        and (p.visibility <> 'restricted' or m.role = 'admin'
          or exists (select 1 from project_members i
              where i.org_id = m.org_id and i.project_id = p.id and i.user_id = m.user_id and i.is_invited)))
  or (p.visibility <> 'restricted' and exists (select 1 from users s
      where s.org_id = ${organizationId}::uuid and s.id = ${readerId}::uuid and s.account_type = 'ORG_SERVICE')))`;

async function countProjects(
  db: Kysely<Database>,
  organizationId: string,
  conditions: RawBuilder<SqlBool>,
): Promise<number> {
  const { rows } = await sql<{ total: number }>`
    select count(*)::int as total from projects p
     where p.org_id = ${organizationId}::uuid and ${conditions}`.execute(db);
  return rows[0]?.total ?? 0;
}
