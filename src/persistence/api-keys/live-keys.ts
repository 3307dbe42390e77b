import type { LiveApiKey } from '../../directory/api-keys/api-key-store.js';
import type { Instant } from '../../kernel/clock.js';
import { defineRead } from '../statement.js';

/** A live key `k` and its principal, out of FROM_LIVE_KEYS. */
export const LIVE_KEY = `json_build_object(
       'hash', k.key_hash, 'lastUsedAt', utc_instant(k.last_used_at),
       'principal', json_build_object('organizationId', k.org_id, 'userId', u.id,
         'organizationRole', u.organization_role, 'accountType', u.account_type, 'seat', u.seat,
         'credential', json_build_object('kind', 'api_key', 'id', k.id, 'scopes', k.scopes)))::text as live`;

/**
 * The key with the hash `$1`, alive at `$2`, and its owner `u`. Live for its owner as well: a key of an account that is
 * inactive, removed or View-Only now is as good as unknown.
 */
export const FROM_LIVE_KEYS = `from api_keys k join users u on u.org_id = k.org_id and u.id = k.user_id
    where k.key_hash = $1 and k.revoked_at is null
      and (k.expires_at is null or k.expires_at > $2::timestamptz)
      and u.is_active and u.removed_at is null
      and not (u.account_type = 'USER' and (u.organization_role = 'viewer' or u.seat = 'viewer'))`;

export const FIND_LIVE_KEY = defineRead('api_key_find_live', `select ${LIVE_KEY} ${FROM_LIVE_KEYS}`);

/** @param live - the text that LIVE_KEY gives */
export function toLiveKey(live: string): LiveApiKey {
  const key = JSON.parse(live) as Omit<LiveApiKey, 'lastUsedAt'> & { readonly lastUsedAt: Instant | null };
  return { ...key, lastUsedAt: key.lastUsedAt ?? undefined };
}
