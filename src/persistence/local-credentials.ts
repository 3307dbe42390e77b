import { sql, type Kysely } from 'kysely';
import { toInstant, type Clock, type Instant } from '../kernel/clock.js';
import type {
  LocalAccount,
  LocalCredentialStore,
  LocalRefusalReason,
} from '../directory/organizations/local-credential-store.js';
import type { RequestContext } from '../directory/request-context.js';
import { foldCase } from '../kernel/fold.js';
import { appendAuditEvent } from './audit-repository.js';
import type { Database } from './database.js';
import { defineRead, defineStatement, run } from './statement.js';

/** Each costs a password hash at sign-in. */
const ACCOUNTS_AT_MOST = 10;

const ACCOUNT = `
  select json_build_object('organizationId', o.id, 'organizationName', o.name, 'userId', u.id,
      'passwordHash', c.password_hash, 'isOneTime', c.is_one_time, 'isActive', u.is_active) as account
    from organizations o
    join users u on u.org_id = o.id and u.account_type = 'USER' and u.removed_at is null
    join local_credentials c on c.org_id = u.org_id and c.user_id = u.id`;

const FIND_LOCAL_ACCOUNTS = defineStatement(
  'local_account_find',
  `${ACCOUNT} where u.user_name_key = $1 order by o.id limit ${ACCOUNTS_AT_MOST}`,
);

const FIND_LOCAL_ACCOUNT = defineRead('local_account_find_one', `${ACCOUNT} where o.id = $1 and u.id = $2`);

const FIND_SETUP_LINK = defineRead(
  'setup_link_find',
  'select token_hash from setup_links where token_hash = $1 and used_at is null',
);

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
        conflict
          .columns(['org_id', 'user_id'])
          .doUpdateSet({ password_hash: hash, is_one_time: false, updated_at: now }),
      )
      .execute();
  }

  async changePassword(
    context: RequestContext,
    userId: string,
    { hash, isOneTime }: { readonly hash: string; readonly isOneTime: boolean },
  ): Promise<void> {
    const change = {
      password_hash: hash,
      is_one_time: isOneTime,
      updated_at: toInstant(this.#clock.now()),
    };
    await this.#db
      .insertInto('local_credentials')
      .values({ org_id: context.organizationId, user_id: userId, ...change })
      .onConflict((conflict) => conflict.columns(['org_id', 'user_id']).doUpdateSet(change))
      .execute();
    await appendAuditEvent(this.#db, this.#clock, context, {
      action: 'user:update_password',
      targetType: 'User',
      targetId: userId,
      after: JSON.stringify({ isOneTime }),
    });
  }

  async removePassword(context: RequestContext, userId: string): Promise<void> {
    const row = await this.#db
      .deleteFrom('local_credentials')
      .where('org_id', '=', context.organizationId)
      .where('user_id', '=', userId)
      .returning('user_id')
      .executeTakeFirst();
    if (!row) return;
    await appendAuditEvent(this.#db, this.#clock, context, {
      action: 'user:update_password',
      targetType: 'User',
      targetId: userId,
      after: JSON.stringify({ isRemoved: true }),
    });
  }

  async rehash({ organizationId, userId, passwordHash }: LocalAccount, hash: string): Promise<void> {
    await this.#db
      .updateTable('local_credentials')
      .set({ password_hash: hash })
      .where('org_id', '=', organizationId)
      .where('user_id', '=', userId)
      .where('password_hash', '=', passwordHash)
      .execute();
  }

  async takeOneTime({ organizationId, userId, passwordHash }: LocalAccount): Promise<boolean> {
    const row = await this.#db
      .deleteFrom('local_credentials')
      .where('org_id', '=', organizationId)
      .where('user_id', '=', userId)
      .where('password_hash', '=', passwordHash)
      .where('is_one_time', '=', true)
      .returning('user_id')
      .executeTakeFirst();
    return row !== undefined;
  }

  async findAccounts(userName: string): Promise<readonly LocalAccount[]> {
    const rows = await run<{ account: LocalAccount }>(this.#db, FIND_LOCAL_ACCOUNTS, [foldCase(userName)]);
    return rows.map(({ account }) => account);
  }

  async findAccount(organizationId: string, userId: string): Promise<LocalAccount | undefined> {
    const [row] = await run<{ account: LocalAccount }>(this.#db, FIND_LOCAL_ACCOUNT, [
      organizationId,
      userId,
    ]);
    return row?.account;
  }

  async noteRefusal(context: RequestContext, userId: string, reason: LocalRefusalReason): Promise<void> {
    await appendAuditEvent(this.#db, this.#clock, context, {
      action: 'user:login_refused',
      targetType: 'User',
      targetId: userId,
      after: JSON.stringify({ method: 'password', reason }),
    });
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
    return (await run(this.#db, FIND_SETUP_LINK, [hash])).length > 0;
  }
}
