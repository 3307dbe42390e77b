import type { Kysely } from 'kysely';
import { toInstant, type Clock } from '../../kernel/clock.js';
import type { RequestContext } from '../../directory/request-context.js';
import type { Identity, IdentityStore } from '../../directory/sign-on/identity-store.js';
import { appendAuditEvent } from '../audit-repository.js';
import type { Database } from '../database.js';

/** Identities in SQL. */
export class IdentityRepository implements IdentityStore {
  readonly #db: Kysely<Database>;
  readonly #clock: Clock;

  constructor(db: Kysely<Database>, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  async findUserId(
    organizationId: string,
    ssoConnectionId: string,
    subject: string,
  ): Promise<string | undefined> {
    const row = await this.#db
      .selectFrom('identities')
      .select('user_id')
      .where('org_id', '=', organizationId)
      .where('sso_connection_id', '=', ssoConnectionId)
      .where('subject', '=', subject)
      .executeTakeFirst();
    return row?.user_id;
  }

  async listOfUser(organizationId: string, userId: string): Promise<readonly Identity[]> {
    const rows = await this.#db
      .selectFrom('identities')
      .selectAll()
      .where('org_id', '=', organizationId)
      .where('user_id', '=', userId)
      .orderBy('sso_connection_id')
      .execute();
    return rows.map((row) => ({
      ssoConnectionId: row.sso_connection_id,
      subject: row.subject,
      userId: row.user_id,
      createdAt: row.created_at,
      lastSignedInAt: row.last_signed_in_at ?? undefined,
    }));
  }

  async link(
    context: RequestContext,
    identity: Omit<Identity, 'createdAt' | 'lastSignedInAt'>,
  ): Promise<void> {
    const { ssoConnectionId, subject, userId } = identity;
    await this.#db
      .insertInto('identities')
      .values({
        org_id: context.organizationId,
        sso_connection_id: ssoConnectionId,
        subject,
        user_id: userId,
        created_at: toInstant(this.#clock.now()),
        last_signed_in_at: null,
      })
      .execute();
    await appendAuditEvent(this.#db, this.#clock, context, {
      action: 'identity:link',
      targetType: 'User',
      targetId: userId,
      after: JSON.stringify({ ssoConnectionId, subject }),
    });
  }

  async unlink(context: RequestContext, ssoConnectionId: string, userId: string): Promise<boolean> {
    const row = await this.#db
      .deleteFrom('identities')
      .where('org_id', '=', context.organizationId)
      .where('sso_connection_id', '=', ssoConnectionId)
      .where('user_id', '=', userId)
      .returning('subject')
      .executeTakeFirst();
    if (!row) return false;
    await appendAuditEvent(this.#db, this.#clock, context, {
      action: 'identity:unlink',
      targetType: 'User',
      targetId: userId,
      before: JSON.stringify({ ssoConnectionId, subject: row.subject }),
    });
    return true;
  }

  async touch(organizationId: string, ssoConnectionId: string, subject: string): Promise<void> {
    await this.#db
      .updateTable('identities')
      .set({ last_signed_in_at: toInstant(this.#clock.now()) })
      .where('org_id', '=', organizationId)
      .where('sso_connection_id', '=', ssoConnectionId)
      .where('subject', '=', subject)
      .execute();
  }
}
