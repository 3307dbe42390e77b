import { sql, type Kysely } from 'kysely';
import type { Database } from './database.js';

/** Milliseconds between looks. */
const INTERVAL = 5_000;
/** Rows that a table may have or change before it is worth a look. */
const FEW_ROWS = 200;

/** Tables of the embedded database of which a fifth has changed since they were analyzed. */
const CHANGED = sql`s.n_mod_since_analyze > ${FEW_ROWS}::int + s.n_live_tup / 5`;
/** Tables of a server that have more than twice the rows they had then: what else changes it sees to itself. */
const GROWN = sql`s.n_live_tup > ${FEW_ROWS}::int + 2 * greatest(c.reltuples, 0)`;

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

  /** Analyzes the tables that need it. @returns their names */
  async refresh(): Promise<readonly string[]> {
    const { rows } = await sql<ChangedTable>`
      select s.relname as name, s.n_dead_tup::int as dead
        from pg_stat_user_tables s join pg_class c on c.oid = s.relid
       where s.schemaname = current_schema() and ${this.#isEmbedded ? CHANGED : GROWN} order by s.relname`.execute(
      this.#db,
    );
    for (const { name, dead } of rows) {
      const isDirty = this.#isEmbedded && dead > FEW_ROWS;
      await sql`${isDirty ? sql`vacuum analyze` : sql`analyze`} ${sql.table(name)}`.execute(this.#db);
    }
    return rows.map(({ name }) => name);
  }
}
