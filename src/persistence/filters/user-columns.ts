import { sql } from 'kysely';
import {
  ENTERPRISE_USER_SCHEMA,
  ROLLCALL_USER_SCHEMA,
  USER_SCHEMA,
  USER_TYPE,
  type Attribute,
  type AttributePath,
} from '../../directory/schema/index.js';
import { emailKey } from '../../directory/users/user-index.js';
import type { UserReadScope } from '../../directory/users/user-store.js';
import { commonColumns } from './common-columns.js';
import {
  scalar,
  text,
  type Column,
  type FindColumn,
  type ScalarColumn,
  type SqlExpression,
} from './column.js';

/**
 * Columns of users. Attributes of the profile live in `search`, folded; the ones below have columns of their own.
 * The statement names users `u`.
 */
export function userColumns(scope: UserReadScope): FindColumn {
  const core: Record<string, Column> = {
    ...profileColumns(USER_SCHEMA.attributes, sql`u.search`),
    ...commonColumns({ ...scope, type: USER_TYPE, alias: 'u' }),
    externalId: externalIdColumn(scope),
    userName: text(sql`u.user_name_key`),
    active: scalar('boolean', sql`u.is_active`),
    groups: groupsColumn(scope.baseUrl),
  };
  const enterprise: Record<string, Column> = {
    ...profileColumns(ENTERPRISE_USER_SCHEMA.attributes, sql`u.search->'enterprise'`),
    manager: managerColumn(scope.baseUrl),
  };
  const rollcall = rollcallColumns();
  return (path) => tableOf(path, { core, enterprise, rollcall })[path.attribute.name];
}

/** In the user's row when this connection made the user, otherwise in external_ids. */
function externalIdColumn({ organizationId, connectionId }: UserReadScope): Column {
  const connection = sql`${connectionId ?? null}::uuid`;
  return text(
    sql`(case when u.connection_id = ${connection} and u.external_id is not null then u.external_id else
      (select e.external_id from external_ids e
        where e.org_id = u.org_id and e.connection_id = ${connection} and e.resource_id = u.id) end)`,
    (value) => sql<boolean>`(u.id in (
      select s.id from users s
       where s.org_id = ${organizationId}::uuid and s.connection_id = ${connection} and s.external_id = ${value}
      union all
      select e.resource_id from external_ids e
       where e.org_id = ${organizationId}::uuid and e.connection_id = ${connection} and e.external_id = ${value}))`,
  );
}

const tableOf = (
  path: AttributePath,
  tables: {
    core: Record<string, Column>;
    enterprise: Record<string, Column>;
    rollcall: Record<string, Column>;
  },
): Record<string, Column> => {
  if (path.schema.id === ENTERPRISE_USER_SCHEMA.id) return tables.enterprise;
  return path.schema.id === ROLLCALL_USER_SCHEMA.id ? tables.rollcall : tables.core;
};

const columnType = (attribute: Attribute): ScalarColumn['type'] =>
  attribute.type === 'boolean' ? 'boolean' : 'text';

const part = (attribute: Attribute, container: SqlExpression): ScalarColumn => {
  const value = sql`(${container}->>${sql.lit(attribute.name)})`;
  return attribute.type === 'boolean'
    ? scalar('boolean', sql`${value}::boolean`)
    : scalar(columnType(attribute), value);
};

const partsOf = (attribute: Attribute, container: SqlExpression): Record<string, ScalarColumn> =>
  Object.fromEntries(attribute.subAttributes.map((sub) => [sub.name, part(sub, container)]));

function profileColumns(attributes: readonly Attribute[], container: SqlExpression): Record<string, Column> {
  return Object.fromEntries(
    attributes
      .filter((attribute) => attribute.returned !== 'never')
      .map((attribute) => [attribute.name, profileColumn(attribute, container)]),
  );
}

function profileColumn(attribute: Attribute, container: SqlExpression): Column {
  const value = sql`(${container}->${sql.lit(attribute.name)})`;
  if (attribute.multiValued)
    return {
      kind: 'elements',
      source: sql`jsonb_array_elements(${value}) with ordinality as e(value, position)`,
      parts: partsOf(attribute, sql`e.value`),
      order: sql`coalesce((e.value->>'primary')::boolean, false) desc, e.position`,
      ...(attribute.name === 'emails'
        ? { hasValue: (email: string) => sql<boolean>`u.email_keys @> array[${emailKey(email)}]::text[]` }
        : {}),
    };
  if (attribute.type === 'complex')
    return {
      kind: 'complex',
      present: sql<boolean>`(${value} is not null)`,
      parts: partsOf(attribute, value),
    };
  return part(attribute, container);
}

const memberships = sql`team_members m
  join teams t on t.org_id = m.org_id and t.id = m.team_id and t.archived_at is null`;

const groupsColumn = (baseUrl: string): Column => ({
  kind: 'elements',
  source: sql`(select t.id::text as id, t.display_name_key as display from ${memberships}
    where m.org_id = u.org_id and m.user_id = u.id) e`,
  parts: {
    value: text(sql`e.id`),
    $ref: text(sql`(${`${baseUrl}/Groups/`} || e.id)`),
    display: text(sql`e.display`),
    type: text(sql`'direct'`),
  },
  order: sql`e.id`,
});

const managerColumn = (baseUrl: string): Column => {
  const value = sql`(u.search->'enterprise'->'manager'->>'value')`;
  return {
    kind: 'complex',
    present: sql<boolean>`(${value} is not null)`,
    parts: {
      value: text(value),
      $ref: text(sql`(${`${baseUrl}/Users/`} || u.manager_id::text)`),
      displayName: text(sql`(select b.display_name_key from users b
        where b.org_id = u.org_id and b.id = u.manager_id and b.removed_at is null)`),
    },
  };
};

/** Service accounts show no organization role, seat or team roles. */
const ofPerson = (expression: SqlExpression): SqlExpression =>
  sql`(case when u.account_type = 'USER' then ${expression} end)`;

const rollcallColumns = (): Record<string, Column> => ({
  organizationRole: text(ofPerson(sql`u.organization_role::text`)),
  teamRoles: {
    kind: 'elements',
    source: sql`(select t.id::text as id, t.display_name_key as name, coalesce(r.name, m.role) as role
      from ${memberships} left join roles r on r.org_id = m.org_id and r.id = m.custom_role_id
      where m.org_id = u.org_id and m.user_id = u.id and m.role <> 'service') e`,
    parts: { teamId: text(sql`e.id`), teamName: text(sql`e.name`), roleName: text(sql`e.role`) },
    order: sql`e.id`,
  },
  seat: text(ofPerson(sql`u.seat::text`)),
  accountType: text(sql`u.account_type::text`),
  defaultTeam: text(
    sql`(select d.display_name_key from teams d where d.org_id = u.org_id and d.id = u.default_team_id)`,
  ),
  lastActiveAt: scalar('instant', sql`u.last_active_at`),
  daysActive: scalar('integer', sql`u.days_active`),
});
