import { sql, type Kysely, type Selectable } from 'kysely';
import { toInstant, type Clock } from '../../kernel/clock.js';
import { foldCase } from '../../kernel/fold.js';
import type { Page } from '../../directory/query.js';
import type { Project, ProjectMember, ProjectPlace } from '../../directory/projects/project.js';
import type { ProjectPrivacy } from '../../directory/projects/project-privacy.js';
import type {
  ProjectChange,
  ProjectDraft,
  ProjectMemberQuery,
  ProjectQuery,
  ProjectStore,
  TeamMembership,
} from '../../directory/projects/project-store.js';
import type { RequestContext } from '../../directory/request-context.js';
import type { RoleChoice } from '../../directory/roles/find-role-choice.js';
import { appendAuditEvent } from '../audit-repository.js';
import type { Database } from '../database.js';
import type { ProjectMemberTable, TeamMemberTable } from '../tables/team-tables.js';
import type { SqlExpression } from '../filters/column.js';
import { listProjects, PROJECT_COLUMNS, toProject, type ProjectRow } from './list-projects.js';
import { listProjectMembers } from './list-project-members.js';

/** Projects in SQL. */
export class ProjectRepository implements ProjectStore {
  readonly #db: Kysely<Database>;
  readonly #clock: Clock;

  constructor(db: Kysely<Database>, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  find(organizationId: string, id: string): Promise<Project | undefined> {
    return this.#read(organizationId, id, sql``);
  }

  lock(organizationId: string, id: string): Promise<Project | undefined> {
    return this.#read(organizationId, id, sql`for no key update of p`);
  }

  async #read(organizationId: string, id: string, lock: SqlExpression): Promise<Project | undefined> {
    const { rows } = await sql<ProjectRow>`
      select ${PROJECT_COLUMNS} from projects p
       where p.org_id = ${organizationId}::uuid and p.id = ${id}::uuid ${lock}`.execute(this.#db);
    return rows[0] && toProject(rows[0]);
  }

  list(organizationId: string, query: ProjectQuery): Promise<Page<Project>> {
    return listProjects(this.#db, organizationId, query);
  }

  members(organizationId: string, project: Project, query: ProjectMemberQuery): Promise<Page<ProjectMember>> {
    return listProjectMembers(this.#db, organizationId, project, query);
  }

  async findPrivacy(organizationId: string, teamId: string): Promise<ProjectPrivacy | undefined> {
    const row = await this.#db
      .selectFrom('teams as t')
      .innerJoin('organizations as o', 'o.id', 't.org_id')
      .select(['t.keeps_projects_private', 'o.enforced_project_privacy'])
      .where('t.org_id', '=', organizationId)
      .where('t.id', '=', teamId)
      .where('t.archived_at', 'is', null)
      .executeTakeFirst();
    return (
      row && {
        keepsPrivate: row.keeps_projects_private,
        enforced: row.enforced_project_privacy ?? undefined,
      }
    );
  }

  async lockMemberships(
    organizationId: string,
    teamId: string,
    userIds: readonly string[],
  ): Promise<readonly TeamMembership[]> {
    if (userIds.length === 0) return [];
    const members = await this.#db
      .selectFrom('team_members as m')
      .select(['m.user_id', 'm.role', 'm.custom_role_id'])
      .where('m.org_id', '=', organizationId)
      .where('m.team_id', '=', teamId)
      .where(sql<boolean>`m.user_id = any(${userIds}::uuid[])`)
      .orderBy('m.user_id')
      .forNoKeyUpdate()
      .execute();
    const roles = new Map(members.map((row) => [row.user_id, toTeamRole(row)]));
    const users = await this.#db
      .selectFrom('users')
      .select(['id', 'account_type'])
      .where('org_id', '=', organizationId)
      .where(sql<boolean>`id = any(${userIds}::uuid[])`)
      .where('removed_at', 'is', null)
      .execute();
    return users
      .map((user) => ({ userId: user.id, accountType: user.account_type, role: roles.get(user.id) }))
      .filter(({ accountType, role }) => role !== undefined || accountType === 'ORG_SERVICE');
  }

  async insert(context: RequestContext, draft: ProjectDraft): Promise<void> {
    const now = toInstant(this.#clock.now());
    await this.#db
      .insertInto('projects')
      .values({
        org_id: context.organizationId,
        id: draft.id,
        team_id: draft.teamId,
        name: draft.name,
        name_key: foldCase(draft.name),
        visibility: draft.visibility,
        owner_id: draft.ownerId,
        version: 1,
        created_at: now,
        updated_at: now,
      })
      .execute();
    await this.#addInvited(context.organizationId, draft, draft.invitedIds);
    const { teamId, name, visibility, ownerId, invitedIds } = draft;
    await appendAuditEvent(this.#db, this.#clock, context, {
      action: 'project:create',
      targetType: 'Project',
      targetId: draft.id,
      after: JSON.stringify({
        teamId,
        name,
        visibility,
        ownerId,
        ...(invitedIds.length > 0 ? { invitedIds } : {}),
      }),
    });
  }

  async update(context: RequestContext, before: Project, change: ProjectChange): Promise<void> {
    const { name, visibility, ownerId } = change;
    await this.#write(context, before, {
      ...(name === undefined ? {} : { name, name_key: foldCase(name) }),
      ...(visibility === undefined ? {} : { visibility }),
      ...(ownerId === undefined ? {} : { owner_id: ownerId }),
    });
    const after = { ...before, ...change };
    if (before.visibility === 'restricted' && after.visibility !== 'restricted')
      await this.#forgetInvitations(context.organizationId, before.id);
    if (after.visibility === 'restricted') await this.#inviteOwner(context.organizationId, after);
    await appendAuditEvent(this.#db, this.#clock, context, {
      action: 'project:update',
      targetType: 'Project',
      targetId: before.id,
      before: JSON.stringify(pick(before, change)),
      after: JSON.stringify(change),
    });
  }

  async archive(context: RequestContext, before: Project): Promise<void> {
    await this.#write(context, before, { name_key: null, archived_at: toInstant(this.#clock.now()) });
    await appendAuditEvent(this.#db, this.#clock, context, {
      action: 'project:archive',
      targetType: 'Project',
      targetId: before.id,
      before: JSON.stringify({ name: before.name, teamId: before.teamId }),
    });
  }

  async restore(context: RequestContext, before: Project): Promise<void> {
    await this.#write(context, before, { name_key: foldCase(before.name), archived_at: null });
    await appendAuditEvent(this.#db, this.#clock, context, {
      action: 'project:restore',
      targetType: 'Project',
      targetId: before.id,
      after: JSON.stringify({ name: before.name, teamId: before.teamId }),
    });
  }

  async #write(
    { organizationId }: RequestContext,
    before: Project,
    columns: Readonly<Record<string, string | null>>,
  ): Promise<void> {
    await this.#db
      .updateTable('projects')
      .set({ ...columns, version: before.version + 1, updated_at: toInstant(this.#clock.now()) })
      .where('org_id', '=', organizationId)
      .where('id', '=', before.id)
      .execute();
  }

  async findPlace(
    organizationId: string,
    projectId: string,
    userId: string,
  ): Promise<ProjectPlace | undefined> {
    const row = await this.#db
      .selectFrom('project_members')
      .select(['role', 'custom_role_id', 'is_invited'])
      .where('org_id', '=', organizationId)
      .where('project_id', '=', projectId)
      .where('user_id', '=', userId)
      .executeTakeFirst();
    return row && { role: toRoleChoice(row), isInvited: row.is_invited };
  }

  async setPlace(
    context: RequestContext,
    project: Project,
    userId: string,
    place: ProjectPlace,
  ): Promise<void> {
    const { organizationId } = context;
    const before = await this.findPlace(organizationId, project.id, userId);
    if (
      JSON.stringify(before ?? NOTHING) === JSON.stringify({ role: place.role, isInvited: place.isInvited })
    )
      return;
    if (place.role === undefined && !place.isInvited)
      await this.#db
        .deleteFrom('project_members')
        .where('org_id', '=', organizationId)
        .where('project_id', '=', project.id)
        .where('user_id', '=', userId)
        .execute();
    else {
      const columns = {
        role: place.role?.role ?? null,
        custom_role_id: place.role?.customRoleId ?? null,
        is_invited: place.isInvited,
      };
      await this.#db
        .insertInto('project_members')
        .values({
          org_id: organizationId,
          project_id: project.id,
          team_id: project.teamId,
          user_id: userId,
          created_at: toInstant(this.#clock.now()),
          ...columns,
        })
        .onConflict((conflict) => conflict.columns(['org_id', 'project_id', 'user_id']).doUpdateSet(columns))
        .execute();
    }
    await appendAuditEvent(this.#db, this.#clock, context, {
      action: 'project:update_members',
      targetType: 'Project',
      targetId: project.id,
      before: JSON.stringify({ userId, ...(before ?? NOTHING) }),
      after: JSON.stringify({ userId, ...place }),
    });
  }

  async invite(
    context: RequestContext,
    project: Project,
    userIds: readonly string[],
  ): Promise<readonly string[]> {
    const invited = await this.#addInvited(context.organizationId, project, userIds);
    if (invited.length > 0)
      await appendAuditEvent(this.#db, this.#clock, context, {
        action: 'project:update_members',
        targetType: 'Project',
        targetId: project.id,
        after: JSON.stringify({ invited }),
      });
    return invited;
  }

  async #addInvited(
    organizationId: string,
    project: Pick<Project, 'id' | 'teamId'>,
    userIds: readonly string[],
  ): Promise<readonly string[]> {
    if (userIds.length === 0) return [];
    const rows = await this.#db
      .insertInto('project_members')
      .values(
        [...new Set(userIds)].sort().map((userId) => ({
          org_id: organizationId,
          project_id: project.id,
          team_id: project.teamId,
          user_id: userId,
          role: null,
          custom_role_id: null,
          is_invited: true,
          created_at: toInstant(this.#clock.now()),
        })),
      )
      .onConflict((conflict) =>
        conflict
          .columns(['org_id', 'project_id', 'user_id'])
          .doUpdateSet({ is_invited: true })
          .where('project_members.is_invited', '=', false),
      )
      .returning('user_id')
      .execute();
    return rows.map((row) => row.user_id);
  }

  /** An owner who has left the team is not let in. */
  async #inviteOwner(
    organizationId: string,
    project: Pick<Project, 'id' | 'teamId' | 'ownerId'>,
  ): Promise<void> {
    const member = await this.#db
      .selectFrom('team_members')
      .select('user_id')
      .where('org_id', '=', organizationId)
      .where('team_id', '=', project.teamId)
      .where('user_id', '=', project.ownerId)
      .executeTakeFirst();
    if (member) await this.#addInvited(organizationId, project, [project.ownerId]);
  }

  async #forgetInvitations(organizationId: string, projectId: string): Promise<void> {
    await this.#db
      .deleteFrom('project_members')
      .where('org_id', '=', organizationId)
      .where('project_id', '=', projectId)
      .where('role', 'is', null)
      .execute();
    await this.#db
      .updateTable('project_members')
      .set({ is_invited: false })
      .where('org_id', '=', organizationId)
      .where('project_id', '=', projectId)
      .execute();
  }
}

const NOTHING: ProjectPlace = { role: undefined, isInvited: false };

type RoleColumns = Pick<Selectable<ProjectMemberTable>, 'role' | 'custom_role_id'>;

const toRoleChoice = ({ role, custom_role_id }: RoleColumns): RoleChoice | undefined => {
  if (custom_role_id !== null) return { role: 'custom', customRoleId: custom_role_id };
  return role === null || role === 'custom' ? undefined : { role, customRoleId: undefined };
};

const toTeamRole = ({
  role,
  custom_role_id,
}: Pick<Selectable<TeamMemberTable>, 'role' | 'custom_role_id'>): TeamMembership['role'] =>
  role === 'service' ? { role, customRoleId: undefined } : toRoleChoice({ role, custom_role_id });

/** The members of `before` that a change names. */
const pick = (before: Project, change: ProjectChange): ProjectChange =>
  Object.fromEntries(Object.keys(change).map((name) => [name, before[name as keyof ProjectChange]]));
