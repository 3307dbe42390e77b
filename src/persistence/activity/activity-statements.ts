import { defineStatement } from '../statement.js';

/**
 * Counts the day of each account once. Accounts that another transaction holds are skipped and not waited for: so two
 * replicas that write the same accounts in another order cannot lock each other out, and a sync is not held up. The
 * version and `updated_at` stay, since nothing has changed that anybody wrote: with a new version a client's If-Match
 * would fail because a person signed in, and with a new `meta.lastModified` a sync by it would read everybody every day.
 * A weak ETag promises no more (RFC 9110 section 8.8.1). The wire text follows by the trigger users__refresh_wire.
 */
export const RECORD_USES = defineStatement(
  'activity_record',
  `with used as (
     select s.org_id, s.user_id, s.used_at, date_trunc('day', s.used_at, 'UTC') as day
       from json_to_recordset($1::json) as s (org_id uuid, user_id uuid, used_at timestamptz)
   ), due as (
     select u.org_id, u.id, u.account_type, s.used_at from used s
       join users u on u.org_id = s.org_id and u.id = s.user_id
      where u.removed_at is null and (u.last_active_at is null or u.last_active_at < s.day)
        for no key update of u skip locked
   ), recorded as (
     update users u set last_active_at = d.used_at, days_active = u.days_active + 1 from due d
      where u.org_id = d.org_id and u.id = d.id
     returning u.org_id, u.id, d.account_type, d.used_at at time zone 'UTC' as used_at
   ), days as (
     insert into user_activity_months as m (org_id, month, user_id, days)
     select org_id, date_trunc('month', used_at)::date, id, 1 << extract(day from used_at)::int - 1
       from recorded where account_type = 'USER'
     on conflict (org_id, month, user_id) do update set days = m.days | excluded.days
   )
   select id as user_id from recorded
   union all
   select u.id from used s join users u on u.org_id = s.org_id and u.id = s.user_id and u.last_active_at >= s.day`,
);

const DAYS_OF_A_MONTH = Array.from({ length: 31 }, (_, index) => index);

/** The first day and the last of the range are `$2` and `$3`. */
const IN_RANGE = `a.org_id = $1
  and a.month between date_trunc('month', $2::timestamp)::date and $3::timestamp::date`;
/** Of the days of a month those in the range: bits below its last day without those before its first. */
const DAYS_IN_RANGE = `(a.days & (
    (1::bigint << case when a.month = date_trunc('month', $3::timestamp)::date
       then extract(day from $3::timestamp)::int else 31 end)
    - (1::bigint << case when a.month = date_trunc('month', $2::timestamp)::date
       then extract(day from $2::timestamp)::int - 1 else 0 end))::int)`;

/** Reads the rows twice, and does not keep them: so both counts can use several processes. */
export const COUNT_ACTIVE = defineStatement(
  'activity_count',
  `select to_char(month, 'YYYY-MM') as month, people, by_day,
     (select count(*)::int from (
       select a.user_id from user_activity_months a where ${IN_RANGE} and ${DAYS_IN_RANGE} <> 0 group by a.user_id
     ) as persons) as total
     from (
       select month, count(*)::int as people,
         json_build_array(${DAYS_OF_A_MONTH.map((day) => `count(*) filter (where days & ${1 << day} <> 0)`).join(', ')})::text
           as by_day
         from (select a.month, ${DAYS_IN_RANGE} as days from user_activity_months a where ${IN_RANGE}) as ranged
        where days <> 0 group by month
     ) as months
    order by 1`,
);

export const DELETE_BEFORE = defineStatement(
  'activity_delete_before',
  `with gone as (
     delete from user_activity_months where ctid = any (array(
       select ctid from user_activity_months where month < $1::date limit $2)) returning 1
   ) select count(*)::int as count from gone`,
);
