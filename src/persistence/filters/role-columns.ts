import { sql } from 'kysely';
import { inheritedPermissions } from '../../permissions/index.js';
import { ROLE_TYPE } from '../../directory/schema/index.js';
import type { RoleReadScope } from '../../directory/roles/role-store.js';
import { scalar, text, type Column, type FindColumn } from './column.js';
import { commonColumns } from './common-columns.js';

/** Columns of custom roles. The statement names roles `r` and external_ids `x`. */
export function roleColumns(scope: RoleReadScope): FindColumn {
  const columns: Record<string, Column> = {
    ...commonColumns({ ...scope, type: ROLE_TYPE, alias: 'r' }),
    name: text(sql`r.name`),
    description: text(sql`r.description_key`),
    inheritedFrom: text(sql`r.inherited_from`),
    permissions: {
      kind: 'elements',
      source: sql`(select p as name, false as is_inherited, position
          from unnest(r.permissions) with ordinality o(p, position)
        union all
        select p, true, position from unnest(case r.inherited_from
          when 'member' then ${[...inheritedPermissions('member')]}::text[]
          else ${[...inheritedPermissions('viewer')]}::text[] end)
          with ordinality o(p, position)) e`,
      parts: { name: text(sql`e.name`), isInherited: scalar('boolean', sql`e.is_inherited`) },
      order: sql`e.is_inherited desc, e.position`,
    },
  };
  return (path) => columns[path.attribute.name];
}
