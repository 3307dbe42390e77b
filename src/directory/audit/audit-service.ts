import { toInstant } from '../../kernel/clock.js';
import type { IdWindow, Page } from '../query.js';
import type { UnitOfWork } from '../unit-of-work.js';
import type { AuditEvent } from './audit-event.js';
import type { ActionCount, AuditFilter } from './audit-store.js';

const DAY = 86_400_000;
/** Events that an export holds in memory: their `before` and `after` may be as long as a profile each. */
const EXPORT_PAGE = 200;

/** What was done on one day. */
export interface DayOfActivity {
  /** Day in UTC, for example `2026-01-15`. */
  readonly date: string;
  /** Mutations on every surface. */
  readonly total: number;
  /** Those that identity providers made over SCIM. */
  readonly provisioned: number;
  /** How often each action was done; without those that were not. */
  readonly actions: Readonly<Record<string, number>>;
}

/** Reads the audit trail of an organization. */
export class AuditService {
  readonly #unitOfWork: UnitOfWork;

  constructor({ unitOfWork }: { readonly unitOfWork: UnitOfWork }) {
    this.#unitOfWork = unitOfWork;
  }

  list(organizationId: string, filter: AuditFilter, window: IdWindow): Promise<Page<AuditEvent>> {
    return this.#unitOfWork.stores.auditEvents.list(organizationId, filter, window);
  }

  /** Every event that is there now, newest first, a few at a time. */
  async *export(organizationId: string, filter: AuditFilter): AsyncGenerator<readonly AuditEvent[]> {
    let after: string | undefined;
    for (;;) {
      const window = { after, limit: EXPORT_PAGE };
      const events = await this.#unitOfWork.stores.auditEvents.next(organizationId, filter, window);
      if (events.length > 0) yield events;
      if (events.length < EXPORT_PAGE) return;
      after = events.at(-1)?.id;
    }
  }

  /**
   * What was done on each day of a range, days without anything included.
   * @param from - midnight UTC of the first day, milliseconds since the epoch
   * @param to - midnight UTC of the last day, not before `from`
   */
  async activity(organizationId: string, from: number, to: number): Promise<readonly DayOfActivity[]> {
    const { auditEvents } = this.#unitOfWork.stores;
    const counts = await auditEvents.countByDay(organizationId, toInstant(from), toInstant(to + DAY));
    const byDate = new Map<string, ActionCount[]>();
    for (const count of counts) byDate.set(count.date, [...(byDate.get(count.date) ?? []), count]);
    const days: DayOfActivity[] = [];
    for (let midnight = from; midnight <= to; midnight += DAY) {
      const date = toInstant(midnight).slice(0, 'YYYY-MM-DD'.length);
      days.push(summarize(date, byDate.get(date) ?? []));
    }
    return days;
  }
}

function summarize(date: string, counts: readonly ActionCount[]): DayOfActivity {
  const actions = new Map<string, number>();
  let total = 0;
  let provisioned = 0;
  for (const { action, isProvisioned, count } of counts) {
    actions.set(action, (actions.get(action) ?? 0) + count);
    total += count;
    if (isProvisioned) provisioned += count;
  }
  return { date, total, provisioned, actions: Object.fromEntries(actions) };
}
