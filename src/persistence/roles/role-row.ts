import type { Selectable } from 'kysely';
import type { Role } from '../../directory/roles/role.js';
import type { RoleTable } from '../tables/team-tables.js';

export type RoleRow = Pick<
  Selectable<RoleTable>,
  'id' | 'name' | 'description' | 'inherited_from' | 'permissions' | 'version' | 'created_at' | 'updated_at'
> & { readonly external_id: string | null };

export const ROLE_COLUMNS = [
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

export const toRole = (row: RoleRow): Role => ({
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
