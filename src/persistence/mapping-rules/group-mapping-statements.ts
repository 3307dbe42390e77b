import { defineRead, defineStatement } from '../statement.js';

export const FIND_GROUP = defineRead(
  'group_mapping_find_group',
  `select connection_id, group_key from teams
    where org_id = $1 and id = $2 and archived_at is null and connection_id is not null`,
);

/** In the order of ids, as every statement that locks several people does. */
export const LOCK_PEOPLE = defineStatement(
  'group_mapping_lock_people',
  `select id from users
    where org_id = $1 and id = any($2::uuid[]) and account_type = 'USER' and not is_protected
      and erased_at is null
    order by id for no key update`,
);

/** `$4` are the teams that rules name: in them every membership counts, whoever made it. */
export const READ_PEOPLE = defineStatement(
  'group_mapping_read_people',
  `select u.id, u.organization_role, u.organization_role_rule_id, u.is_active and u.removed_at is null as is_active,
     p.organization_role as given_role, p.base_role, coalesce(p.is_kept, false) as is_kept,
     (select coalesce(json_agg(json_build_object(
         'teamId', m.team_id, 'role', m.role, 'customRoleId', m.custom_role_id,
         'isRoleMapped', m.is_role_mapped, 'mappingRuleId', m.mapping_rule_id,
         'isMadeBySignOn', m.sso_connection_id is not null,
         'isPushed', coalesce(m.connection_id = $2, false),
         'isMadeByRule', coalesce(m.mapping_connection_id = $2, false),
         'groupKey', case when m.connection_id = $2 and t.connection_id = $2 then t.group_key end)
         order by m.team_id), '[]')::text
        from team_members m join teams t on t.org_id = m.org_id and t.id = m.team_id
       where m.org_id = u.org_id and m.user_id = u.id and t.archived_at is null
         and (m.connection_id = $2 or m.mapping_connection_id = $2 or m.team_id = any($4::uuid[]))) as memberships
     from users u
     left join mapped_people p on p.org_id = u.org_id and p.connection_id = $2 and p.user_id = u.id
    where u.org_id = $1 and u.id = any($3::uuid[])
    order by u.id`,
);

export const COUNT_OTHER_ADMINS = defineStatement(
  'group_mapping_count_other_admins',
  `select count(*)::int as count from users
    where org_id = $1 and organization_role = 'admin' and removed_at is null and is_active
      and account_type = 'USER' and not (id = any($2::uuid[]))`,
);

export const WRITE_ROLES = defineStatement(
  'group_mapping_write_roles',
  `update users u set organization_role = w.role::organization_role, version = u.version + 1,
     updated_at = $4::timestamptz
     from unnest($2::uuid[], $3::text[]) as w (id, role)
    where u.org_id = $1 and u.id = w.id`,
);

/** After the roles: with a new one, the rule that gave the old one is forgotten. */
export const WRITE_ROLE_RULES = defineStatement(
  'group_mapping_write_role_rules',
  `update users u set organization_role_rule_id = w.rule_id
     from unnest($2::uuid[], $3::uuid[]) as w (id, rule_id)
    where u.org_id = $1 and u.id = w.id and u.organization_role_rule_id is distinct from w.rule_id`,
);

export const WRITE_GIVEN = defineStatement(
  'group_mapping_write_given',
  `insert into mapped_people as p (org_id, connection_id, user_id, organization_role, base_role, is_kept)
   select $1, $2, w.id, w.role::organization_role, w.base::organization_role, w.is_kept
     from unnest($3::uuid[], $4::text[], $5::text[], $6::boolean[]) as w (id, role, base, is_kept)
   on conflict (org_id, connection_id, user_id) do update
     set organization_role = excluded.organization_role, base_role = excluded.base_role,
       is_kept = excluded.is_kept`,
);

export const DELETE_GIVEN = defineStatement(
  'group_mapping_delete_given',
  'delete from mapped_people where org_id = $1 and connection_id = $2 and user_id = any($3::uuid[])',
);

/** Locked in the order of ids before anything of theirs is written. */
export const TOUCH_TEAMS = defineStatement(
  'group_mapping_touch_teams',
  `with locked as (
     select id from teams where org_id = $1 and id = any($2::uuid[]) and archived_at is null
      order by id for no key update
   )
   update teams t set version = t.version + 1, updated_at = $3::timestamptz
     from locked where t.org_id = $1 and t.id = locked.id`,
);

export const DELETE_MEMBERS = defineStatement(
  'group_mapping_delete_members',
  `delete from team_members m using unnest($3::uuid[], $4::uuid[]) as w (user_id, team_id)
    where m.org_id = $1 and m.team_id = w.team_id and m.user_id = w.user_id
      and m.mapping_connection_id = $2 and m.connection_id is distinct from $2`,
);

export const INSERT_MEMBERS = defineStatement(
  'group_mapping_insert_members',
  `insert into team_members (org_id, team_id, user_id, role, custom_role_id, is_registry_admin, created_at,
     is_role_mapped, mapping_rule_id, mapping_connection_id)
   select $1, t.id, w.user_id, w.role, w.custom_role_id, false, $8::timestamptz, true, w.rule_id, $2
     from unnest($3::uuid[], $4::uuid[], $5::text[], $6::uuid[], $7::uuid[])
       as w (user_id, team_id, role, custom_role_id, rule_id)
     join teams t on t.org_id = $1 and t.id = w.team_id and t.archived_at is null
   on conflict do nothing`,
);

export const WRITE_MEMBERS = defineStatement(
  'group_mapping_write_members',
  `update team_members m set role = w.role, custom_role_id = w.custom_role_id,
     is_role_mapped = w.rule_id is not null, mapping_rule_id = w.rule_id
     from unnest($2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::uuid[])
       as w (user_id, team_id, role, custom_role_id, rule_id)
    where m.org_id = $1 and m.team_id = w.team_id and m.user_id = w.user_id and m.role <> 'service'`,
);

export const APPEND_EVENTS = defineStatement(
  'group_mapping_append_events',
  `insert into audit_events (org_id, id, occurred_at, actor_kind, actor_id, action, target_type, target_id, before,
     after, request_id, source_address)
   select $1, w.id, $6::timestamptz, $7, $8, 'user:apply_groups', 'User', w.user_id, w.before, w.after, $9, $10
     from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[]) as w (id, user_id, before, after)`,
);

/** Whom a push, a rule or a role that a rule gave concerns. */
export const PEOPLE_AFTER = defineStatement(
  'group_mapping_people_after',
  `select user_id from (
     (select distinct m.user_id from team_members m
       where m.org_id = $1 and (m.connection_id = $2 or m.mapping_connection_id = $2)
         and ($3::uuid is null or m.user_id > $3::uuid)
       order by m.user_id limit $4)
     union
     (select p.user_id from mapped_people p
       where p.org_id = $1 and p.connection_id = $2 and ($3::uuid is null or p.user_id > $3::uuid)
       order by p.user_id limit $4)
   ) concerned order by user_id limit $4`,
);

export const REQUEST_RUN = defineStatement(
  'group_mapping_request_run',
  `insert into mapping_runs (org_id, connection_id, after_user_id, is_last, due_at, request_id)
   values ($1, $2, null, false, $3, $4)
   on conflict (org_id, connection_id) do update
     set after_user_id = null, is_last = false, due_at = excluded.due_at, request_id = excluded.request_id`,
);

export const LOCK_DUE_RUN = defineStatement(
  'group_mapping_lock_due_run',
  `select after_user_id, is_last, request_id from mapping_runs
    where org_id = $1 and connection_id = $2 and due_at <= $3 for update`,
);

export const FIND_DUE_RUNS = defineRead(
  'group_mapping_find_due_runs',
  'select org_id, connection_id from mapping_runs where due_at <= $1 order by due_at limit $2',
);
