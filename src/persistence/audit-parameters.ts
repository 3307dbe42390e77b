import { toInstant, type Clock, type Instant } from '../kernel/clock.js';
import { newId } from '../kernel/ids.js';
import type { RequestContext } from '../directory/request-context.js';

/** What every audit row says beside its change: when, which event, who, which request, from where. */
export interface AuditParameters {
  readonly now: Instant;
  /** id, actor_kind, actor_id, request_id, source_address: the order in which the statements take them. */
  readonly columns: readonly [string, string, string, string, string | null];
}

export function auditParameters(clock: Clock, context: RequestContext): AuditParameters {
  const milliseconds = clock.now();
  return {
    now: toInstant(milliseconds),
    columns: [
      newId(milliseconds),
      context.actor.kind,
      context.actor.id,
      context.requestId,
      context.sourceAddress ?? null,
    ],
  };
}
