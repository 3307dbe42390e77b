import type { Kysely } from 'kysely';
import type { Instant } from '../../kernel/clock.js';
import type { SsoFlowStore, StoredSsoFlow } from '../../directory/sign-on/sso-flow-store.js';
import type { Database } from '../database.js';

/** Flows of sign-in in SQL. Not audited: a flow is half a request, and what it leads to is. */
export class SsoFlowRepository implements SsoFlowStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async insert(flow: StoredSsoFlow): Promise<void> {
    await this.#db
      .insertInto('sso_flows')
      .values({
        org_id: flow.organizationId,
        id: flow.id,
        sso_connection_id: flow.ssoConnectionId,
        purpose: flow.purpose,
        state_hash: flow.stateHash,
        browser_hash: flow.browserHash,
        return_to: flow.returnTo ?? null,
        request_id: flow.requestId ?? null,
        user_id: flow.userId ?? null,
        secrets: flow.sealedSecrets ?? null,
        created_at: flow.createdAt,
        expires_at: flow.expiresAt,
        consumed_at: null,
      })
      .execute();
  }

  async consume(
    key: Parameters<SsoFlowStore['consume']>[0],
    now: Instant,
  ): Promise<StoredSsoFlow | undefined> {
    const row = await this.#db
      .updateTable('sso_flows')
      .set({ consumed_at: now })
      .where('org_id', '=', key.organizationId)
      .where('state_hash', '=', key.stateHash)
      .where('sso_connection_id', '=', key.ssoConnectionId)
      .where('browser_hash', '=', key.browserHash)
      .where('consumed_at', 'is', null)
      .where('expires_at', '>', now)
      .returningAll()
      .executeTakeFirst();
    return (
      row && {
        id: row.id,
        organizationId: row.org_id,
        ssoConnectionId: row.sso_connection_id,
        purpose: row.purpose,
        stateHash: row.state_hash,
        browserHash: row.browser_hash,
        returnTo: row.return_to ?? undefined,
        requestId: row.request_id ?? undefined,
        userId: row.user_id ?? undefined,
        sealedSecrets: row.secrets ?? undefined,
        createdAt: row.created_at,
        expiresAt: row.expires_at,
      }
    );
  }

  async consumeAssertion(
    key: Parameters<SsoFlowStore['consumeAssertion']>[0],
    expiresAt: Instant,
  ): Promise<boolean> {
    const row = await this.#db
      .insertInto('consumed_assertions')
      .values({
        org_id: key.organizationId,
        sso_connection_id: key.ssoConnectionId,
        assertion_id: key.assertionId,
        expires_at: expiresAt,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('assertion_id')
      .executeTakeFirst();
    return row !== undefined;
  }

  async deleteExpired(now: Instant): Promise<void> {
    await this.#db.deleteFrom('sso_flows').where('expires_at', '<', now).execute();
    await this.#db.deleteFrom('consumed_assertions').where('expires_at', '<', now).execute();
  }
}
