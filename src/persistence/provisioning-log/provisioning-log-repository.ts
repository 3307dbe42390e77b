import { sql, type Kysely, type Selectable } from 'kysely';
import type { Page } from '../../directory/query.js';
import type { LogEntry } from '../../directory/provisioning-log/log-entry.js';
import type {
  LogQuery,
  ProvisioningLogStore,
} from '../../directory/provisioning-log/provisioning-log-store.js';
import type { Instant } from '../../kernel/clock.js';
import type { Database } from '../database.js';
import type { ProvisioningLogTable } from '../tables/connection-tables.js';
import { allOf, readKeysetPage } from '../keyset-page.js';
import { defineStatement, run } from '../statement.js';

/** All entries as one JSON text: as many parameters as they have columns would be slower to bind than to read. */
const APPEND = defineStatement(
  'provisioning_log_append',
  `insert into provisioning_log (org_id, connection_id, id, occurred_at, request_id, client, operation, method, target_id,
     status, code, detail, request, duration_ms, count, source_address)
   select e.org_id, e.connection_id, e.id, e.occurred_at, e.request_id, e.client, e.operation, e.method, e.target_id,
     e.status, e.code, e.detail, e.request, e.duration_ms, e.count, e.source_address
     from json_to_recordset($1::json) as e (org_id uuid, connection_id uuid, id uuid, occurred_at timestamptz,
       request_id text, client text, operation text, method text, target_id text, status smallint, code text, detail text,
       request text, duration_ms integer, count integer, source_address text)
     join connections c on c.org_id = e.org_id and c.id = e.connection_id
   on conflict do nothing`,
);

const DELETE_BEFORE = defineStatement(
  'provisioning_log_delete_before',
  `with gone as (
     delete from provisioning_log where ctid = any (array(
       select ctid from provisioning_log where occurred_at < $1::timestamptz limit $2)) returning 1
   ) select count(*)::int as count from gone`,
);

type LogRow = Selectable<ProvisioningLogTable>;

/** The provisioning log in SQL. */
export class ProvisioningLogRepository implements ProvisioningLogStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async append(entries: readonly LogEntry[]): Promise<void> {
    if (entries.length > 0) await run(this.#db, APPEND, [JSON.stringify(entries.map(toRow))]);
  }

  list(organizationId: string, connectionId: string, query: LogQuery): Promise<Page<LogEntry>> {
    const { outcome, requestId } = query;
    return readKeysetPage<LogRow, LogEntry>(
      this.#db,
      {
        columns: sql`l.*`,
        from: sql`provisioning_log l`,
        where: allOf(
          sql<boolean>`l.org_id = ${organizationId}::uuid and l.connection_id = ${connectionId}::uuid`,
          outcome === 'failure' ? sql<boolean>`l.code is not null` : undefined,
          outcome === 'success' ? sql<boolean>`l.code is null` : undefined,
          requestId === undefined ? undefined : sql<boolean>`l.request_id = ${requestId}`,
        ),
        id: sql`l.id`,
        sortKey: undefined,
        toItem: toEntry,
      },
      query,
    );
  }

  async deleteBefore(moment: Instant, limit: number): Promise<number> {
    const [row] = await run<{ count: number }>(this.#db, DELETE_BEFORE, [moment, limit]);
    return row?.count ?? 0;
  }
}

const toRow = (entry: LogEntry): LogRow => ({
  org_id: entry.organizationId,
  connection_id: entry.connectionId,
  id: entry.id,
  occurred_at: entry.occurredAt,
  request_id: entry.requestId,
  client: entry.client,
  operation: entry.operation,
  method: entry.method,
  target_id: entry.targetId ?? null,
  status: entry.status,
  code: entry.failure?.code ?? null,
  detail: entry.failure?.detail ?? null,
  request: entry.failure?.request ?? null,
  duration_ms: Math.round(entry.duration),
  count: entry.count,
  source_address: entry.sourceAddress ?? null,
});

const toEntry = (row: LogRow): LogEntry => ({
  organizationId: row.org_id,
  connectionId: row.connection_id,
  id: row.id,
  occurredAt: row.occurred_at,
  requestId: row.request_id,
  client: row.client,
  operation: row.operation,
  method: row.method,
  targetId: row.target_id ?? undefined,
  status: row.status,
  failure:
    row.code === null
      ? undefined
      : { code: row.code, detail: row.detail ?? '', request: row.request ?? undefined },
  duration: row.duration_ms,
  count: row.count,
  sourceAddress: row.source_address ?? undefined,
});
