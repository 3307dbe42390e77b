import { LIMITS } from '../../kernel/limits.js';
import { defineManyWrites, defineRead, defineShortWrite, defineStatement } from '../statement.js';
import { userWire } from './user-document.js';

const TOTAL = `
  (select coalesce(sum(c.users), 0)::int from organization_counters c where c.org_id = $1) as total`;

/** `$1` is the organization, `$2` the connection, `$3` the base of addresses. */
const readStatements = (withTeams: boolean) => {
  const wire = `${userWire({ user: 'u', connection: '$2::uuid', baseUrl: '$3::text', withTeams })} as wire`;
  const suffix = withTeams ? 'with_teams' : 'plain';
  const pageAfter = (limit: string): string => `
    select u.id, ${wire}, ${TOTAL} from users u
     where u.org_id = $1 and u.id > $4 and u.removed_at is null order by u.id limit ${limit}`;
  return {
    find: defineRead(
      `user_find_${suffix}`,
      `select u.version, u.has_been_member, ${wire} from users u
        where u.org_id = $1 and u.id = $4 and u.removed_at is null`,
    ),
    matchUserName: defineRead(
      `user_match_user_name_${suffix}`,
      `select u.id, ${wire} from users u where u.org_id = $1 and u.user_name_key = $4`,
    ),
    pageAfter: defineRead(`user_page_after_${suffix}`, pageAfter('$5')),
    // With the limit in its text the statement is planned once; a parameter would have it planned on every run.
    defaultPageAfter: defineRead(
      `user_default_page_after_${suffix}`,
      pageAfter(String(LIMITS.defaultPageSize + 1)),
    ),
    // Not a read on a shared connection: what an offset skips is read, and others would wait behind it.
    pageAt: defineStatement(
      `user_page_at_${suffix}`,
      `select u.id, ${wire}, ${TOTAL} from
         (select org_id, id from users where org_id = $1 and removed_at is null
           order by id offset $4 limit $5) page
         join users u on u.org_id = page.org_id and u.id = page.id order by u.id`,
    ),
  };
};

export const READ_WITH_TEAMS = readStatements(true);
export const READ_PLAIN = readStatements(false);

export const COUNT_USERS = defineRead(
  'user_count',
  `select coalesce(sum(users), 0)::int as total from organization_counters where org_id = $1`,
);

/**
 * Inserts unless a removed account holds the name, or an open invitation waits and `yields_to_invitation` says so, with
 * counter and audit event; answers the text between head and address.
 */
export const INSERT_USER = defineManyWrites('user_insert', 'select wire from create_users($1) as wire');

/** Another profile, or the same, and nothing else that differs: null for what is not so simple, which is left alone. */
export const REPLACE_USER = defineManyWrites(
  'user_replace',
  'select answer from replace_users($1) as answer',
);

const WRITE_PARAMETERS = `org => $1, user_id => $2, connection => $3, expected_version => $4, has_profile => $5,
  new_user_name => $6, new_user_name_key => $7, new_display_name => $8, new_display_name_key => $9, new_profile => $10,
  new_enterprise => $11, new_manager_value => $12, new_manager_id => $13, new_search => $14, new_email_keys => $15,
  new_external_id => $16, is_linked => $17, has_unique_external_ids => $18, wanted_active => $19, wanted_role => $20,
  wanted_seat => $21, named_account_type => $22, is_guarded => $23, limits_seats => $24, forbids_admin => $33,
  touch => $25, moment => $26, event_id => $27, actor_kind => $28, actor_id => $29, request_id => $30,
  source_address => $31, base_url => $32`;

/** Any update of one user in one round trip: the verdict, and the user as it is afterwards. */
export const WRITE_USER = defineShortWrite(
  'user_write',
  `select write_user(${WRITE_PARAMETERS}) as answer`,
  1,
);

/** What an IdP sends all day: `active` alone, under the rules of WRITE_USER. */
export const ACTIVATE_USER = defineManyWrites(
  'user_activate',
  'select answer from activate_users($1) as answer',
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
     update organization_counters c set users = c.users - 1 from changed
      where c.org_id = $1 and c.slot = counter_slot()
   ), teams_changed as (
     update teams t set version = t.version + 1, updated_at = $6::timestamptz
       from changed c, team_members m
      where m.org_id = $1 and m.user_id = c.id and m.role <> 'service'
        and t.org_id = $1 and t.id = m.team_id
   ), audited as (
     insert into audit_events (org_id, id, occurred_at, actor_kind, actor_id, action, target_type, target_id,
       before, after, request_id, source_address)
     select $1, $7, $6::timestamptz, $8, $9, 'user:remove', 'User', o.id,
       concat('{"profile":{', o.profile, '},"enterprise":', coalesce('{' || o.enterprise || '}', 'null'),
         ',"manager":', coalesce(to_json(o.manager_value)::text, 'null'),
         ',"externalIds":', coalesce((
           select json_object_agg(known.connection_id, known.external_id)::text from (
             select o.connection_id, o.external_id where o.external_id is not null
             union all
             select n.id, x.external_id from connections n
               join external_ids x on x.org_id = $1 and x.connection_id = n.id and x.resource_id = o.id
              where n.org_id = $1) known), '{}'),
         ',"active":', o.is_active::text, ',"organizationRole":"', o.organization_role, '","seat":"', o.seat, '"}'),
       case when $12::boolean then '{"erased":true}' end, $10, $11
       from old o, changed
   )
   select verdict from verdict`,
);
