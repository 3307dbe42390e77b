import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import type { TestDatabase } from './database.js';

/** Milliseconds until a test that waits for statements gives up. */
const PATIENCE = 10_000;

/** A session beside the server: it holds locks, and sees which of the server's statements wait for one. */
export class LockHolder {
  readonly #client: pg.Client;

  private constructor(client: pg.Client) {
    this.#client = client;
  }

  static async connect({ url }: TestDatabase): Promise<LockHolder> {
    if (url === undefined) throw new Error('locks are held beside a real Postgres');
    const client = new pg.Client({ connectionString: url, application_name: 'beside the server' });
    await client.connect();
    return new LockHolder(client);
  }

  /** Takes a lock by a statement, does the work, and lets go of it however the work ends. */
  async holding(lock: string, work: () => Promise<void>): Promise<void> {
    await this.#client.query('begin');
    try {
      await this.#client.query(lock);
      await work();
    } finally {
      await this.#client.query('rollback');
    }
  }

  /** How many statements of the server wait for a lock. */
  async countBlocked(): Promise<number> {
    await this.#client.query('select pg_stat_clear_snapshot()');
    const { rows } = await this.#client.query<{ count: number }>(
      `select count(*)::int as count from pg_stat_activity
        where application_name = 'rollcall' and datname = current_database() and wait_event_type = 'Lock'`,
    );
    return rows[0]?.count ?? 0;
  }

  /** @throws Error when there never are so many */
  async untilBlocked(count: number): Promise<void> {
    const deadline = performance.now() + PATIENCE;
    while ((await this.countBlocked()) < count) {
      if (performance.now() > deadline) throw new Error(`there never were ${count} blocked statements`);
      await setTimeout(20);
    }
  }

  close(): Promise<void> {
    return this.#client.end();
  }
}
