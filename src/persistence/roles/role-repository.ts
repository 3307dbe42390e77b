import { sql, type Kysely, type Selectable } from 'kysely';
import { toInstant, type Clock } from '../../kernel/clock.js';
import { foldCase } from '../../kernel/fold.js';
import type { ListQuery, Page } from '../../directory/query.js';
import type { RequestContext } from '../../directory/request-context.js';
import type { Role, RoleInput } from '../../directory/roles/role.js';
import type { RoleReadScope, RoleStore } from '../../directory/roles/role-store.js';
import type { ExternalIdScope } from '../../directory/connections/external-id-scope.js';
import { appendAuditEvent } from '../audit-repository.js';
import type { Database, RoleTable } from '../database.js';
import { roleColumns } from '../filters/role-columns.js';
import { readPage } from '../page-query.js';
import { moveInvitedHolders } from '../invitations/move-invited-holders.js';
import { moveProjectHolders } from './move-project-holders.js';

type RoleRow = Pick<
  Selectable<RoleTable>,
  'id' | 'name' | 'description' | 'inherited_from' | 'permissions' | 'version' | 'created_at' | 'updated_at'
> & { readonly external_id: string | null };

const COLUMNS = [
  'r.id',
  'r.name',
  'r.description',
  'r.inherited_from',
  'r.permissions',
  'r.version',
  'r.created_at',
  'r.updated_at',
  'x.external_id',
] as const;

const toRole = (row: RoleRow): Role => ({
  id: row.id,
  externalId: row.external_id ?? undefined,
  name: row.name,
  description: row.description ?? undefined,
  inheritedFrom: row.inherited_from,
  permissions: row.permissions,
  version: row.version,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

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
      .select(COLUMNS)
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
        columns: sql.join(COLUMNS.map((column) => sql.ref(column))),
        from: sql`roles r left join external_ids x on x.org_id = r.org_id
          and x.connection_id = ${scope.connectionId ?? null}::uuid and x.resource_id = r.id`,
        where: sql<boolean>`(r.org_id = ${scope.organizationId}::uuid)`,
        findColumn: roleColumns(scope),
        toItem: toRole,
      },
      query,
    );
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
