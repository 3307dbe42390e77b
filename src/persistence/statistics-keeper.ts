import { sql, type Kysely } from 'kysely';
import type { Database } from './database.js';

/** Milliseconds between looks. */
const INTERVAL = 5_000;
/** Rows that may change before a table is looked at again: a fifth of it, and never fewer than this. */
const CHANGED_ROWS = 200;

interface ChangedTable {
  readonly name: string;
  readonly dead: number;
}

/**
 * Keeps the planner's statistics current while an identity provider fills an empty database: until tables have been
 * analyzed, plans that fit ten rows are used on ten thousand. A Postgres server gets there by itself about a minute
 * later; the embedded database never does, and never vacuums either.
 */
export class StatisticsKeeper {
  readonly #db: Kysely<Database>;
  readonly #isEmbedded: boolean;
  readonly #onError: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<unknown> | undefined;

  constructor(
    db: Kysely<Database>,
    options: { readonly isEmbedded: boolean; readonly onError: (error: unknown) => void },
  ) {
    this.#db = db;
    this.#isEmbedded = options.isEmbedded;
    this.#onError = options.onError;
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#round ??= this.refresh()
        .catch(this.#onError)
        .finally(() => {
          this.#round = undefined;
        });
    }, INTERVAL);
    this.#timer.unref();
  }

  /** Ends after the round that is under way. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#round;
  }

  /** Analyzes the tables that changed much since the last time. @returns their names */
  async refresh(): Promise<readonly string[]> {
    const { rows } = await sql<ChangedTable>`
      select relname as name, n_dead_tup::int as dead from pg_stat_user_tables
       where schemaname = current_schema() and n_mod_since_analyze > ${CHANGED_ROWS}::int + n_live_tup / 5 order by relname`.execute(
      this.#db,
    );
    for (const { name, dead } of rows) {
      const isDirty = this.#isEmbedded && dead > CHANGED_ROWS;
      await sql`${isDirty ? sql`vacuum analyze` : sql`analyze`} ${sql.table(name)}`.execute(this.#db);
    }
    return rows.map(({ name }) => name);
  }
}
