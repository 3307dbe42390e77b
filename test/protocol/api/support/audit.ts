import { sql } from 'kysely';
import type { TestServer } from '../../../support/server.js';

/** An audit event as far as tests ask. */
export interface AuditEntry {
  readonly action: string;
  readonly actorKind: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read arbitrary JSON and assert on it
  readonly before: any;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read arbitrary JSON and assert on it
  readonly after: any;
}

/** The audit events about one thing, in order. */
export async function auditOf({ database }: TestServer, targetId: string): Promise<readonly AuditEntry[]> {
  const { rows } = await sql<{
    action: string;
    actor_kind: string;
    before: string | null;
    after: string | null;
  }>`
    select action, actor_kind, before, after from audit_events where target_id = ${targetId}::uuid order by id`.execute(
    database.connection.db,
  );
  return rows.map(({ action, actor_kind, before, after }) => ({
    action,
    actorKind: actor_kind,
    before: before === null ? undefined : JSON.parse(before),
    after: after === null ? undefined : JSON.parse(after),
  }));
}

/** Their actions. */
export const actionsOf = async (server: TestServer, targetId: string): Promise<readonly string[]> =>
  (await auditOf(server, targetId)).map(({ action }) => action);
