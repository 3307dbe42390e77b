import type { Kysely } from 'kysely';
import { toInstant } from '../kernel/clock.js';
import type { AttemptCount, SignInAttemptStore } from '../directory/local-sign-in/sign-in-attempts.js';
import type { Database } from './database.js';
import { defineStatement, run } from './statement.js';

/** The cap keeps a key that is hammered from outgrowing its column. In order, so that two at once cannot deadlock. */
const COUNT_ATTEMPTS = defineStatement(
  'sign_in_attempt_count',
  `insert into sign_in_attempts as a (key_hash, started_at, count)
   select k, $2::timestamptz, 1 from unnest($1::text[]) k order by k
   on conflict (key_hash) do update set
     count = case when a.started_at <= $3::timestamptz then 1 else least(a.count + 1, 1000000) end,
     started_at = case when a.started_at <= $3::timestamptz then $2::timestamptz else a.started_at end
   returning key_hash, count, started_at`,
);

const FORGIVE_ATTEMPTS = defineStatement(
  'sign_in_attempt_forgive',
  `update sign_in_attempts a set count = a.count - 1
     from (select key_hash from sign_in_attempts where key_hash = any($1::text[]) and count > 0
            order by key_hash for no key update) locked
    where a.key_hash = locked.key_hash`,
);

export class SignInAttemptRepository implements SignInAttemptStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async count(keyHashes: readonly string[], now: number, window: number): Promise<readonly AttemptCount[]> {
    const rows = await run<{ key_hash: string; count: number; started_at: string }>(
      this.#db,
      COUNT_ATTEMPTS,
      [keyHashes, toInstant(now), toInstant(now - window)],
    );
    return rows.map(({ key_hash, count, started_at }) => ({
      keyHash: key_hash,
      count,
      startedAt: Date.parse(started_at),
    }));
  }

  async forgive(keyHashes: readonly string[]): Promise<void> {
    await run(this.#db, FORGIVE_ATTEMPTS, [keyHashes]);
  }

  async deleteBefore(moment: number): Promise<void> {
    await this.#db.deleteFrom('sign_in_attempts').where('started_at', '<', toInstant(moment)).execute();
  }
}
