import { sql } from 'kysely';
import { isUuid } from '../../kernel/ids.js';
import type { ResourceType } from '../../directory/schema/index.js';
import { NEVER, scalar, text, type Column } from './column.js';

/** Where a resource type's rows are, for the attributes every resource has. */
export interface CommonColumnScope {
  readonly type: ResourceType;
  /** Alias of the resource's table in the statement. */
  readonly alias: 'u' | 't' | 'r';
  readonly organizationId: string;
  readonly connectionId: string | undefined;
  readonly baseUrl: string;
}

/** Columns of `id`, `externalId` and `meta`. The statement joins external_ids as `x`. */
export function commonColumns(scope: CommonColumnScope): Readonly<Record<string, Column>> {
  const id = sql.ref(`${scope.alias}.id`);
  const version = sql.ref(`${scope.alias}.version`);
  return {
    id: text(sql`${id}::text`, (value) => (isUuid(value) ? sql<boolean>`(${id} = ${value}::uuid)` : NEVER)),
    externalId: text(
      sql.ref('x.external_id'),
      (value) =>
        sql<boolean>`(${id} in (select i.resource_id from external_ids i where i.org_id = ${scope.organizationId}::uuid
          and i.connection_id = ${scope.connectionId ?? null}::uuid and i.resource_type = ${scope.type.name}
          and i.external_id = ${value}))`,
    ),
    meta: {
      kind: 'complex',
      present: sql<boolean>`true`,
      parts: {
        resourceType: text(sql`${scope.type.name}::text`),
        created: scalar('instant', sql.ref(`${scope.alias}.created_at`)),
        lastModified: scalar('instant', sql.ref(`${scope.alias}.updated_at`)),
        location: text(sql`(${`${scope.baseUrl}${scope.type.endpoint}/`} || ${id}::text)`),
        version: text(sql`('W/"' || ${version} || '-' || right(${id}::text, 12) || '"')`),
      },
    },
  };
}
