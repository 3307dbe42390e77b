import { sql, type Kysely } from 'kysely';
import { toInstant, type Clock } from '../../kernel/clock.js';
import { foldCase } from '../../kernel/fold.js';
import type { ListQuery, Page } from '../../directory/query.js';
import type { RequestContext } from '../../directory/request-context.js';
import type { Role, RoleInput } from '../../directory/roles/role.js';
import type { RoleHolders } from '../../directory/roles/role-holders.js';
import type { RoleQuery, RoleReadScope, RoleStore } from '../../directory/roles/role-store.js';
import type { ExternalIdScope } from '../../directory/connections/external-id-scope.js';
import { appendAuditEvent } from '../audit-repository.js';
import type { Database } from '../database.js';
import { roleColumns } from '../filters/role-columns.js';
import { readPage } from '../page-query.js';
import { moveInvitedHolders } from '../invitations/move-invited-holders.js';
import { browseRoles } from './browse-roles.js';
import { moveProjectHolders } from './move-project-holders.js';
import { readRoleHolders } from './read-role-holders.js';
import { ROLE_COLUMNS, toRole, type RoleRow } from './role-row.js';

/** What the audit keeps of a role. */
const snapshot = ({ name, externalId, description, inheritedFrom, permissions }: RoleInput | Role): string =>
  JSON.stringify({ name, externalId, description, inheritedFrom, permissions });

/** Custom roles in SQL. */
export class RoleRepository implements RoleStore {
  readonly #db: Kysely<Database>;
  readonly #clock: Clock;

  constructor(db: Kysely<Database>, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  #select(scope: RoleReadScope) {
    return this.#db
      .selectFrom('roles as r')
      .leftJoin('external_ids as x', (join) =>
        join
          .onRef('x.org_id', '=', 'r.org_id')
          .onRef('x.resource_id', '=', 'r.id')
          .on('x.connection_id', '=', scope.connectionId ?? null),
      )
      .select(ROLE_COLUMNS)
      .where('r.org_id', '=', scope.organizationId);
  }

  async find(scope: RoleReadScope, id: string): Promise<Role | undefined> {
    const row = await this.#select(scope).where('r.id', '=', id).executeTakeFirst();
    return row && toRole(row);
  }

  async lock(scope: RoleReadScope, id: string): Promise<Role | undefined> {
    const row = await this.#select(scope).where('r.id', '=', id).forUpdate('r').executeTakeFirst();
    return row && toRole(row);
  }

  list(scope: RoleReadScope, query: ListQuery): Promise<Page<Role>> {
    return readPage<RoleRow, Role>(
      this.#db,
      {
        alias: 'r',
        columns: sql.join(ROLE_COLUMNS.map((column) => sql.ref(column))),
        from: sql`roles r left join external_ids x on x.org_id = r.org_id
          and x.connection_id = ${scope.connectionId ?? null}::uuid and x.resource_id = r.id`,
        where: sql<boolean>`(r.org_id = ${scope.organizationId}::uuid)`,
        findColumn: roleColumns(scope),
        toItem: toRole,
      },
      query,
    );
  }

  browse(organizationId: string, query: RoleQuery): Promise<Page<Role>> {
    return browseRoles(this.#db, organizationId, query);
  }

  readHolders(organizationId: string, id: string, limit: number): Promise<RoleHolders> {
    return readRoleHolders(this.#db, organizationId, id, limit);
  }

  async findByName(organizationId: string, name: string): Promise<{ readonly id: string } | undefined> {
    return this.#db
      .selectFrom('roles')
      .select('id')
      .where('org_id', '=', organizationId)
      .where('name', '=', name)
      .executeTakeFirst();
  }

  async insert(
    context: RequestContext,
    scope: ExternalIdScope | undefined,
    id: string,
    input: RoleInput,
  ): Promise<void> {
    const now = toInstant(this.#clock.now());
    await this.#db
      .insertInto('roles')
      .values({
        org_id: context.organizationId,
        id,
        ...toColumns(input),
        version: 1,
        created_at: now,
        updated_at: now,
      })
      .execute();
    await this.#linkExternalId(context, scope, id, input.externalId);
    await appendAuditEvent(this.#db, this.#clock, context, {
      action: 'role:create',
      targetType: 'Role',
      targetId: id,
      after: snapshot(input),
    });
  }

  async update(
    context: RequestContext,
    scope: ExternalIdScope | undefined,
    before: Role,
    input: RoleInput,
  ): Promise<void> {
    await this.#db
      .updateTable('roles')
      .set({ ...toColumns(input), version: before.version + 1, updated_at: toInstant(this.#clock.now()) })
      .where('org_id', '=', context.organizationId)
      .where('id', '=', before.id)
      .execute();
    if (before.externalId !== input.externalId)
      await this.#linkExternalId(context, scope, before.id, input.externalId);
    await appendAuditEvent(this.#db, this.#clock, context, {
      action: 'role:update',
      targetType: 'Role',
      targetId: before.id,
      before: snapshot(before),
      after: snapshot(input),
    });
  }

  async delete(context: RequestContext, role: Role): Promise<number> {
    const moved = await this.#db
      .updateTable('team_members')
      .set({ role: role.inheritedFrom, custom_role_id: null })
      .where('org_id', '=', context.organizationId)
      .where('custom_role_id', '=', role.id)
      .returning('user_id')
      .execute();
    await moveInvitedHolders(this.#db, context.organizationId, role);
    const inProjects = await moveProjectHolders(this.#db, context.organizationId, role);
    const holders = [...new Set([...moved.map((row) => row.user_id), ...inProjects])];
    if (holders.length > 0)
      await this.#db
        .updateTable('users')
        .set((expression) => ({
          version: expression('version', '+', 1),
          updated_at: toInstant(this.#clock.now()),
        }))
        .where('org_id', '=', context.organizationId)
        .where(sql<boolean>`id = any(${holders}::uuid[])`)
        .execute();
    await this.#db
      .updateTable('mapping_rules')
      .set((expression) => ({
        team_role: role.inheritedFrom,
        custom_role_id: null,
        version: expression('version', '+', 1),
        updated_at: toInstant(this.#clock.now()),
      }))
      .where('org_id', '=', context.organizationId)
      .where('custom_role_id', '=', role.id)
      .execute();
    await this.#db
      .deleteFrom('external_ids')
      .where('org_id', '=', context.organizationId)
      .where('resource_type', '=', 'Role')
      .where('resource_id', '=', role.id)
      .execute();
    await this.#db
      .deleteFrom('roles')
      .where('org_id', '=', context.organizationId)
      .where('id', '=', role.id)
      .execute();
    await appendAuditEvent(this.#db, this.#clock, context, {
      action: 'role:delete',
      targetType: 'Role',
      targetId: role.id,
      before: snapshot(role),
      after: JSON.stringify({ holdersMovedTo: role.inheritedFrom, holders }),
    });
    return holders.length;
  }

  async #linkExternalId(
    context: RequestContext,
    scope: ExternalIdScope | undefined,
    id: string,
    externalId: string | undefined,
  ): Promise<void> {
    if (!scope) return;
    await this.#db
      .deleteFrom('external_ids')
      .where('org_id', '=', context.organizationId)
      .where('connection_id', '=', scope.connectionId)
      .where('resource_id', '=', id)
      .execute();
    if (externalId === undefined) return;
    await this.#db
      .insertInto('external_ids')
      .values({
        org_id: context.organizationId,
        connection_id: scope.connectionId,
        resource_type: 'Role',
        resource_id: id,
        external_id: externalId,
        is_unique: scope.isUnique,
      })
      .execute();
  }
}

const toColumns = (input: RoleInput) => ({
  name: input.name,
  description: input.description ?? null,
  description_key: input.description === undefined ? null : foldCase(input.description),
  inherited_from: input.inheritedFrom,
  permissions: [...input.permissions],
});
