import { sql, type Kysely } from 'kysely';
import { toInstant, type Clock, type Instant } from '../kernel/clock.js';
import type { LocalCredentialStore } from '../directory/organizations/local-credential-store.js';
import type { Database } from './database.js';

export class LocalCredentialRepository implements LocalCredentialStore {
  readonly #db: Kysely<Database>;
  readonly #clock: Clock;

  constructor(db: Kysely<Database>, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  async setPasswordHash(organizationId: string, userId: string, hash: string): Promise<void> {
    const now = toInstant(this.#clock.now());
    await this.#db
      .insertInto('local_credentials')
      .values({ org_id: organizationId, user_id: userId, password_hash: hash, updated_at: now })
      .onConflict((conflict) =>
        conflict.columns(['org_id', 'user_id']).doUpdateSet({ password_hash: hash, updated_at: now }),
      )
      .execute();
  }

  async replaceSetupLink(hash: string, now: Instant): Promise<void> {
    // Two that replace at once would each leave the other's link alive.
    await sql`lock table setup_links in exclusive mode`.execute(this.#db);
    await this.#db.deleteFrom('setup_links').where('used_at', 'is', null).execute();
    await this.#db.insertInto('setup_links').values({ token_hash: hash, created_at: now }).execute();
  }

  async takeSetupLink(hash: string, now: Instant): Promise<boolean> {
    const row = await this.#db
      .updateTable('setup_links')
      .set({ used_at: now })
      .where('token_hash', '=', hash)
      .where('used_at', 'is', null)
      .returning('token_hash')
      .executeTakeFirst();
    return row !== undefined;
  }

  async hasSetupLink(hash: string): Promise<boolean> {
    const row = await this.#db
      .selectFrom('setup_links')
      .select('token_hash')
      .where('token_hash', '=', hash)
      .where('used_at', 'is', null)
      .executeTakeFirst();
    return row !== undefined;
  }
}
