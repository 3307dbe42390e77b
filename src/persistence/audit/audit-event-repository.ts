import { sql, type Kysely, type Selectable } from 'kysely';
import type {
  AuditAction,
  AuditEvent,
  ActorKind,
  AuditTargetType,
} from '../../directory/audit/audit-event.js';
import type { ActionCount, AuditFilter, AuditStore } from '../../directory/audit/audit-store.js';
import type { IdWindow, Page } from '../../directory/query.js';
import type { Instant } from '../../kernel/clock.js';
import type { Database } from '../database.js';
import type { AuditEventTable } from '../tables/organization-tables.js';
import type { SqlCondition } from '../filters/column.js';
import { allOf, readKeysetPage } from '../keyset-page.js';
import { defineStatement, run } from '../statement.js';

type AuditRow = Selectable<AuditEventTable>;

const DAY = 86_400_000;

const COUNT_BY_DAY = defineStatement(
  'audit_events_count_by_day',
  `select to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD') as date, action,
     actor_kind = 'connection' as "isProvisioned", count(*)::int as count
     from audit_events
    where org_id = $1 and occurred_at >= $2::timestamptz and occurred_at < $3::timestamptz
      and id >= $4::uuid and id < $5::uuid
    group by 1, 2, 3 order by 1, 2, 3`,
);

/** Audit events in SQL. */
export class AuditEventRepository implements AuditStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  list(organizationId: string, filter: AuditFilter, window: IdWindow): Promise<Page<AuditEvent>> {
    return readKeysetPage<AuditRow, AuditEvent>(
      this.#db,
      {
        columns: sql`e.*`,
        from: sql`audit_events e`,
        where: selects(organizationId, filter),
        id: sql`e.id`,
        sortKey: undefined,
        toItem: toEvent,
      },
      window,
    );
  }

  async next(
    organizationId: string,
    filter: AuditFilter,
    { after, limit }: { readonly after: string | undefined; readonly limit: number },
  ): Promise<readonly AuditEvent[]> {
    const position = after === undefined ? undefined : sql<boolean>`e.id < ${after}::uuid`;
    const { rows } = await sql<AuditRow>`
      select e.* from audit_events e where ${allOf(selects(organizationId, filter), position)}
       order by e.id desc limit ${limit}`.execute(this.#db);
    return rows.map(toEvent);
  }

  countByDay(organizationId: string, from: Instant, to: Instant): Promise<readonly ActionCount[]> {
    return run<ActionCount>(this.#db, COUNT_BY_DAY, [
      organizationId,
      from,
      to,
      firstIdOf(Date.parse(from) - DAY),
      firstIdOf(Date.parse(to) + DAY),
    ]);
  }
}

const selects = (organizationId: string, filter: AuditFilter): SqlCondition => {
  const { action, actorKind, actorId, targetType, targetId, from, to } = filter;
  return allOf(
    sql<boolean>`e.org_id = ${organizationId}::uuid`,
    action === undefined ? undefined : sql<boolean>`e.action = ${action}`,
    actorKind === undefined ? undefined : sql<boolean>`e.actor_kind = ${actorKind}`,
    actorId === undefined ? undefined : sql<boolean>`e.actor_id = ${actorId}`,
    targetType === undefined ? undefined : sql<boolean>`e.target_type = ${targetType}`,
    targetId === undefined ? undefined : sql<boolean>`e.target_id = ${targetId}::uuid`,
    from === undefined
      ? undefined
      : sql<boolean>`e.occurred_at >= ${from}::timestamptz and e.id >= ${firstIdOf(Date.parse(from) - DAY)}::uuid`,
    to === undefined
      ? undefined
      : sql<boolean>`e.occurred_at < ${to}::timestamptz and e.id < ${firstIdOf(Date.parse(to) + DAY)}::uuid`,
  );
};

/**
 * The smallest UUIDv7 of a moment: ids begin with their time (RFC 9562 section 5.7), so that a range of time is a range
 * of the primary key. Ids may be ahead of the clock after it was set back, and are therefore compared with a day to spare.
 */
function firstIdOf(milliseconds: number): string {
  const time = Math.max(0, milliseconds).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-0000-0000-000000000000`;
}

const toEvent = (row: AuditRow): AuditEvent => ({
  id: row.id,
  occurredAt: row.occurred_at,
  actorKind: row.actor_kind as ActorKind,
  actorId: row.actor_id,
  action: row.action as AuditAction,
  targetType: row.target_type as AuditTargetType,
  targetId: row.target_id,
  before: row.before ?? undefined,
  after: row.after ?? undefined,
  requestId: row.request_id,
  sourceAddress: row.source_address ?? undefined,
});
