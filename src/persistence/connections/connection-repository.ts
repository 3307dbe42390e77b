import { sql, type Kysely, type Selectable } from 'kysely';
import { toInstant, type Clock, type Instant } from '../../kernel/clock.js';
import { foldCase } from '../../kernel/fold.js';
import type { Connection } from '../../directory/connections/connection.js';
import type {
  ConnectionStore,
  ConnectionToken,
  EndedToken,
  LiveToken,
  TokenDraft,
} from '../../directory/connections/connection-store.js';
import type { IdWindow, Page } from '../../directory/query.js';
import type { RequestContext } from '../../directory/request-context.js';
import { appendAuditEvent } from '../audit-repository.js';
import type { Database } from '../database.js';
import type { ConnectionTable, ConnectionTokenTable } from '../tables/connection-tables.js';
import { readIdPage } from '../id-page.js';
import { defineRead, run } from '../statement.js';

type ConnectionRow = Omit<Selectable<ConnectionTable>, 'name_key'> & { readonly has_mapping_rules: boolean };
type TokenRow = Selectable<ConnectionTokenTable>;

/** A secret of a revoked or expired client, and every access token issued for it, is dead. */
const FIND_LIVE_TOKEN = defineRead(
  'connection_find_live_token',
  `select json_build_object(
       'hash', t.token_hash,
       'token', json_build_object('id', t.id, 'connectionId', t.connection_id, 'kind', t.kind, 'name', t.name),
       'connection', json_build_object('id', c.id, 'organizationId', c.org_id, 'name', c.name,
         'isEnabled', c.is_enabled, 'hasMappingRules', exists (
           select 1 from mapping_rules g where g.org_id = c.org_id and g.connection_id = c.id),
         'version', c.version, 'createdAt', utc_instant(c.created_at),
         'settings', json_build_object('mode', c.mode, 'onGroupDelete', c.on_group_delete,
           'onUserDelete', c.on_user_delete, 'mayGrantAdmin', c.may_grant_admin,
           'hasUniqueExternalIds', c.has_unique_external_ids)))::text as live
     from connection_tokens t
     join connections c on c.org_id = t.org_id and c.id = t.connection_id
     left join connection_tokens s on s.org_id = t.org_id and s.id = t.issued_by
    where t.token_hash = $1 and t.revoked_at is null and (t.expires_at is null or t.expires_at > $2::timestamptz)
      and s.revoked_at is null and (s.expires_at is null or s.expires_at > $2::timestamptz) and c.is_enabled`,
);

const toConnection = (row: ConnectionRow): Connection => ({
  id: row.id,
  organizationId: row.org_id,
  name: row.name,
  settings: {
    mode: row.mode,
    onGroupDelete: row.on_group_delete,
    onUserDelete: row.on_user_delete,
    mayGrantAdmin: row.may_grant_admin,
    hasUniqueExternalIds: row.has_unique_external_ids,
  },
  isEnabled: row.is_enabled,
  hasMappingRules: row.has_mapping_rules,
  version: row.version,
  createdAt: row.created_at,
});

const toToken = (row: TokenRow): ConnectionToken => ({
  id: row.id,
  connectionId: row.connection_id,
  kind: row.kind,
  name: row.name,
  prefix: row.token_prefix,
  createdAt: row.created_at,
  expiresAt: row.expires_at ?? undefined,
  revokedAt: row.revoked_at ?? undefined,
  lastUsedAt: row.last_used_at ?? undefined,
});

const describe = ({ name, settings, isEnabled }: Connection): string =>
  JSON.stringify({ name, ...settings, isEnabled });

/** Connections and their credentials in SQL. */
export class ConnectionRepository implements ConnectionStore {
  readonly #db: Kysely<Database>;
  readonly #clock: Clock;

  constructor(db: Kysely<Database>, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  #connections(organizationId: string) {
    return this.#db
      .selectFrom('connections')
      .selectAll()
      .select(
        sql<boolean>`exists (select 1 from mapping_rules g
          where g.org_id = connections.org_id and g.connection_id = connections.id)`.as('has_mapping_rules'),
      )
      .where('org_id', '=', organizationId);
  }

  async list(organizationId: string): Promise<readonly Connection[]> {
    const rows = await this.#connections(organizationId).orderBy('id').execute();
    return rows.map(toConnection);
  }

  page(organizationId: string, window: IdWindow): Promise<Page<Connection>> {
    return readIdPage(this.#connections(organizationId), window, toConnection);
  }

  async find(organizationId: string, id: string): Promise<Connection | undefined> {
    const row = await this.#connections(organizationId)
      .where('id', '=', id)
      .$if(this.#db.isTransaction, (query) => query.forNoKeyUpdate())
      .executeTakeFirst();
    return row && toConnection(row);
  }

  async findByName(organizationId: string, name: string): Promise<Connection | undefined> {
    const row = await this.#connections(organizationId)
      .where('name_key', '=', foldCase(name))
      .executeTakeFirst();
    return row && toConnection(row);
  }

  async insert(context: RequestContext, connection: Connection): Promise<void> {
    const { settings } = connection;
    await this.#db
      .insertInto('connections')
      .values({
        org_id: context.organizationId,
        id: connection.id,
        name: connection.name,
        name_key: foldCase(connection.name),
        mode: settings.mode,
        on_group_delete: settings.onGroupDelete,
        on_user_delete: settings.onUserDelete,
        may_grant_admin: settings.mayGrantAdmin,
        has_unique_external_ids: settings.hasUniqueExternalIds,
        is_enabled: connection.isEnabled,
        version: connection.version,
        created_at: connection.createdAt,
      })
      .execute();
    await appendAuditEvent(this.#db, this.#clock, context, {
      action: 'connection:create',
      targetType: 'Connection',
      targetId: connection.id,
      after: JSON.stringify({ name: connection.name, ...settings }),
    });
  }

  async update(context: RequestContext, before: Connection, after: Connection): Promise<void> {
    const { settings } = after;
    await this.#db
      .updateTable('connections')
      .set({
        name: after.name,
        name_key: foldCase(after.name),
        mode: settings.mode,
        on_group_delete: settings.onGroupDelete,
        on_user_delete: settings.onUserDelete,
        may_grant_admin: settings.mayGrantAdmin,
        has_unique_external_ids: settings.hasUniqueExternalIds,
        is_enabled: after.isEnabled,
        version: after.version,
      })
      .where('org_id', '=', context.organizationId)
      .where('id', '=', before.id)
      .execute();
    await appendAuditEvent(this.#db, this.#clock, context, {
      action: 'connection:update',
      targetType: 'Connection',
      targetId: before.id,
      before: describe(before),
      after: describe(after),
    });
  }

  pageTokens(organizationId: string, connectionId: string, window: IdWindow): Promise<Page<ConnectionToken>> {
    return readIdPage(this.#tokens(organizationId, connectionId), window, toToken);
  }

  async findToken(
    organizationId: string,
    connectionId: string,
    tokenId: string,
  ): Promise<ConnectionToken | undefined> {
    const row = await this.#tokens(organizationId, connectionId).where('id', '=', tokenId).executeTakeFirst();
    return row && toToken(row);
  }

  #tokens(organizationId: string, connectionId: string) {
    return this.#db
      .selectFrom('connection_tokens')
      .selectAll()
      .where('org_id', '=', organizationId)
      .where('connection_id', '=', connectionId)
      .where('kind', '<>', 'access_token');
  }

  async listTokens(organizationId: string, connectionId: string): Promise<readonly ConnectionToken[]> {
    const rows = await this.#tokens(organizationId, connectionId).orderBy('id').execute();
    return rows.map(toToken);
  }

  async insertToken(context: RequestContext, draft: TokenDraft): Promise<void> {
    await this.#db
      .insertInto('connection_tokens')
      .values({
        org_id: context.organizationId,
        id: draft.id,
        connection_id: draft.connectionId,
        kind: draft.kind,
        name: draft.name,
        token_hash: draft.hash,
        token_prefix: draft.prefix,
        created_at: toInstant(this.#clock.now()),
        expires_at: draft.expiresAt ?? null,
        issued_by: draft.issuedBy ?? null,
      })
      .execute();
    await appendAuditEvent(this.#db, this.#clock, context, {
      action: 'connection_token:create',
      targetType: 'ConnectionToken',
      targetId: draft.id,
      after: JSON.stringify({
        connectionId: draft.connectionId,
        kind: draft.kind,
        name: draft.name,
        expiresAt: draft.expiresAt,
      }),
    });
  }

  async revokeToken(context: RequestContext, tokenId: string): Promise<boolean> {
    const row = await this.#db
      .updateTable('connection_tokens')
      .set({ revoked_at: toInstant(this.#clock.now()) })
      .where('org_id', '=', context.organizationId)
      .where('id', '=', tokenId)
      .where('revoked_at', 'is', null)
      .returning(['connection_id', 'name'])
      .executeTakeFirst();
    if (!row) return false;
    await appendAuditEvent(this.#db, this.#clock, context, {
      action: 'connection_token:revoke',
      targetType: 'ConnectionToken',
      targetId: tokenId,
      before: JSON.stringify({ connectionId: row.connection_id, name: row.name }),
    });
    return true;
  }

  async findLiveToken(hash: string, now: Instant): Promise<LiveToken | undefined> {
    const [row] = await run<{ live: string }>(this.#db, FIND_LIVE_TOKEN, [hash, now]);
    return row && (JSON.parse(row.live) as LiveToken);
  }

  async findEndedToken(hash: string, now: Instant): Promise<EndedToken | undefined> {
    const { rows } = await sql<EndedToken>`
      select t.org_id as "organizationId", t.connection_id as "connectionId", t.name,
        case when not c.is_enabled then 'disabled'
          when t.revoked_at is not null or s.revoked_at is not null then 'revoked'
          when t.expires_at <= ${now}::timestamptz or s.expires_at <= ${now}::timestamptz then 'expired'
          else 'wrong_kind' end as reason
        from connection_tokens t
        join connections c on c.org_id = t.org_id and c.id = t.connection_id
        left join connection_tokens s on s.org_id = t.org_id and s.id = t.issued_by
       where t.token_hash = ${hash}`.execute(this.#db);
    return rows[0];
  }

  async hasToken(hash: string): Promise<boolean> {
    const row = await this.#db
      .selectFrom('connection_tokens')
      .select('id')
      .where('token_hash', '=', hash)
      .executeTakeFirst();
    return row !== undefined;
  }

  async touchToken(organizationId: string, tokenId: string, now: Instant): Promise<void> {
    await this.#db
      .updateTable('connection_tokens')
      .set({ last_used_at: now })
      .where('org_id', '=', organizationId)
      .where('id', '=', tokenId)
      .execute();
  }

  async deleteExpiredAccessTokens(
    organizationId: string,
    connectionId: string,
    before: Instant,
  ): Promise<void> {
    await this.#db
      .deleteFrom('connection_tokens')
      .where('org_id', '=', organizationId)
      .where('connection_id', '=', connectionId)
      .where('kind', '=', 'access_token')
      .where('expires_at', '<', before)
      .execute();
  }
}
