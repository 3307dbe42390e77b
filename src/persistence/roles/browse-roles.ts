import { sql, type Kysely } from 'kysely';
import type { Page } from '../../directory/query.js';
import type { Role } from '../../directory/roles/role.js';
import type { RoleQuery } from '../../directory/roles/role-store.js';
import type { Database } from '../database.js';
import { allOf, readKeysetPage } from '../keyset-page.js';
import { toRole, type RoleRow } from './role-row.js';

/** A page of the roles of an organization. Names have no folded key, as their case counts. */
export const browseRoles = (
  db: Kysely<Database>,
  organizationId: string,
  { search, sort, after, limit }: RoleQuery,
): Promise<Page<Role>> =>
  readKeysetPage<RoleRow, Role>(
    db,
    {
      columns: sql`r.id, r.name, r.description, r.inherited_from, r.permissions, r.version, r.created_at,
        r.updated_at, null::text as external_id`,
      from: sql`roles r`,
      where: allOf(
        sql<boolean>`r.org_id = ${organizationId}::uuid`,
        search === undefined ? undefined : sql<boolean>`strpos(lower(r.name), lower(${search})) > 0`,
      ),
      id: sql`r.id`,
      sortKey: sort.key === 'name' ? sql`r.name` : undefined,
      toItem: toRole,
    },
    { after, limit, descending: sort.descending },
  );
