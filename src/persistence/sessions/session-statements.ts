import { LIMITS } from '../../kernel/limits.js';
import { defineStatement } from '../statement.js';

/**
 * The share lock waits for a deactivation in progress, after which the row does not match any more, and holds off one
 * that comes after: its trigger then sees the session. `replaced` and `surplus` hang on `person`, so that the user's row
 * is locked before any session, in the order in which a deactivation locks.
 */
export const OPEN_SESSION = defineStatement(
  'session_open',
  `with person as (
     select u.org_id, u.id from users u
      where u.org_id = $1 and u.id = $2 and u.is_active and u.removed_at is null and u.account_type = 'USER'
      for share
   ), replaced as (
     delete from sessions s using person where s.secret_hash = $8::text
   ), surplus as (
     delete from sessions s using person p
      where s.org_id = $1 and s.id in (
        select o.id from sessions o
         where o.org_id = p.org_id and o.user_id = p.id and o.secret_hash is distinct from $8::text
         order by o.last_seen_at desc, o.id desc offset ${LIMITS.sessionsPerUser - 1})
   ), opened as (
     insert into sessions (org_id, id, user_id, secret_hash, method, sso_connection_id, created_at, last_seen_at,
       expires_at, source_address, user_agent, sso_subject, sso_session_index, sso_logout_hint)
     select $1, $3, p.id, $4, $5, $6::uuid, $7::timestamptz, $7::timestamptz, $9::timestamptz, $14, $10, $16, $17, $18
       from person p
     returning id, user_id
   ), audited as (
     insert into audit_events (org_id, id, occurred_at, actor_kind, actor_id, action, target_type, target_id, after,
       request_id, source_address)
     select $1, $11, $7::timestamptz, $12, $13, 'user:login', 'User', user_id,
       json_build_object('sessionId', id, 'method', $5::text, 'ssoConnectionId', $6::uuid)::text, $15, $14
       from opened
   )
   select id from opened`,
);

/** `$3` is the only session to end, or with null `$4` the one to leave. */
export const END_SESSIONS = defineStatement(
  'session_end',
  `with ended as (
     delete from sessions s
      where s.org_id = $1 and s.user_id = $2
        and case when $3::uuid is null then s.id is distinct from $4::uuid else s.id = $3::uuid end
     returning s.id, s.method, s.created_at
   ), total as (
     select count(*)::int as count, json_agg(json_build_object('id', id, 'method', method,
       'createdAt', utc_instant(created_at)) order by id)::text as sessions from ended
   ), audited as (
     insert into audit_events (org_id, id, occurred_at, actor_kind, actor_id, action, target_type, target_id, before,
       request_id, source_address)
     select $1, $6, $5::timestamptz, $7, $8, $11, 'User', $2, concat('{"sessions":', sessions, '}'), $9, $10
       from total where count > 0
   )
   select count from total`,
);
