import { defineRead, defineStatement } from '../statement.js';

export const TEAM_COLUMNS = 't.id, t.display_name, t.version, t.created_at, t.updated_at, x.external_id';

const EXTERNAL_ID = `
  left join external_ids x on x.org_id = t.org_id and x.connection_id = $2 and x.resource_id = t.id`;

export const FIND_TEAM = defineRead(
  'team_find',
  `select ${TEAM_COLUMNS} from teams t ${EXTERNAL_ID}
    where t.org_id = $1 and t.id = $3 and t.archived_at is null`,
);

/** Member ids in one row of FIND_TEAM_WITH_MEMBER_IDS. */
export const IDS_PER_ROW = 1_000;

/**
 * With the members' ids, taken in the same snapshot as the version: rows of so many ids each, in their order, 16 bytes an
 * id. A team without members is one row.
 */
export const FIND_TEAM_WITH_MEMBER_IDS = defineStatement(
  'team_find_with_member_ids',
  `select ${TEAM_COLUMNS}, parts.member_ids
     from teams t ${EXTERNAL_ID}
     left join lateral (
       select string_agg(uuid_send(numbered.user_id), ''::bytea order by numbered.user_id) as member_ids,
           numbered.place / ${IDS_PER_ROW} as part
         from (
           select m.user_id, row_number() over (order by m.user_id) - 1 as place from team_members m
            where m.org_id = t.org_id and m.team_id = t.id and m.role <> 'service'
              and not exists (select 1 from users r
                where r.org_id = m.org_id and r.id = m.user_id and r.removed_at is not null)
         ) numbered
        group by part
     ) parts on true
    where t.org_id = $1 and t.id = $3 and t.archived_at is null
    order by parts.part`,
);

export const FIND_TEAMS = defineRead(
  'team_find_many',
  `select ${TEAM_COLUMNS} from teams t ${EXTERNAL_ID}
    where t.org_id = $1 and t.id = any($3::uuid[]) and t.archived_at is null`,
);

export const COUNT_TEAMS = defineRead(
  'team_count',
  `select coalesce(sum(teams), 0)::int as total from organization_counters where org_id = $1`,
);

export const READ_MEMBERS = defineStatement(
  'team_read_members',
  `select u.id, u.display_name from users u
    where u.org_id = $1 and u.id = any($2::uuid[]) and u.removed_at is null order by u.id`,
);

/** Parameters with which members are pushed: whose group it is, and the role that a mapping rule gives in it. */
interface PushParameters {
  readonly ids: string;
  readonly team: string;
  readonly now: string;
  readonly connection: string;
  readonly role: string;
  readonly customRole: string;
  /** Null when no rule gives a role. */
  readonly rule: string;
}

/**
 * Rows to insert for member ids: a missing user gives a null that the table refuses, which undoes the statement. Rules do
 * not touch accounts that are protected from SCIM.
 */
const newMembers = ({ ids, team, now, connection, role, customRole, rule }: PushParameters): string => `
  select $1::uuid, ${team}, u.id, case when u.is_protected then 'member' else ${role}::text end,
      case when not u.is_protected then ${customRole}::uuid end, false, ${now}::timestamptz, ${connection}::uuid,
      not u.is_protected and ${rule}::uuid is not null, case when not u.is_protected then ${rule}::uuid end
    from unnest(${ids}::uuid[]) as wanted(id)
    left join users u on u.org_id = $1::uuid and u.id = wanted.id and u.removed_at is null
   where u.id is null or u.account_type = 'USER'`;

const MEMBER_COLUMNS = '(org_id, team_id, user_id, role, is_registry_admin, created_at)';

const PUSHED_COLUMNS = `(org_id, team_id, user_id, role, custom_role_id, is_registry_admin, created_at, connection_id,
  is_role_mapped, mapping_rule_id)`;

/** An audit event's `after`, with the role that a rule gives to those who are added, where one does. */
const afterWith = (
  fields: string,
  { role, customRole, rule }: Pick<PushParameters, 'role' | 'customRole' | 'rule'>,
): string => `
  case when ${rule}::uuid is null then json_build_object(${fields})
    else json_build_object(${fields}, 'role', ${role}::text, 'customRoleId', ${customRole}::uuid,
      'mappingRuleId', ${rule}::uuid) end::text`;

const INSERT_GRANT = { role: '$15', customRole: '$16', rule: '$17' };
const CHANGE_GRANT = { role: '$13', customRole: '$14', rule: '$15' };

/** A team with its members and the organization's service accounts. */
export const INSERT_TEAM = defineStatement(
  'team_insert',
  `with inserted as (
     insert into teams (org_id, id, display_name, display_name_key, version, created_at, updated_at, connection_id,
       group_key)
     values ($1, $2, $3, $4, 1, $5::timestamptz, $5::timestamptz, $6::uuid,
       case when $6::uuid is not null then $4::text end) returning id
   ), external as (
     insert into external_ids (org_id, connection_id, resource_type, resource_id, external_id, is_unique)
     select $1, $6::uuid, 'Group', id, $7::text, $8 from inserted
      where $6::uuid is not null and $7::text is not null
   ), counted as (
     update organization_counters c set teams = c.teams + 1 from inserted
      where c.org_id = $1 and c.slot = counter_slot()
   ), members as (
     insert into team_members ${PUSHED_COLUMNS} ${newMembers({
       ids: '$9',
       team: '$2::uuid',
       now: '$5',
       connection: '$6',
       ...INSERT_GRANT,
     })}
     on conflict do nothing
   ), service_accounts as (
     insert into team_members ${MEMBER_COLUMNS}
     select $1, $2, s.id, 'service', false, $5::timestamptz from users s
      where s.org_id = $1 and s.account_type = 'ORG_SERVICE' and s.removed_at is null
   )
   insert into audit_events (org_id, id, occurred_at, actor_kind, actor_id, action, target_type, target_id, after,
     request_id, source_address)
   select $1, $10, $5::timestamptz, $11, $12, 'team:create', 'Team', id,
     ${afterWith(
       "'displayName', $3::text, 'externalId', $7::text, 'members', to_json($9::uuid[])",
       INSERT_GRANT,
     )}, $13, $14
     from inserted`,
);

const LOCKED_TEAM = `
  select t.*, x.external_id from teams t ${EXTERNAL_ID.replace('$2', '$3')}
   where t.org_id = $1 and t.id = $2 and t.archived_at is null
     for no key update of t`;

const AFTERWARDS = (changed: string): string => `
  select case
      when ${changed}.id is not null then 'written'
      when $4::int is not null and o.version <> $4::int then 'stale' else 'unchanged' end as verdict,
    o.id, coalesce(${changed}.display_name, o.display_name) as display_name,
    coalesce(${changed}.version, o.version) as version, o.created_at,
    coalesce(${changed}.updated_at, o.updated_at) as updated_at`;

/** Name and externalId of a team. Who writes either of them has the team as its group, by that name. */
export const WRITE_TEAM = defineStatement(
  'team_write',
  `with old as (${LOCKED_TEAM}
   ), wanted as (
     select o.id, coalesce($5::text, o.display_name) as new_display_name,
       case when $7::boolean and $3::uuid is not null then $8::text else o.external_id end as new_external_id
       from old o
   ), changed as (
     update teams t set display_name = w.new_display_name,
       display_name_key = coalesce($6::text, t.display_name_key),
       connection_id = coalesce($3::uuid, t.connection_id),
       group_key = case when $3::uuid is null then t.group_key
         when $6::text is null and t.connection_id = $3::uuid then t.group_key
         else coalesce($6::text, t.display_name_key) end,
       version = t.version + 1, updated_at = $10::timestamptz
       from old o, wanted w
      where t.org_id = $1 and t.id = o.id and w.id = o.id
        and ($4::int is null or o.version = $4::int)
        and (w.new_display_name <> o.display_name or w.new_external_id is distinct from o.external_id)
     returning t.*
   ), claimed as (
     update teams t set connection_id = $3::uuid, group_key = coalesce($6::text, t.display_name_key)
       from old o
      where not exists (select 1 from changed) and t.org_id = $1 and t.id = o.id
        and ($4::int is null or o.version = $4::int)
        and $3::uuid is not null and ($5::text is not null or $7::boolean)
        and (o.connection_id is distinct from $3::uuid or o.group_key is distinct from coalesce($6::text, o.group_key))
   ), unlinked as (
     delete from external_ids x using changed c, wanted w
      where w.new_external_id is null and x.org_id = $1 and x.connection_id = $3::uuid and x.resource_id = c.id
   ), linked as (
     insert into external_ids as x (org_id, connection_id, resource_type, resource_id, external_id, is_unique)
     select $1, $3::uuid, 'Group', c.id, w.new_external_id, $9 from changed c, wanted w, old o
      where $3::uuid is not null and w.new_external_id is not null
        and w.new_external_id is distinct from o.external_id
     on conflict (org_id, connection_id, resource_id)
       do update set external_id = excluded.external_id, is_unique = excluded.is_unique
   ), audited as (
     insert into audit_events (org_id, id, occurred_at, actor_kind, actor_id, action, target_type, target_id,
       before, after, request_id, source_address)
     select $1, $11, $10::timestamptz, $12, $13, 'team:update', 'Team', c.id,
       json_build_object('displayName', o.display_name, 'externalId', o.external_id)::text,
       json_build_object('displayName', c.display_name, 'externalId', w.new_external_id)::text, $14, $15
       from changed c, old o, wanted w
   )
   ${AFTERWARDS('c')},
     case when c.id is not null then w.new_external_id else o.external_id end as external_id
     from old o join wanted w on w.id = o.id left join changed c on c.id = o.id`,
);

/** How a push meets memberships that are there: it leaves them, or where rules count them, makes them its own. */
const PLAIN = {
  inserted: 'added',
  conflict: 'on conflict do nothing returning user_id',
  added: '',
  touched: '',
};
const MAPPED = {
  inserted: 'pushed',
  conflict: `on conflict (org_id, team_id, user_id) do update
       set connection_id = excluded.connection_id, mapping_connection_id = null
       where team_members.role <> 'service' and team_members.connection_id is distinct from excluded.connection_id
     returning user_id, xmax = 0 as is_new`,
  added: ', added as (select user_id from pushed where is_new)',
  touched: `, (select json_agg(user_id)::text from
     (select user_id from removed union all select user_id from pushed) x) as touched`,
};

const changeMembers = (name: string, isReplacement: boolean, manner: typeof PLAIN) =>
  defineStatement(
    name,
    `with old as (${LOCKED_TEAM}
   ), allowed as (
     select id from old where $4::int is null or version = $4::int
   ), removed as (
     delete from team_members m using allowed a
      where m.org_id = $1 and m.team_id = a.id and m.role <> 'service'
        and ${
          isReplacement
            ? `(m.user_id = any($6::uuid[]) or not (m.user_id = any($5::uuid[])))
        and not exists (select 1 from users r
          where r.org_id = m.org_id and r.id = m.user_id and r.removed_at is not null)`
            : 'm.user_id = any($6::uuid[])'
        }
     returning m.user_id
   ), ${manner.inserted} as (
     insert into team_members ${PUSHED_COLUMNS}
     select n.* from allowed a cross join lateral (${newMembers({
       ids: '$5',
       team: '$2::uuid',
       now: '$7',
       connection: '$3',
       ...CHANGE_GRANT,
     })}) n
     ${manner.conflict}
   ) ${manner.added}, changed as (
     update teams t set version = t.version + 1, updated_at = $7::timestamptz
       from allowed a
      where t.org_id = $1 and t.id = a.id
        and (exists (select 1 from removed) or exists (select 1 from added))
     returning t.*
   ), audited as (
     insert into audit_events (org_id, id, occurred_at, actor_kind, actor_id, action, target_type, target_id,
       after, request_id, source_address)
     select $1, $8, $7::timestamptz, $9, $10, 'team:update_members', 'Team', c.id,
       ${afterWith(
         `'added', (select coalesce(json_agg(user_id), '[]') from added),
         'removed', (select coalesce(json_agg(user_id), '[]') from removed)`,
         CHANGE_GRANT,
       )},
       $11, $12
       from changed c
   )
   ${AFTERWARDS('c')}, o.external_id ${manner.touched}
     from old o left join changed c on c.id = o.id`,
  );

/** Adds `$5` and removes `$6`; its cost does not grow with the members that are not named. */
export const CHANGE_MEMBERS = changeMembers('team_change_members', false, PLAIN);

/** Leaves exactly `$5`, and service accounts as they are. */
export const REPLACE_MEMBERS = changeMembers('team_replace_members', true, PLAIN);

/** As those, where mapping rules count memberships: with the people whose membership has changed. */
export const CHANGE_MAPPED_MEMBERS = changeMembers('team_change_mapped_members', false, MAPPED);
export const REPLACE_MAPPED_MEMBERS = changeMembers('team_replace_mapped_members', true, MAPPED);

/** Takes a team away from SCIM: no members, its name free; projects and the row stay for a restore. */
export const ARCHIVE_TEAM = defineStatement(
  'team_archive',
  `with old as (
     select t.* from teams t where t.org_id = $1 and t.id = $2 and t.archived_at is null for no key update
   ), changed as (
     update teams t set archived_at = $4::timestamptz, display_name_key = null, updated_at = $4::timestamptz, version = t.version + 1
       from old o
      where t.org_id = $1 and t.id = o.id and ($3::int is null or o.version = $3::int)
     returning t.id
   ), members as (
     delete from team_members m using changed c where m.org_id = $1 and m.team_id = c.id returning m.user_id
   ), unlinked as (
     delete from external_ids x using changed c, connections n
      where n.org_id = $1 and x.org_id = $1 and x.connection_id = n.id and x.resource_id = c.id
   ), counted as (
     update organization_counters c set teams = c.teams - 1 from changed
      where c.org_id = $1 and c.slot = counter_slot()
   ), audited as (
     insert into audit_events (org_id, id, occurred_at, actor_kind, actor_id, action, target_type, target_id,
       before, request_id, source_address)
     select $1, $5, $4::timestamptz, $6, $7, 'team:archive', 'Team', o.id,
       json_build_object('displayName', o.display_name,
         'members', (select coalesce(json_agg(user_id), '[]') from members))::text, $8, $9
       from old o join changed c on c.id = o.id
   )
   select case when exists (select 1 from changed) then 'archived' else 'stale' end as verdict from old`,
);
