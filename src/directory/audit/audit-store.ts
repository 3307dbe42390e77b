import type { Instant } from '../../kernel/clock.js';
import type { IdWindow, Page } from '../query.js';
import type { ActorKind, AuditAction, AuditEvent, AuditTargetType } from './audit-event.js';

/** Which events; what is undefined selects nothing away. */
export interface AuditFilter {
  readonly action: AuditAction | undefined;
  readonly actorKind: ActorKind | undefined;
  readonly actorId: string | undefined;
  readonly targetType: AuditTargetType | undefined;
  readonly targetId: string | undefined;
  /** Events of this moment and later. */
  readonly from: Instant | undefined;
  /** Events before this moment. */
  readonly to: Instant | undefined;
}

/** How often something was done on a day. */
export interface ActionCount {
  /** Day in UTC, for example `2026-01-15`. */
  readonly date: string;
  readonly action: AuditAction;
  /** Whether an identity provider did it over SCIM. */
  readonly isProvisioned: boolean;
  readonly count: number;
}

/** Reads audit events; they are written by the stores that mutate. */
export interface AuditStore {
  list(organizationId: string, filter: AuditFilter, window: IdWindow): Promise<Page<AuditEvent>>;
  /** The next events, newest first, without counting the others. @param after - id of the event before them */
  next(
    organizationId: string,
    filter: AuditFilter,
    window: { readonly after: string | undefined; readonly limit: number },
  ): Promise<readonly AuditEvent[]>;
  /** Days without events are left out. */
  countByDay(organizationId: string, from: Instant, to: Instant): Promise<readonly ActionCount[]>;
}
