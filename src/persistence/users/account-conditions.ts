import { sql } from 'kysely';
import type { Instant } from '../../kernel/clock.js';
import { foldCase } from '../../kernel/fold.js';
import type { SqlCondition, SqlExpression } from '../filters/column.js';

/** The status of an account; statements name users `u`. @param inactiveSince - who has done nothing since is inactive */
export const accountStatus = (inactiveSince: Instant): SqlExpression => sql`case
  when u.erased_at is not null then 'removed'
  when u.removed_at is not null then 'removed_by_idp'
  when not u.is_active then 'deactivated'
  when coalesce(u.last_active_at, u.created_at) < ${inactiveSince}::timestamptz then 'inactive'
  else 'active' end`;

/** Whether a text is part of the userName, the display name or an e-mail address. `strpos` and not `like`: it is no pattern. */
export function accountMatches(search: string): SqlCondition {
  const key = foldCase(search);
  return sql<boolean>`(strpos(coalesce(u.user_name_key, u.removed_user_name_key, ''), ${key}) > 0
    or strpos(u.display_name_key, ${key}) > 0
    or exists (select 1 from unnest(u.email_keys) as e(key) where strpos(e.key, ${key}) > 0))`;
}
