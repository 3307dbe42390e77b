import { sql, type Kysely } from 'kysely';

/** What is answered for each that was asked: as write_answer says it of `held`, or null. */
const ANSWERS = sql`
      select (
        select concat(h.verdict, ' ', h.version, case when h.has_been_member then ' t ' else ' f ' end,
          case when h.has_been_member or h.has_linked_ids or h.manager_id is not null or h.default_team_id is not null
            then linked_user_wire(h.org_id, h.id, h.connection_id, h.base_url, h.profile, h.external_member, h.tail,
              h.has_linked_ids, h.has_been_member, h.manager_id, h.default_team_id)
            else h.profile || h.external_member || h.tail end)
          from held h where h.ordinality = a.ordinality)
        from asked a order by a.ordinality;`;

/**
 * The writes of users that come by the thousand, as statements over many: what arrives while one is under way goes with the
 * next. Eight users created together cost Postgres three fifths of what eight cost one after the other, most of which is
 * setting up statements (docs/performance.md).
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function create_users(drafts jsonb) returns setof text language plpgsql as $$
    begin
      return query with asked as materialized (
        select d.*, coalesce(',"externalId":' || to_json(d.external_id)::text, '') as external_member,
          user_wire_tail(d.is_active, d.enterprise, d.manager_value, d.account_type, d.organization_role, d.seat, null,
            0, d.moment, d.moment, 1, d.id) as tail,
          not exists (
            select 1 from users r where r.org_id = d.org_id and r.removed_user_name_key = d.user_name_key
               and r.removed_at is not null)
            and not (d.yields_to_invitation
              and has_open_invitation(d.org_id, array_append(d.email_keys, d.user_name_key), d.moment)) as is_free
          from rows from (jsonb_to_recordset(drafts) as (org_id uuid, id uuid, user_name text, user_name_key text,
            display_name text, display_name_key text, profile text, enterprise text, manager_value text,
            manager_id uuid, search jsonb, email_keys text[], is_active boolean, organization_role organization_role,
            seat seat, account_type account_type, default_team_id uuid, is_protected boolean, connection_id uuid,
            external_id text, yields_to_invitation boolean, base_url text, moment timestamptz, event_id uuid,
            actor_kind text, actor_id text, request_id text, source_address text)) with ordinality d
      ), inserted as (
        insert into users (org_id, id, user_name, user_name_key, display_name, display_name_key, profile, enterprise,
          manager_value, manager_id, search, email_keys, is_active, organization_role, seat, account_type,
          default_team_id, is_protected, connection_id, external_id, wire_external_id, days_active, version, created_at,
          updated_at, wire_tail)
        select org_id, id, user_name, user_name_key, display_name, display_name_key, profile, enterprise,
          manager_value, manager_id, search, email_keys, is_active, organization_role, seat, account_type,
          default_team_id, is_protected, connection_id, external_id, external_member, 0, 1, moment, moment, tail
          from asked where is_free
      ), counted as (
        update organization_counters c set users = c.users + n.users
          from (select org_id, count(*)::integer as users from asked where is_free group by org_id) n
         where c.org_id = n.org_id and c.slot = counter_slot()
      ), audited as (
        insert into audit_events (org_id, id, occurred_at, actor_kind, actor_id, action, target_type, target_id, after,
          request_id, source_address)
        select org_id, event_id, moment, actor_kind, actor_id, 'user:create', 'User', id,
          '{"profile":{' || profile || '},"enterprise":' || coalesce('{' || enterprise || '}', 'null')
            || ',"manager":' || coalesce(to_json(manager_value)::text, 'null')
            || coalesce(nullif(external_member, ''), ',"externalId":null')
            || ',"active":' || is_active::text || ',"organizationRole":"' || organization_role::text
            || '","seat":"' || seat::text || '","accountType":"' || account_type::text || '"}',
          request_id, source_address
          from asked where is_free
      )
      select case
          when not is_free then null
          when manager_id is null and default_team_id is null then profile || external_member || tail
          else linked_user_wire(org_id, id, connection_id, base_url, profile, external_member, tail, false, false,
            manager_id, default_team_id) end
        from asked order by ordinality;

      -- The insert waits for a removal that is under way and frees the name; what it left is seen only now.
      if exists (
        select 1 from jsonb_to_recordset(drafts) d (org_id uuid, id uuid, user_name_key text)
          join users r on r.org_id = d.org_id and r.removed_user_name_key = d.user_name_key and r.removed_at is not null
          join users inserted on inserted.org_id = d.org_id and inserted.id = d.id)
      then
        raise exception 'an account with this name was removed meanwhile' using errcode = 'serialization_failure';
      end if;
    end $$`.execute(db);
  await sql`
    comment on function create_users is
      'Inserts users with counters and audit events and answers the wire text of each, in order; null for one whose name a removed account holds or an open invitation waits for.'`.execute(
    db,
  );

  await sql`
    create function replace_users(changes jsonb) returns setof text language plpgsql as $$
    begin
      return query with asked as materialized (
        select c.* from rows from (jsonb_to_recordset(changes) as (org_id uuid, id uuid, connection_id uuid,
          expected_version integer, user_name text, user_name_key text, display_name text, display_name_key text,
          profile text, enterprise text, manager_value text, manager_id uuid, search jsonb, email_keys text[],
          external_id text, is_active boolean, account_type account_type, touch boolean, base_url text,
          moment timestamptz, event_id uuid, actor_kind text, actor_id text, request_id text,
          source_address text)) with ordinality c
      ), held as materialized (
        select a.*, case when a.profile <> u.profile then 'written' else 'unchanged' end as verdict,
          case when a.profile <> u.profile then u.version + 1 else u.version end as version,
          case when a.profile <> u.profile then
            user_wire_tail(u.is_active, a.enterprise, a.manager_value, u.account_type, u.organization_role, u.seat,
              u.last_active_at, u.days_active, u.created_at, a.moment, u.version + 1, u.id)
            else u.wire_tail end as tail,
          case when u.connection_id = a.connection_id then u.wire_external_id else '' end as external_member,
          u.profile as old_profile, u.enterprise as old_enterprise, u.manager_value as old_manager_value,
          u.has_linked_ids, u.has_been_member, u.default_team_id
          from asked a join users u on u.org_id = a.org_id and u.id = a.id
         where u.removed_at is null
           and coalesce(a.is_active = u.is_active, true)
           and coalesce(a.expected_version = u.version, true)
           and coalesce(a.account_type = u.account_type, true)
           and not (u.is_protected and a.actor_kind = 'connection')
           and (a.connection_id is null or (u.connection_id is not distinct from a.connection_id
             and u.external_id is not distinct from a.external_id and not u.has_linked_ids))
           and (a.profile <> u.profile or (not a.touch and a.user_name = u.user_name
             and a.enterprise is not distinct from u.enterprise
             and a.manager_value is not distinct from u.manager_value))
         order by a.org_id, a.id
           for no key update of u
      ), changed as (
        update users u set user_name = h.user_name, user_name_key = h.user_name_key, display_name = h.display_name,
          display_name_key = h.display_name_key, profile = h.profile, enterprise = h.enterprise,
          manager_value = h.manager_value, manager_id = h.manager_id, search = h.search, email_keys = h.email_keys,
          version = h.version, updated_at = h.moment, wire_tail = h.tail
          from held h
         where h.verdict = 'written' and u.org_id = h.org_id and u.id = h.id
      ), audited as (
        insert into audit_events (org_id, id, occurred_at, actor_kind, actor_id, action, target_type, target_id, before,
          after, request_id, source_address)
        select org_id, event_id, moment, actor_kind, actor_id, 'user:update', 'User', id,
          '{"profile":{' || old_profile || '}' || case
            when enterprise is distinct from old_enterprise then
              ',"enterprise":' || coalesce('{' || old_enterprise || '}', 'null') else '' end || case
            when manager_value is distinct from old_manager_value then
              ',"manager":' || coalesce(to_json(old_manager_value)::text, 'null') else '' end || '}',
          '{"profile":{' || profile || '}' || case
            when enterprise is distinct from old_enterprise then
              ',"enterprise":' || coalesce('{' || enterprise || '}', 'null') else '' end || case
            when manager_value is distinct from old_manager_value then
              ',"manager":' || coalesce(to_json(manager_value)::text, 'null') else '' end || '}',
          request_id, source_address
          from held where verdict = 'written'
      )
      ${ANSWERS}
    end $$`.execute(db);
  await sql`
    comment on function replace_users is
      'write_user for its usual case, for many: profiles that differ or do not, and nothing else that does. Answers null for one that is not such, and has then left it alone. Every id once.'`.execute(
    db,
  );

  await sql`
    create function activate_users(changes jsonb) returns setof text language plpgsql as $$
    begin
      return query with asked as materialized (
        select c.* from rows from (jsonb_to_recordset(changes) as (org_id uuid, id uuid, connection_id uuid,
          expected_version integer, is_active boolean, limits_seats boolean, forbids_admin boolean, base_url text,
          moment timestamptz, event_id uuid, actor_kind text, actor_id text, request_id text,
          source_address text)) with ordinality c
      ), held as materialized (
        select a.*, v.verdict, case when v.verdict = 'written' then u.version + 1 else u.version end as version,
          case when v.verdict = 'written' then
            user_wire_tail(a.is_active, u.enterprise, u.manager_value, u.account_type, u.organization_role, u.seat,
              u.last_active_at, u.days_active, u.created_at, a.moment, u.version + 1, u.id)
            else u.wire_tail end as tail,
          case when u.connection_id = a.connection_id then u.wire_external_id else '' end as external_member,
          u.profile, u.has_linked_ids, u.has_been_member, u.manager_id, u.default_team_id
          from asked a join users u on u.org_id = a.org_id and u.id = a.id
            cross join lateral (select case
              when a.expected_version <> u.version then 'stale'
              when a.is_active = u.is_active then 'unchanged'
              when u.is_protected and a.actor_kind = 'connection' then 'protected'
              when a.forbids_admin and a.is_active and u.organization_role = 'admin' then 'admin_forbidden'
              when u.organization_role = 'admin' and u.is_active then 'needs_lock'
              when a.limits_seats and a.is_active and u.account_type = 'USER' then 'needs_lock'
              else 'written' end as verdict) v
         where u.removed_at is null
         order by a.org_id, a.id
           for no key update of u
      ), changed as (
        update users u set is_active = h.is_active, version = h.version, updated_at = h.moment, wire_tail = h.tail
          from held h
         where h.verdict = 'written' and u.org_id = h.org_id and u.id = h.id
      ), audited as (
        insert into audit_events (org_id, id, occurred_at, actor_kind, actor_id, action, target_type, target_id, before,
          after, request_id, source_address)
        select org_id, event_id, moment, actor_kind, actor_id,
          case when is_active then 'user:reactivate' else 'user:deactivate' end, 'User', id,
          case when is_active then '{"active":false}' else '{"active":true}' end,
          case when is_active then '{"active":true}' else '{"active":false}' end, request_id, source_address
          from held where verdict = 'written'
      )
      ${ANSWERS}
    end $$`.execute(db);
  await sql`
    comment on function activate_users is
      'Writes active and nothing else, of many. Answers null for one that is not there. Every id once.'`.execute(
    db,
  );
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop function activate_users`.execute(db);
  await sql`drop function replace_users`.execute(db);
  await sql`drop function create_users`.execute(db);
}
