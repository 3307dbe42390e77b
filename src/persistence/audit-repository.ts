import type { Kysely } from 'kysely';
import type { Clock } from '../kernel/clock.js';
import type { AuditEvent } from '../directory/audit/audit-event.js';
import type { RequestContext } from '../directory/request-context.js';
import { auditParameters } from './audit-parameters.js';
import type { Database } from './database.js';

export type AuditEntry = Pick<AuditEvent, 'action' | 'targetType' | 'targetId'> &
  Partial<Pick<AuditEvent, 'before' | 'after'>>;

/** Writes one audit event; belongs into the transaction of the mutation it tells of. */
export async function appendAuditEvent(
  db: Kysely<Database>,
  clock: Clock,
  context: RequestContext,
  entry: AuditEntry,
): Promise<void> {
  const { now, columns } = auditParameters(clock, context);
  const [id, actorKind, actorId, requestId, sourceAddress] = columns;
  await db
    .insertInto('audit_events')
    .values({
      org_id: context.organizationId,
      id,
      occurred_at: now,
      actor_kind: actorKind,
      actor_id: actorId,
      action: entry.action,
      target_type: entry.targetType,
      target_id: entry.targetId,
      before: entry.before ?? null,
      after: entry.after ?? null,
      request_id: requestId,
      source_address: sourceAddress,
    })
    .execute();
}
