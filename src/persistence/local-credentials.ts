import { sql, type Kysely } from 'kysely';
import { toInstant, type Clock, type Instant } from '../kernel/clock.js';
import type {
  LocalAccount,
  LocalCredentialStore,
  LocalRefusalReason,
  PasswordResetDraft,
  PasswordResetOwner,
} from '../directory/organizations/local-credential-store.js';
import type { RequestContext } from '../directory/request-context.js';
import { foldCase } from '../kernel/fold.js';
import { auditParameters } from './audit-parameters.js';
import { appendAuditEvent } from './audit-repository.js';
import type { Database } from './database.js';
import { defineRead, defineStatement, run } from './statement.js';

/** Each costs a password hash at sign-in. */
const ACCOUNTS_AT_MOST = 10;

const ACCOUNT = `
  select json_build_object('organizationId', o.id, 'organizationName', o.name, 'userId', u.id,
      'userName', u.user_name, 'recoveryEmail', c.recovery_email, 'passwordHash', c.password_hash, 'isOneTime', c.is_one_time, 'isActive', u.is_active) as account
    from organizations o
    join users u on u.org_id = o.id and u.account_type = 'USER' and u.removed_at is null
    join local_credentials c on c.org_id = u.org_id and c.user_id = u.id`;

const FIND_LOCAL_ACCOUNTS = defineStatement(
  'local_account_find',
  `${ACCOUNT} where u.user_name_key = $1 order by o.id limit ${ACCOUNTS_AT_MOST}`,
);

const FIND_LOCAL_ACCOUNT = defineRead('local_account_find_one', `${ACCOUNT} where o.id = $1 and u.id = $2`);

/** The user's row first, then the password's, then sessions: as everybody who changes several of them. */
const HOLD_PASSWORD = defineStatement(
  'local_account_hold',
  `with person as (
     select u.org_id, u.id from users u where u.org_id = $1 and u.id = $2 for share
   )
   select c.user_id from person p join local_credentials c on c.org_id = p.org_id and c.user_id = p.id
    where c.password_hash = $3 for update of c`,
);

const FIND_SETUP_LINK = defineRead(
  'setup_link_find',
  'select token_hash from setup_links where token_hash = $1 and used_at is null',
);

/** What the account of a good link is: the same as may sign in with a password. */
const LIVE_PERSON = "u.is_active and u.removed_at is null and u.account_type = 'USER'";

/** The user's row is locked first, as a deactivation does, whose trigger then sees the link. */
const ISSUE_RESET = defineStatement(
  'password_reset_issue',
  `with person as (
     select u.org_id, u.id from users u where u.org_id = $1 and u.id = $2 and ${LIVE_PERSON} for share
   ), before as (
     select c.org_id, c.user_id, c.reset_mail_id
       from local_credentials c join person p on c.org_id = p.org_id and c.user_id = p.id
      where not c.is_one_time for update of c
   ), issued as (
     update local_credentials c set reset_hash = $3, reset_expires_at = $4::timestamptz, reset_mail_id = $5::uuid
       from before b where c.org_id = b.org_id and c.user_id = b.user_id
     returning c.user_id, b.reset_mail_id as replaced_mail_id
   ), audited as (
     insert into audit_events (org_id, id, occurred_at, actor_kind, actor_id, action, target_type, target_id, after,
       request_id, source_address)
     select $1, $7, $6::timestamptz, $8, $9, 'user:issue_password_reset', 'User', user_id,
       json_build_object('isMailed', $5::uuid is not null, 'expiresAt', utc_instant($4::timestamptz))::text, $10, $11
       from issued
   )
   select replaced_mail_id from issued`,
);

const FIND_RESET = defineRead(
  'password_reset_find',
  `select json_build_object('organizationId', o.id, 'organizationName', coalesce(o.display_name, o.name),
      'userId', u.id, 'userName', u.user_name) as owner
     from local_credentials c
     join users u on u.org_id = c.org_id and u.id = c.user_id and ${LIVE_PERSON}
     join organizations o on o.id = c.org_id
    where c.reset_hash = $1 and c.reset_expires_at > $2::timestamptz`,
);

const TAKE_RESET = defineStatement(
  'password_reset_take',
  `with person as (
     select u.org_id, u.id from users u
       join local_credentials c on c.org_id = u.org_id and c.user_id = u.id
      where u.org_id = $1 and c.reset_hash = $2 and c.reset_expires_at > $4::timestamptz and ${LIVE_PERSON}
      for share of u
   ), changed as (
     update local_credentials c set password_hash = $3, updated_at = $4::timestamptz, reset_hash = null,
       reset_expires_at = null, reset_mail_id = null
       from person p where c.org_id = p.org_id and c.user_id = p.id and c.reset_hash = $2
     returning c.user_id
   ), audited as (
     insert into audit_events (org_id, id, occurred_at, actor_kind, actor_id, action, target_type, target_id, after,
       request_id, source_address)
     select $1, $5, $4::timestamptz, $6, $7, 'user:update_password', 'User', user_id,
       '{"isOneTime":false,"byResetLink":true}', $8, $9
       from changed
   )
   select user_id from changed`,
);

/** A new password, or none, makes the link worthless. */
const NO_RESET = { reset_hash: null, reset_expires_at: null, reset_mail_id: null } as const;

export class LocalCredentialRepository implements LocalCredentialStore {
  readonly #db: Kysely<Database>;
  readonly #clock: Clock;

  constructor(db: Kysely<Database>, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  async insert(
    organizationId: string,
    userId: string,
    { hash, email }: { readonly hash: string; readonly email: string },
  ): Promise<void> {
    const password = {
      password_hash: hash,
      is_one_time: false,
      updated_at: toInstant(this.#clock.now()),
      recovery_email: email,
      ...NO_RESET,
    };
    await this.#db
      .insertInto('local_credentials')
      .values({ org_id: organizationId, user_id: userId, ...password })
      .onConflict((conflict) => conflict.columns(['org_id', 'user_id']).doUpdateSet(password))
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
      ...NO_RESET,
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

  async issueReset(
    context: RequestContext,
    userId: string,
    { secretHash, expiresAt, mailId }: PasswordResetDraft,
  ): Promise<{ readonly replacedMailId: string | undefined } | 'no_password'> {
    const { now, columns } = auditParameters(this.#clock, context);
    const [row] = await run<{ replaced_mail_id: string | null }>(this.#db, ISSUE_RESET, [
      context.organizationId,
      userId,
      secretHash,
      expiresAt,
      mailId ?? null,
      now,
      ...columns,
    ]);
    return row === undefined ? 'no_password' : { replacedMailId: row.replaced_mail_id ?? undefined };
  }

  async findReset(secretHash: string, now: Instant): Promise<PasswordResetOwner | undefined> {
    const [row] = await run<{ owner: PasswordResetOwner }>(this.#db, FIND_RESET, [secretHash, now]);
    return row?.owner;
  }

  async takeReset(context: RequestContext, secretHash: string, passwordHash: string): Promise<boolean> {
    const { now, columns } = auditParameters(this.#clock, context);
    const rows = await run(this.#db, TAKE_RESET, [
      context.organizationId,
      secretHash,
      passwordHash,
      now,
      ...columns,
    ]);
    return rows.length > 0;
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

  async hold({ organizationId, userId, passwordHash }: LocalAccount): Promise<boolean> {
    return (await run(this.#db, HOLD_PASSWORD, [organizationId, userId, passwordHash])).length > 0;
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
    const rows = await run<{ account: AccountRow }>(this.#db, FIND_LOCAL_ACCOUNTS, [foldCase(userName)]);
    return rows.map(({ account }) => accountOf(account));
  }

  async findAccount(organizationId: string, userId: string): Promise<LocalAccount | undefined> {
    const [row] = await run<{ account: AccountRow }>(this.#db, FIND_LOCAL_ACCOUNT, [organizationId, userId]);
    return row && accountOf(row.account);
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

type AccountRow = Omit<LocalAccount, 'recoveryEmail'> & { readonly recoveryEmail: string | null };

const accountOf = ({ recoveryEmail, ...account }: AccountRow): LocalAccount => ({
  ...account,
  recoveryEmail: recoveryEmail ?? undefined,
});
