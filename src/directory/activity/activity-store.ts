import type { Instant } from '../../kernel/clock.js';

/** An account was used. */
export interface Use {
  readonly organizationId: string;
  readonly userId: string;
  readonly at: Instant;
}

/** How many people used the product. */
export interface ActiveMonth {
  /** Such as `2026-01`. */
  readonly month: string;
  /** People who were active on at least one of its days that were asked for. */
  readonly people: number;
  /** People who were active on each day of the month; index 0 is its first day. 31 numbers. */
  readonly peopleByDay: readonly number[];
}

/** When accounts were used, to the day in UTC. */
export interface ActivityStore {
  /**
   * Counts each use, unless the account has been used on that day already. Is no mutation: no audit event, no new version.
   * @param uses - at most one of an account
   * @returns the ids of the accounts of which the day is known now. Those are left out that another transaction holds, or
   *   that are not there (yet): their next use may be recorded.
   */
  record(uses: readonly Use[]): Promise<ReadonlySet<string>>;
  /**
   * People, not service accounts, who were active on the days of a range.
   * @param from - the first day, such as `2026-01-15`
   * @param to - the last day
   * @returns the months with anybody in them, in their order, and how many people there were in all
   */
  count(
    organizationId: string,
    from: string,
    to: string,
  ): Promise<{ readonly people: number; readonly months: readonly ActiveMonth[] }>;
  /** Forgets up to `limit` records of months before one, such as `2026-01-01`. @returns how many */
  deleteBefore(month: string, limit: number): Promise<number>;
}
