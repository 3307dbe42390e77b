import { sql } from 'kysely';
import type { JsonObject } from '../../../src/kernel/json.js';
import type { TestServer } from '../../support/server.js';

export interface Event {
  readonly action: string;
  readonly targetType: string;
  readonly targetId: string;
  readonly before: JsonObject | undefined;
  readonly after: JsonObject | undefined;
  readonly actorKind: string;
  readonly actorId: string;
  readonly requestId: string;
  readonly sourceAddress: string | null;
}

/** Reads the audit events of one organization, each once. */
export class AuditTrail {
  readonly #server: TestServer;
  readonly #organizationId: string;
  #seen = new Set<string>();

  private constructor(server: TestServer, organizationId: string) {
    this.#server = server;
    this.#organizationId = organizationId;
  }

  /** A trail that starts after what has happened so far. */
  static async start(server: TestServer, organizationId: string): Promise<AuditTrail> {
    const trail = new AuditTrail(server, organizationId);
    await trail.news();
    return trail;
  }

  /** What was written since the last look, oldest first. */
  async news(): Promise<readonly Event[]> {
    const { rows } = await sql<Record<string, string | null> & { id: string }>`
      select id, action, target_type, target_id, before, after, actor_kind, actor_id, request_id, source_address
        from audit_events where org_id = ${this.#organizationId}::uuid order by id`.execute(
      this.#server.database.connection.db,
    );
    const fresh = rows.filter(({ id }) => !this.#seen.has(id));
    this.#seen = new Set(rows.map(({ id }) => id));
    return fresh.map((row) => ({
      action: row['action'] ?? '',
      targetType: row['target_type'] ?? '',
      targetId: row['target_id'] ?? '',
      before: parse(row['before']),
      after: parse(row['after']),
      actorKind: row['actor_kind'] ?? '',
      actorId: row['actor_id'] ?? '',
      requestId: row['request_id'] ?? '',
      sourceAddress: row['source_address'] ?? null,
    }));
  }
}

const parse = (text: string | null | undefined): JsonObject | undefined =>
  text == null ? undefined : (JSON.parse(text) as JsonObject);
