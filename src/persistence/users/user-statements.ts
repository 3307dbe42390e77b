import { LIMITS } from '../../kernel/limits.js';
import { defineStatement } from '../statement.js';
import { externalIdOf, userDocument, userTeams } from './user-document.js';

const TOTAL = `
  (select coalesce(sum(c.value), 0)::int from organization_counters c
    where c.org_id = $1 and c.kind = 'users') as total`;

/** `$1` is the organization, `$2` the connection, `$3` the base of addresses. */
const readStatements = (withTeams: boolean) => {
  const source = { user: 'u', externalId: externalIdOf('u', '$2'), baseUrl: '$3', withTeams };
  const columns = `u.id, u.version, u.has_been_member, ${userDocument(source)} as document`;
  const joins = withTeams ? userTeams(source) : '';
  const suffix = withTeams ? 'with_teams' : 'plain';
  return {
    find: defineStatement(
      `user_find_${suffix}`,
      `select ${columns} from users u ${joins}
        where u.org_id = $1 and u.id = $4 and u.removed_at is null`,
    ),
    matchUserName: defineStatement(
      `user_match_user_name_${suffix}`,
      `select ${columns} from users u ${joins}
        where u.org_id = $1 and u.user_name_key = $4`,
    ),
    pageAfter: defineStatement(
      `user_page_after_${suffix}`,
      `select ${columns}, ${TOTAL} from users u ${joins}
        where u.org_id = $1 and u.id > $4 and u.removed_at is null order by u.id limit $5`,
    ),
    // With the limit in its text the statement is planned once; a parameter would have it planned on every run.
    defaultPageAfter: defineStatement(
      `user_default_page_after_${suffix}`,
      `select ${columns}, ${TOTAL} from users u ${joins}
        where u.org_id = $1 and u.id > $4 and u.removed_at is null order by u.id limit ${LIMITS.defaultPageSize + 1}`,
    ),
    pageAt: defineStatement(
      `user_page_at_${suffix}`,
      `select ${columns}, ${TOTAL} from
         (select org_id, id from users where org_id = $1 and removed_at is null
           order by id offset $4 limit $5) page
         join users u on u.org_id = page.org_id and u.id = page.id ${joins} order by u.id`,
    ),
  };
};

export const READ_WITH_TEAMS = readStatements(true);
export const READ_PLAIN = readStatements(false);

export const COUNT_USERS = defineStatement(
  'user_count',
  `select coalesce(sum(value), 0)::int as total from organization_counters where org_id = $1 and kind = 'users'`,
);

/** Inserts unless a removed account holds the name, with counter and audit event. */
export const INSERT_USER = defineStatement(
  'user_insert',
  `with inserted as (
     insert into users (org_id, id, user_name, user_name_key, display_name, display_name_key, profile, enterprise,
       manager_id, search, email_keys, is_active, organization_role, seat, account_type, default_team_id,
       is_protected, manager_value, connection_id, external_id, days_active, version, created_at, updated_at)
     select $1::uuid, $2::uuid, $3, $4, $5, $6, $7, $8, $9::uuid, $10::jsonb, $11::text[], $12, $13, $14, $15,
       $16::uuid, $17, $28::text, $19::uuid, case when not $21::boolean then $20::text end, 0, 1,
       $18::timestamptz, $18::timestamptz
      where not exists (
        select 1 from users r
         where r.org_id = $1 and r.removed_user_name_key = $4 and r.removed_at is not null)
     returning *
   ), counted as (
     update organization_counters c set value = c.value + 1 from inserted
      where c.org_id = $1 and c.kind = 'users' and c.slot = $22
   ), audited as (
     insert into audit_events (org_id, id, occurred_at, actor_kind, actor_id, action, target_type, target_id, after,
       request_id, source_address)
     select $1, $23, $18::timestamptz, $24, $25, 'user:create', 'User', id,
       concat('{"profile":{', $7::text, '},"enterprise":', coalesce('{' || $8::text || '}', 'null'),
         ',"manager":', coalesce(to_json($28::text)::text, 'null'),
         ',"externalId":', coalesce(to_json($20::text)::text, 'null'), ',"active":', $12::boolean::text,
         ',"organizationRole":"', $13::text, '","seat":"', $14::text, '","accountType":"', $15::text, '"}'),
       $26, $27
       from inserted
   )
   select i.id, i.version, i.has_been_member, ${userDocument({ user: 'i', externalId: '$20', baseUrl: '$29', withTeams: false })} as document
     from inserted i`,
);

/** The lock on one live user: `for no key update`, so that memberships may refer to it meanwhile. */
const LOCKED_USER = `
  where u.org_id = $1 and u.id = $2 and u.removed_at is null for no key update of u`;

/** Whether a write would take an active admin away, which needs the organization lock. */
const losesAdmin = (isActive: string, role: string): string =>
  `(organization_role = 'admin' and is_active and not (${isActive} and ${role} = 'admin'))`;

/** The parts that differ between two states of a user, taken from state `a`, as JSON text. */
const difference = (a: string, b: string): string => `
  '{' || concat_ws(',',
    case when ${a}.profile <> ${b}.profile then '"profile":{' || ${a}.profile || '}' end,
    case when ${a}.enterprise is distinct from ${b}.enterprise
      then '"enterprise":' || coalesce('{' || ${a}.enterprise || '}', 'null') end,
    case when ${a}.manager_value is distinct from ${b}.manager_value
      then '"manager":' || coalesce(to_json(${a}.manager_value)::text, 'null') end,
    case when ${a}.known_external_id is distinct from ${b}.known_external_id
      then '"externalId":' || coalesce(to_json(${a}.known_external_id)::text, 'null') end,
    case when ${a}.is_active <> ${b}.is_active then '"active":' || ${a}.is_active::text end,
    case when ${a}.organization_role <> ${b}.organization_role
      then '"organizationRole":"' || ${a}.organization_role || '"' end,
    case when ${a}.seat <> ${b}.seat then '"seat":"' || ${a}.seat || '"' end) || '}'`;

/** The verdict and the user as it is afterwards. `changed` and `old` have the same columns. */
const afterwards = (externalId: string, baseUrl: string): string => `
  , u as (
     select c.* from changed c union all select o.* from old o where not exists (select 1 from changed)
   )
   select v.verdict, u.id, u.version, u.has_been_member,
     ${userDocument({ user: 'u', externalId, baseUrl, withTeams: true })} as document
     from verdict v cross join u ${userTeams({ user: 'u', baseUrl })}`;

/**
 * Any update of one user in one round trip: locks the row, decides, writes with the audit event, and answers with the
 * verdict and the user as it is afterwards. An externalId that belongs into external_ids is left to the caller.
 */
export const WRITE_USER = defineStatement(
  'user_write',
  `with old as (
     select u.*, ${externalIdOf('u', '$3::uuid')} as known_external_id from users u ${LOCKED_USER}
   ), wanted as (
     select o.*,
       case when $5::boolean then $6::text else o.user_name end as new_user_name,
       case when $5::boolean then $10::text else o.profile end as new_profile,
       case when $5::boolean then $11::text else o.enterprise end as new_enterprise,
       case when $5::boolean then $30::text else o.manager_value end as new_manager_value,
       case when $5::boolean and $3::uuid is not null then $15::text else o.known_external_id end
         as new_external_id,
       coalesce($17::boolean, o.is_active) as new_is_active,
       coalesce($18::text, o.organization_role) as new_organization_role,
       coalesce($19::text, o.seat) as new_seat
       from old o
   ), verdict as (
     select case
       when $4::int is not null and version <> $4::int then 'stale'
       when $20::text is not null and account_type <> $20::text then 'account_type'
       when account_type <> 'USER' and ($18::text is not null or $19::text is not null) then 'service_account'
       when not $29::boolean
         and new_user_name = user_name and new_profile = profile
         and new_enterprise is not distinct from enterprise
         and new_manager_value is not distinct from manager_value
         and new_external_id is not distinct from known_external_id
         and new_is_active = is_active and new_organization_role = organization_role and new_seat = seat
         then 'unchanged'
       when is_protected and $24::text = 'connection' then 'protected'
       when not $16::boolean and new_external_id is distinct from known_external_id
         and ($31::boolean or connection_id is distinct from $3::uuid
           or known_external_id is distinct from external_id) then 'needs_link'
       when $21::boolean and ${losesAdmin('new_is_active', 'new_organization_role')} then 'needs_lock'
       when $21::boolean and $22::boolean and new_is_active and account_type = 'USER'
         and (not is_active or new_seat <> seat) then 'needs_lock'
       else 'written' end as verdict
       from wanted
   ), changed as (
     update users u set
       user_name = w.new_user_name,
       user_name_key = case when $5::boolean then $7::text else u.user_name_key end,
       display_name = case when $5::boolean then $8::text else u.display_name end,
       display_name_key = case when $5::boolean then $9::text else u.display_name_key end,
       profile = w.new_profile,
       enterprise = w.new_enterprise,
       manager_value = w.new_manager_value,
       manager_id = case when $5::boolean then $12::uuid else u.manager_id end,
       search = case when $5::boolean then $13::jsonb else u.search end,
       email_keys = case when $5::boolean then $14::text[] else u.email_keys end,
       external_id = case
         when $16::boolean and u.connection_id = $3::uuid then null
         when not $16::boolean and w.new_external_id is distinct from w.known_external_id then w.new_external_id
         else u.external_id end,
       is_active = w.new_is_active,
       organization_role = w.new_organization_role,
       seat = w.new_seat,
       version = u.version + 1,
       updated_at = $32::timestamptz
       from wanted w, verdict v
      where v.verdict = 'written' and u.org_id = $1 and u.id = $2
     returning u.*, w.new_external_id as known_external_id
   ), audited as (
     insert into audit_events (org_id, id, occurred_at, actor_kind, actor_id, action, target_type, target_id,
       before, after, request_id, source_address)
     select $1, $23, $32::timestamptz, $24, $25,
       case when o.is_active and not c.is_active then 'user:deactivate'
            when c.is_active and not o.is_active then 'user:reactivate' else 'user:update' end,
       'User', c.id, ${difference('o', 'c')}, d.after, $26, $27
       from changed c cross join old o cross join lateral (select ${difference('c', 'o')} as after offset 0) d
      where d.after <> '{}'
   ) ${afterwards('u.known_external_id', '$28')}`,
);

/** What an IdP sends all day: `active` alone, under the same rules. */
export const ACTIVATE_USER = defineStatement(
  'user_activate',
  `with old as (
     select u.* from users u ${LOCKED_USER}
   ), verdict as (
     select case
       when $3::int is not null and version <> $3::int then 'stale'
       when is_active = $4::boolean then 'unchanged'
       when is_protected and $9::text = 'connection' then 'protected'
       when ${losesAdmin('$4::boolean', 'organization_role')} then 'needs_lock'
       when $5::boolean and $4::boolean and account_type = 'USER' then 'needs_lock'
       else 'written' end as verdict
       from old
   ), changed as (
     update users u set is_active = $4::boolean, version = u.version + 1, updated_at = $7::timestamptz
       from verdict v
      where v.verdict = 'written' and u.org_id = $1 and u.id = $2
     returning u.*
   ), audited as (
     insert into audit_events (org_id, id, occurred_at, actor_kind, actor_id, action, target_type, target_id,
       before, after, request_id, source_address)
     select $1, $8, $7::timestamptz, $9, $10, case when is_active then 'user:reactivate' else 'user:deactivate' end,
       'User', id, case when is_active then '{"active":false}' else '{"active":true}' end,
       case when is_active then '{"active":true}' else '{"active":false}' end, $11, $12
       from changed
   ) ${afterwards(externalIdOf('u', '$6::uuid'), '$13')}`,
);

/** What a connection calls a user that another connection made, or whose externalId must be unique. */
export const LINK_USER = defineStatement(
  'user_link',
  `with unlinked as (
     delete from external_ids where org_id = $1 and connection_id = $2 and resource_id = $3 and $4::text is null
   )
   insert into external_ids as x (org_id, connection_id, resource_type, resource_id, external_id, is_unique)
   select $1, $2, 'User', $3, $4::text, $5 where $4::text is not null
   on conflict (org_id, connection_id, resource_id)
     do update set external_id = excluded.external_id, is_unique = excluded.is_unique`,
);

/** Takes a user away from SCIM: inactive, unlisted, its name free; its teams show one member less. */
export const REMOVE_USER = defineStatement(
  'user_remove',
  `with old as (
     select u.* from users u
      where u.org_id = $1 and u.id = $2 and u.removed_at is null
      for no key update
   ), verdict as (
     select case
       when $3::int is not null and version <> $3::int then 'stale'
       when is_protected and $5::boolean then 'protected'
       when $4::boolean and organization_role = 'admin' and is_active then 'needs_lock'
       else 'removed' end as verdict
       from old
   ), changed as (
     update users u set removed_at = $6::timestamptz, updated_at = $6::timestamptz, is_active = false,
       removed_user_name_key = u.user_name_key, user_name_key = null, external_id = null,
       version = u.version + 1
       from verdict v
      where v.verdict = 'removed' and u.org_id = $1 and u.id = $2
     returning u.*
   ), unlinked as (
     delete from external_ids x using changed c, connections n
      where n.org_id = $1 and x.org_id = $1 and x.connection_id = n.id and x.resource_id = c.id
   ), counted as (
     update organization_counters c set value = c.value - 1 from changed
      where c.org_id = $1 and c.kind = 'users' and c.slot = $7
   ), teams_changed as (
     update teams t set version = t.version + 1, updated_at = $6::timestamptz
       from changed c, team_members m
      where m.org_id = $1 and m.user_id = c.id and m.role <> 'service'
        and t.org_id = $1 and t.id = m.team_id
   ), audited as (
     insert into audit_events (org_id, id, occurred_at, actor_kind, actor_id, action, target_type, target_id,
       before, request_id, source_address)
     select $1, $8, $6::timestamptz, $9, $10, 'user:remove', 'User', o.id,
       concat('{"profile":{', o.profile, '},"enterprise":', coalesce('{' || o.enterprise || '}', 'null'), ',"active":',
         o.is_active::text, ',"organizationRole":"', o.organization_role, '","seat":"', o.seat, '"}'),
       $11, $12
       from old o, changed
   )
   select verdict from verdict`,
);
