import { sql, type Kysely, type Selectable } from 'kysely';
import { toInstant, type Clock, type Instant } from '../../kernel/clock.js';
import type { ApiKey } from '../../directory/api-keys/api-key.js';
import type {
  ApiKeyDraft,
  ApiKeyOwner,
  ApiKeyQuery,
  ApiKeyStore,
  ApiKeyVisibility,
  LiveApiKey,
} from '../../directory/api-keys/api-key-store.js';
import type { Page } from '../../directory/query.js';
import type { RequestContext } from '../../directory/request-context.js';
import { appendAuditEvent } from '../audit-repository.js';
import type { Database } from '../database.js';
import type { ApiKeyTable } from '../tables/user-tables.js';
import { run } from '../statement.js';
import { FIND_LIVE_KEY, toLiveKey } from './live-keys.js';

type ApiKeyRow = Selectable<ApiKeyTable> & { readonly owner_name: string };

const toApiKey = (row: ApiKeyRow): ApiKey => ({
  id: row.id,
  userId: row.user_id,
  ownerName: row.owner_name,
  name: row.name,
  prefix: row.key_prefix,
  scopes: row.scopes,
  createdAt: row.created_at,
  expiresAt: row.expires_at ?? undefined,
  revokedAt: row.revoked_at ?? undefined,
  lastUsedAt: row.last_used_at ?? undefined,
});

/** What the audit keeps of a key: never its secret, nor its hash. */
const describeKey = ({ id, userId, name, prefix, scopes, expiresAt }: ApiKey): string =>
  JSON.stringify({ id, userId, name, prefix, scopes, expiresAt });

/** API keys in SQL. */
export class ApiKeyRepository implements ApiKeyStore {
  readonly #db: Kysely<Database>;
  readonly #clock: Clock;

  constructor(db: Kysely<Database>, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  async findLive(hash: string, now: Instant): Promise<LiveApiKey | undefined> {
    const [row] = await run<{ live: string }>(this.#db, FIND_LIVE_KEY, [hash, now]);
    return row && toLiveKey(row.live);
  }

  async touch(organizationId: string, id: string, now: Instant): Promise<void> {
    await this.#db
      .updateTable('api_keys')
      .set({ last_used_at: now })
      .where('org_id', '=', organizationId)
      .where('id', '=', id)
      .execute();
  }

  async lockOwner(organizationId: string, userId: string): Promise<ApiKeyOwner | undefined> {
    const row = await this.#db
      .selectFrom('users')
      .select([
        'id',
        'display_name',
        'is_active',
        'account_type',
        'organization_role',
        'seat',
        'default_team_id',
      ])
      .where('org_id', '=', organizationId)
      .where('id', '=', userId)
      .where('removed_at', 'is', null)
      .forNoKeyUpdate()
      .executeTakeFirst();
    return (
      row && {
        id: row.id,
        displayName: row.display_name,
        isActive: row.is_active,
        accountType: row.account_type,
        organizationRole: row.organization_role,
        seat: row.seat,
        defaultTeamId: row.default_team_id ?? undefined,
      }
    );
  }

  async isTeamAdmin(organizationId: string, teamId: string, userId: string): Promise<boolean> {
    const row = await this.#db
      .selectFrom('team_members')
      .select('user_id')
      .where('org_id', '=', organizationId)
      .where('team_id', '=', teamId)
      .where('user_id', '=', userId)
      .where('role', '=', 'admin')
      .executeTakeFirst();
    return row !== undefined;
  }

  async countLive(organizationId: string, userId: string, now: Instant): Promise<number> {
    const row = await this.#db
      .selectFrom('api_keys')
      .select((expression) => expression.fn.countAll<number>().as('count'))
      .where('org_id', '=', organizationId)
      .where('user_id', '=', userId)
      .where('revoked_at', 'is', null)
      .where((expression) =>
        expression.or([expression('expires_at', 'is', null), expression('expires_at', '>', now)]),
      )
      .executeTakeFirstOrThrow();
    return row.count;
  }

  async list(visibility: ApiKeyVisibility, query: ApiKeyQuery): Promise<Page<ApiKey>> {
    let selected = this.#visible(visibility);
    if (query.userId !== undefined) selected = selected.where('k.user_id', '=', query.userId);
    if (query.status !== undefined)
      selected = selected.where('k.revoked_at', query.status === 'live' ? 'is' : 'is not', null);
    const { total } = await selected
      .clearSelect()
      .select((expression) => expression.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow();
    if (query.after) selected = selected.where('k.id', query.descending ? '<' : '>', query.after.id);
    const rows = await selected
      .orderBy('k.id', query.descending ? 'desc' : 'asc')
      .limit(query.limit + 1)
      .execute();
    const page = rows.slice(0, query.limit);
    const last = page.at(-1);
    return {
      items: page.map(toApiKey),
      total,
      next: rows.length > page.length && last ? { id: last.id } : undefined,
    };
  }

  async find(visibility: ApiKeyVisibility, id: string): Promise<ApiKey | undefined> {
    const row = await this.#visible(visibility).where('k.id', '=', id).executeTakeFirst();
    return row && toApiKey(row);
  }

  #visible({ organizationId, viewerId, seesAll, seesTeams }: ApiKeyVisibility) {
    const selected = this.#db
      .selectFrom('api_keys as k')
      .innerJoin('users as u', (join) =>
        join.onRef('u.org_id', '=', 'k.org_id').onRef('u.id', '=', 'k.user_id'),
      )
      .selectAll('k')
      .select('u.display_name as owner_name')
      .where('k.org_id', '=', organizationId);
    if (seesAll) return selected;
    return selected.where((expression) =>
      expression.or([
        expression('k.user_id', '=', viewerId),
        ...(seesTeams
          ? [
              sql<boolean>`(u.account_type = 'SERVICE' and exists (
                select 1 from team_members m
                 where m.org_id = u.org_id and m.team_id = u.default_team_id and m.user_id = ${viewerId}::uuid
                   and m.role = 'admin'))`,
            ]
          : []),
      ]),
    );
  }

  async insert(context: RequestContext, draft: ApiKeyDraft): Promise<void> {
    await this.#insertRow(context, draft);
    await appendAuditEvent(this.#db, this.#clock, context, {
      action: 'api_key:create',
      targetType: 'ApiKey',
      targetId: draft.key.id,
      after: describeKey(draft.key),
    });
  }

  async #insertRow({ organizationId }: RequestContext, { key, hash }: ApiKeyDraft): Promise<void> {
    await this.#db
      .insertInto('api_keys')
      .values({
        org_id: organizationId,
        id: key.id,
        user_id: key.userId,
        name: key.name,
        key_hash: hash,
        key_prefix: key.prefix,
        scopes: [...key.scopes],
        created_at: key.createdAt,
        expires_at: key.expiresAt ?? null,
      })
      .execute();
  }

  async replace(
    context: RequestContext,
    oldId: string,
    draft: ApiKeyDraft,
    oldEndsAt: Instant | undefined,
  ): Promise<boolean> {
    const now = toInstant(this.#clock.now());
    const old = await this.#db
      .updateTable('api_keys')
      .set(
        oldEndsAt === undefined
          ? { revoked_at: now }
          : { expires_at: sql<Instant>`least(expires_at, ${oldEndsAt}::timestamptz)` },
      )
      .where('org_id', '=', context.organizationId)
      .where('id', '=', oldId)
      .where('revoked_at', 'is', null)
      .where((expression) =>
        expression.or([expression('expires_at', 'is', null), expression('expires_at', '>', now)]),
      )
      .returning(['id', 'expires_at', 'revoked_at'])
      .executeTakeFirst();
    if (!old) return false;
    await this.#insertRow(context, draft);
    await appendAuditEvent(this.#db, this.#clock, context, {
      action: 'api_key:rotate',
      targetType: 'ApiKey',
      targetId: oldId,
      before: JSON.stringify({ id: old.id, expiresAt: old.expires_at, revokedAt: old.revoked_at }),
      after: describeKey(draft.key),
    });
    return true;
  }

  async revoke(context: RequestContext, id: string): Promise<boolean> {
    const row = await this.#db
      .updateTable('api_keys')
      .set({ revoked_at: toInstant(this.#clock.now()) })
      .where('org_id', '=', context.organizationId)
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .returning(['user_id', 'name', 'key_prefix'])
      .executeTakeFirst();
    if (!row) return false;
    await appendAuditEvent(this.#db, this.#clock, context, {
      action: 'api_key:revoke',
      targetType: 'ApiKey',
      targetId: id,
      before: JSON.stringify({ userId: row.user_id, name: row.name, prefix: row.key_prefix }),
    });
    return true;
  }
}
