import { toInstant } from '../../kernel/clock.js';
import type { UnitOfWork } from '../unit-of-work.js';

/** How many people, not service accounts, used the product on the days of a range. */
export interface ActiveUserCounts {
  /** On any of them. */
  readonly total: number;
  /** Every month that the range touches, with the days of it that are in the range. */
  readonly months: readonly { readonly month: string; readonly count: number }[];
  /** On a day such as `2026-01-15`; 0 for one that is not in the range. */
  on(date: string): number;
}

/** Counts active people over time. Whoever was erased since is counted no more. */
export class ActiveUsers {
  readonly #unitOfWork: UnitOfWork;

  constructor({ unitOfWork }: { readonly unitOfWork: UnitOfWork }) {
    this.#unitOfWork = unitOfWork;
  }

  /**
   * @param from - midnight UTC of the first day, milliseconds since the epoch
   * @param to - midnight UTC of the last day, not before `from`
   */
  async count(organizationId: string, from: number, to: number): Promise<ActiveUserCounts> {
    const { activity } = this.#unitOfWork.stores;
    const found = await activity.count(organizationId, dateOf(from), dateOf(to));
    const byMonth = new Map(found.months.map((month) => [month.month, month]));
    return {
      total: found.people,
      months: monthsBetween(from, to).map((month) => ({ month, count: byMonth.get(month)?.people ?? 0 })),
      on: (date) =>
        byMonth.get(date.slice(0, 'YYYY-MM'.length))?.peopleByDay[Number(date.slice(-2)) - 1] ?? 0,
    };
  }
}

const dateOf = (milliseconds: number): string => toInstant(milliseconds).slice(0, 'YYYY-MM-DD'.length);

function monthsBetween(from: number, to: number): readonly string[] {
  const months: string[] = [];
  const first = new Date(from);
  for (let index = first.getUTCMonth(); ; index += 1) {
    const start = Date.UTC(first.getUTCFullYear(), index, 1);
    if (start > to) return months;
    months.push(toInstant(start).slice(0, 'YYYY-MM'.length));
  }
}
