import { sql } from 'kysely';
import { GROUP_TYPE } from '../../directory/schema/index.js';
import type { TeamReadScope } from '../../directory/teams/team-store.js';
import { isUuid } from '../../kernel/ids.js';
import { NEVER, text, type Column, type FindColumn } from './column.js';
import { commonColumns } from './common-columns.js';

/** Columns of teams. The statement names teams `t` and external_ids `x`. */
export function teamColumns(scope: TeamReadScope): FindColumn {
  const columns: Record<string, Column> = {
    ...commonColumns({ ...scope, type: GROUP_TYPE, alias: 't' }),
    displayName: text(sql`t.display_name_key`),
    members: {
      kind: 'elements',
      source: sql`${MEMBERS} and m.org_id = t.org_id and m.team_id = t.id`,
      parts: memberParts(scope.baseUrl),
      order: sql`m.user_id`,
    },
  };
  return (path) => columns[path.attribute.name];
}

/** The memberships `m` that SCIM shows, with their users `v`. */
export const MEMBERS = sql`team_members m join users v
  on v.org_id = m.org_id and v.id = m.user_id and v.removed_at is null and m.role <> 'service'`;

export const memberParts = (baseUrl: string) => ({
  value: text(sql`m.user_id::text`, (value) =>
    isUuid(value) ? sql<boolean>`(m.user_id = ${value}::uuid)` : NEVER,
  ),
  $ref: text(sql`(${`${baseUrl}/Users/`} || m.user_id::text)`),
  type: text(sql`'user'`),
  display: text(sql`v.display_name_key`),
});
