import type { Kysely } from 'kysely';
import type { LiveApiKey } from '../../directory/api-keys/api-key-store.js';
import type { ForwardAuthStore, ForwardedAccount } from '../../directory/forward-auth/forward-auth-store.js';
import type { LiveSession } from '../../directory/sessions/session-store.js';
import type { Instant } from '../../kernel/clock.js';
import { isJsonObject, type JsonValue } from '../../kernel/json.js';
import { FROM_LIVE_KEYS, LIVE_KEY, toLiveKey } from '../api-keys/live-keys.js';
import type { Database } from '../database.js';
import {
  FROM_LIVE_SESSIONS,
  LIVE_SESSION,
  toLiveSession,
  type LiveSessionRow,
} from '../sessions/live-sessions.js';
import { defineRead, run } from '../statement.js';

/** Of the account `u`. `profile` is kept without its braces. */
const ACCOUNT = `json_build_object(
    'userName', u.user_name, 'displayName', u.display_name,
    'emails', concat('{', u.profile, '}')::json -> 'emails',
    'teams', (
      select coalesce(json_agg(t.display_name order by t.display_name_key, t.id), '[]'::json)
        from team_members m
        join teams t on t.org_id = m.org_id and t.id = m.team_id and t.archived_at is null
       where m.org_id = u.org_id and m.user_id = u.id))::text as account`;

const FIND_BY_SESSION = defineRead(
  'forward_auth_find_by_session',
  `select ${LIVE_SESSION}, ${ACCOUNT} ${FROM_LIVE_SESSIONS}`,
);

const FIND_BY_API_KEY = defineRead(
  'forward_auth_find_by_api_key',
  `select ${LIVE_KEY}, ${ACCOUNT} ${FROM_LIVE_KEYS}`,
);

/** What forward authentication reads, in SQL. */
export class ForwardAuthRepository implements ForwardAuthStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async findBySession(
    secretHash: string,
    now: Instant,
  ): Promise<(LiveSession & { readonly account: ForwardedAccount }) | undefined> {
    type Row = LiveSessionRow & { readonly account: string };
    const [row] = await run<Row>(this.#db, FIND_BY_SESSION, [secretHash, now]);
    return row && { ...toLiveSession(row), account: toAccount(row.account) };
  }

  async findByApiKey(
    hash: string,
    now: Instant,
  ): Promise<(LiveApiKey & { readonly account: ForwardedAccount }) | undefined> {
    interface Row {
      readonly live: string;
      readonly account: string;
    }
    const [row] = await run<Row>(this.#db, FIND_BY_API_KEY, [hash, now]);
    return row && { ...toLiveKey(row.live), account: toAccount(row.account) };
  }
}

function toAccount(text: string): ForwardedAccount {
  const { emails, ...account } = JSON.parse(text) as Omit<ForwardedAccount, 'email'> & {
    readonly emails: JsonValue;
  };
  return { ...account, email: primaryOf(emails) };
}

function primaryOf(emails: JsonValue): string | undefined {
  const list = (Array.isArray(emails) ? emails : []).filter(isJsonObject);
  const value = (list.find(({ primary }) => primary === true) ?? list[0])?.['value'];
  return typeof value === 'string' ? value : undefined;
}
