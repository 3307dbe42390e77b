import type { Kysely } from 'kysely';
import type { ActiveMonth, ActivityStore, Use } from '../../directory/activity/activity-store.js';
import type { Database } from '../database.js';
import { run } from '../statement.js';
import { COUNT_ACTIVE, DELETE_BEFORE, RECORD_USES } from './activity-statements.js';

interface MonthRow {
  readonly month: string;
  readonly people: number;
  /** JSON array. */
  readonly by_day: string;
  readonly total: number;
}

/** When accounts were used, in SQL. */
export class ActivityRepository implements ActivityStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async record(uses: readonly Use[]): Promise<ReadonlySet<string>> {
    const text = JSON.stringify(
      uses.map(({ organizationId, userId, at }) => ({
        org_id: organizationId,
        user_id: userId,
        used_at: at,
      })),
    );
    const rows = await run<{ user_id: string }>(this.#db, RECORD_USES, [text]);
    return new Set(rows.map((row) => row.user_id));
  }

  async count(
    organizationId: string,
    from: string,
    to: string,
  ): Promise<{ readonly people: number; readonly months: readonly ActiveMonth[] }> {
    const rows = await run<MonthRow>(this.#db, COUNT_ACTIVE, [organizationId, from, to]);
    return {
      people: rows[0]?.total ?? 0,
      months: rows.map((row) => ({
        month: row.month,
        people: row.people,
        peopleByDay: JSON.parse(row.by_day) as readonly number[],
      })),
    };
  }

  async deleteBefore(month: string, limit: number): Promise<number> {
    const [row] = await run<{ count: number }>(this.#db, DELETE_BEFORE, [month, limit]);
    return row?.count ?? 0;
  }
}
