import type { Kysely, Selectable } from 'kysely';
import type { Clock, Instant } from '../../kernel/clock.js';
import type { RequestContext } from '../../directory/request-context.js';
import type { Session, SsoSignIn } from '../../directory/sessions/session.js';
import type {
  LiveSession,
  SessionDraft,
  SessionSelection,
  SessionStore,
  SsoSessionKey,
} from '../../directory/sessions/session-store.js';
import { auditParameters } from '../audit-parameters.js';
import type { Database } from '../database.js';
import type { SessionTable } from '../tables/user-tables.js';
import { run } from '../statement.js';
import { FIND_LIVE_SESSION, toLiveSession, type LiveSessionRow } from './live-sessions.js';
import { END_SESSIONS, OPEN_SESSION } from './session-statements.js';

type SessionRow = Selectable<SessionTable>;

const toSession = (row: SessionRow): Session => ({
  id: row.id,
  userId: row.user_id,
  method: row.method,
  ssoConnectionId: row.sso_connection_id ?? undefined,
  createdAt: row.created_at,
  lastSeenAt: row.last_seen_at,
  expiresAt: row.expires_at,
  sourceAddress: row.source_address ?? undefined,
  userAgent: row.user_agent ?? undefined,
});

/** Sessions in SQL. */
export class SessionRepository implements SessionStore {
  readonly #db: Kysely<Database>;
  readonly #clock: Clock;

  constructor(db: Kysely<Database>, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  async insert(context: RequestContext, draft: SessionDraft): Promise<boolean> {
    const { origin } = draft;
    const sso = 'ssoConnectionId' in origin ? origin : undefined;
    const [auditId, actorKind, actorId, requestId, sourceAddress] = auditParameters(
      this.#clock,
      context,
    ).columns;
    const rows = await run(this.#db, OPEN_SESSION, [
      context.organizationId,
      draft.userId,
      draft.id,
      draft.secretHash,
      origin.method,
      sso?.ssoConnectionId ?? null,
      draft.createdAt,
      draft.replacedHash ?? null,
      draft.expiresAt,
      draft.userAgent ?? null,
      auditId,
      actorKind,
      actorId,
      sourceAddress,
      requestId,
      sso?.subject ?? null,
      sso?.sessionIndex ?? null,
      sso?.logoutHint ?? null,
    ]);
    return rows.length > 0;
  }

  async findLive(secretHash: string, now: Instant): Promise<LiveSession | undefined> {
    const [row] = await run<LiveSessionRow>(this.#db, FIND_LIVE_SESSION, [secretHash, now]);
    return row && toLiveSession(row);
  }

  async list(organizationId: string, userId: string, now: Instant): Promise<readonly Session[]> {
    const rows = await this.#db
      .selectFrom('sessions')
      .selectAll()
      .where('org_id', '=', organizationId)
      .where('user_id', '=', userId)
      .where('expires_at', '>', now)
      .orderBy('last_seen_at', 'desc')
      .orderBy('id', 'desc')
      .execute();
    return rows.map(toSession);
  }

  async touch(organizationId: string, id: string, now: Instant): Promise<void> {
    await this.#db
      .updateTable('sessions')
      .set({ last_seen_at: now })
      .where('org_id', '=', organizationId)
      .where('id', '=', id)
      .where('last_seen_at', '<', now)
      .execute();
  }

  async end(
    context: RequestContext,
    userId: string,
    selection: SessionSelection,
    action: 'user:logout' | 'session:revoke',
  ): Promise<number> {
    const { now, columns } = auditParameters(this.#clock, context);
    const [row] = await run<{ count: number }>(this.#db, END_SESSIONS, [
      context.organizationId,
      userId,
      'only' in selection ? selection.only : null,
      'only' in selection ? null : (selection.except ?? null),
      now,
      ...columns,
      action,
    ]);
    return row?.count ?? 0;
  }

  async findSsoSignIn(organizationId: string, id: string): Promise<SsoSignIn | undefined> {
    const row = await this.#db
      .selectFrom('sessions')
      .select(['method', 'sso_connection_id', 'sso_subject', 'sso_session_index', 'sso_logout_hint'])
      .where('org_id', '=', organizationId)
      .where('id', '=', id)
      .executeTakeFirst();
    if (row === undefined || (row.method !== 'saml' && row.method !== 'oidc')) return undefined;
    if (row.sso_connection_id === null || row.sso_subject === null) return undefined;
    return {
      method: row.method,
      ssoConnectionId: row.sso_connection_id,
      subject: row.sso_subject,
      sessionIndex: row.sso_session_index ?? undefined,
      logoutHint: row.sso_logout_hint ?? undefined,
    };
  }

  async findBySsoSignIn(
    organizationId: string,
    { ssoConnectionId, subject, sessionIndex }: SsoSessionKey,
  ): Promise<readonly { readonly id: string; readonly userId: string }[]> {
    const rows = await this.#db
      .selectFrom('sessions')
      .select(['id', 'user_id'])
      .where('org_id', '=', organizationId)
      .where('sso_connection_id', '=', ssoConnectionId)
      .$if(subject !== undefined, (query) => query.where('sso_subject', '=', subject ?? ''))
      .$if(sessionIndex !== undefined, (query) => query.where('sso_session_index', '=', sessionIndex ?? ''))
      .orderBy('id')
      .execute();
    return rows.map((row) => ({ id: row.id, userId: row.user_id }));
  }

  async deleteExpired(before: Instant): Promise<void> {
    await this.#db.deleteFrom('sessions').where('expires_at', '<', before).execute();
  }
}
