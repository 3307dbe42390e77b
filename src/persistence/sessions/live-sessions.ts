import type { Selectable } from 'kysely';
import type { LiveSession } from '../../directory/sessions/session-store.js';
import type { SessionTable, UserTable } from '../tables/user-tables.js';
import { defineRead } from '../statement.js';

export type LiveSessionRow = Pick<
  Selectable<SessionTable>,
  'org_id' | 'id' | 'user_id' | 'secret_hash' | 'last_seen_at'
> &
  Pick<Selectable<UserTable>, 'organization_role' | 'seat' | 'account_type'>;

/** A live session `s` and its person, out of FROM_LIVE_SESSIONS: a LiveSessionRow. */
export const LIVE_SESSION = `s.org_id, s.id, s.user_id, s.secret_hash, s.last_seen_at, u.organization_role, u.seat,
  u.account_type`;

/** The session with the hash `$1`, alive at `$2`, of a live, active account `u`. */
export const FROM_LIVE_SESSIONS = `from sessions s
     join users u on u.org_id = s.org_id and u.id = s.user_id and u.is_active and u.removed_at is null
    where s.secret_hash = $1 and s.expires_at > $2::timestamptz`;

export const FIND_LIVE_SESSION = defineRead(
  'session_find_live',
  `select ${LIVE_SESSION} ${FROM_LIVE_SESSIONS}`,
);

export const toLiveSession = (row: LiveSessionRow): LiveSession => ({
  principal: {
    organizationId: row.org_id,
    userId: row.user_id,
    organizationRole: row.organization_role,
    accountType: row.account_type,
    seat: row.seat,
    credential: { kind: 'session', id: row.id },
  },
  secretHash: row.secret_hash,
  lastSeenAt: row.last_seen_at,
});
