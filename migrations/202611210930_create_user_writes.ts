import { sql, type Kysely } from 'kysely';

/**
 * The writes that identity providers send all day, each one round trip with its audit event. They are functions because
 * Postgres keeps the plans of a function's statements: as one statement with the same rules, setting up the plan took
 * longer than all its work (docs/performance.md).
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function write_answer(verdict text, u users, connection uuid, base_url text) returns text
    language plpgsql stable as $$
    begin
      return verdict || ' ' || u.version || case when u.has_been_member then ' t ' else ' f ' end
        || case when u.has_been_member or u.has_linked_ids or u.manager_id is not null or u.default_team_id is not null
          then linked_user_wire(u.org_id, u.id, connection, base_url, u.profile,
            case when u.connection_id = connection then u.wire_external_id else '' end, u.wire_tail, u.has_linked_ids,
            u.has_been_member, u.manager_id, u.default_team_id)
          else u.profile || case when u.connection_id = connection then u.wire_external_id else '' end || u.wire_tail end;
    end $$`.execute(db);
  await sql`
    comment on function write_answer is
      'What the functions that write a user answer: verdict, version, has_been_member and wire text, each after a space. One text, because a row of columns from a function costs more than all of them.'`.execute(
    db,
  );

  await sql`
    create function write_user(org uuid, user_id uuid, connection uuid, expected_version integer, has_profile boolean,
      new_user_name text, new_user_name_key text, new_display_name text, new_display_name_key text, new_profile text,
      new_enterprise text, new_manager_value text, new_manager_id uuid, new_search jsonb, new_email_keys text[],
      new_external_id text, is_linked boolean, has_unique_external_ids boolean, wanted_active boolean,
      wanted_role organization_role, wanted_seat seat, named_account_type account_type, is_guarded boolean,
      limits_seats boolean, forbids_admin boolean, touch boolean, moment timestamptz, event_id uuid, actor_kind text, actor_id text,
      request_id text, source_address text, base_url text)
    returns text language plpgsql as $$
    declare
      verdict text;
      o users%rowtype;
      n users%rowtype;
      known_external_id text;
      is_external_id_changed boolean := false;
      before text := '';
      after text := '';
      action text := 'user:update';
    begin
      select * into o from users
       where users.org_id = org and users.id = user_id and users.removed_at is null for no key update;
      if not found then return null; end if;
      n := o;
      if has_profile then
        n.user_name := new_user_name;
        n.user_name_key := new_user_name_key;
        n.display_name := new_display_name;
        n.display_name_key := new_display_name_key;
        n.profile := new_profile;
        n.enterprise := new_enterprise;
        n.manager_value := new_manager_value;
        n.manager_id := new_manager_id;
        n.search := new_search;
        n.email_keys := new_email_keys;
        if connection is not null then
          known_external_id := case when o.connection_id = connection then o.external_id end;
          if known_external_id is null and o.has_linked_ids then
            select x.external_id into known_external_id from external_ids x
             where x.org_id = org and x.connection_id = connection and x.resource_id = user_id;
          end if;
          is_external_id_changed := new_external_id is distinct from known_external_id;
        end if;
      end if;
      if wanted_active is not null then n.is_active := wanted_active; end if;
      if wanted_role is not null then n.organization_role := wanted_role; end if;
      if wanted_seat is not null then n.seat := wanted_seat; end if;

      if expected_version is not null and o.version <> expected_version then verdict := 'stale';
      elsif named_account_type is not null and o.account_type <> named_account_type then verdict := 'account_type';
      elsif o.account_type <> 'USER' and (wanted_role is not null or wanted_seat is not null) then
        verdict := 'service_account';
      elsif not touch and not is_external_id_changed and n.is_active = o.is_active
        and n.organization_role = o.organization_role and n.seat = o.seat
        and (not has_profile or (n.profile = o.profile and n.user_name = o.user_name
          and n.enterprise is not distinct from o.enterprise
          and n.manager_value is not distinct from o.manager_value)) then verdict := 'unchanged';
      elsif o.is_protected and write_user.actor_kind = 'connection' then verdict := 'protected';
      elsif forbids_admin and n.is_active and not o.is_active and n.organization_role = 'admin' then
        verdict := 'admin_forbidden';
      elsif is_external_id_changed and not is_linked and (has_unique_external_ids
        or o.connection_id is distinct from connection or known_external_id is distinct from o.external_id) then
        verdict := 'needs_link';
      elsif is_guarded and o.organization_role = 'admin' and o.is_active
        and not (n.is_active and n.organization_role = 'admin') then verdict := 'needs_lock';
      elsif is_guarded and limits_seats and n.is_active and o.account_type = 'USER'
        and (not o.is_active or n.seat <> o.seat) then verdict := 'needs_lock';
      else verdict := 'written';
      end if;

      if verdict <> 'written' then
        return write_answer(verdict, o, connection, base_url);
      end if;

      if is_linked and o.connection_id = connection then
        n.external_id := null;
        n.wire_external_id := '';
      elsif is_external_id_changed and not is_linked then
        n.external_id := new_external_id;
        n.wire_external_id := coalesce(',"externalId":' || to_json(new_external_id)::text, '');
      end if;
      n.version := o.version + 1;
      n.wire_tail := user_wire_tail(n.is_active, n.enterprise, n.manager_value, n.account_type, n.organization_role,
        n.seat, n.last_active_at, n.days_active, n.created_at, moment, n.version, user_id);
      if has_profile then
        update users set user_name = n.user_name, user_name_key = n.user_name_key, display_name = n.display_name,
          display_name_key = n.display_name_key, profile = n.profile, enterprise = n.enterprise,
          manager_value = n.manager_value, manager_id = n.manager_id, search = n.search, email_keys = n.email_keys,
          external_id = n.external_id, wire_external_id = n.wire_external_id, version = n.version,
          updated_at = moment, wire_tail = n.wire_tail
         where users.org_id = org and users.id = user_id;
      end if;
      if not has_profile or n.is_active <> o.is_active or n.organization_role <> o.organization_role
        or n.seat <> o.seat then
        update users set is_active = n.is_active, organization_role = n.organization_role, seat = n.seat,
          version = n.version, updated_at = moment, wire_tail = n.wire_tail
         where users.org_id = org and users.id = user_id;
      end if;

      if n.profile <> o.profile then
        before := before || ',"profile":{' || o.profile || '}';
        after := after || ',"profile":{' || n.profile || '}';
      end if;
      if n.enterprise is distinct from o.enterprise then
        before := before || ',"enterprise":' || coalesce('{' || o.enterprise || '}', 'null');
        after := after || ',"enterprise":' || coalesce('{' || n.enterprise || '}', 'null');
      end if;
      if n.manager_value is distinct from o.manager_value then
        before := before || ',"manager":' || coalesce(to_json(o.manager_value)::text, 'null');
        after := after || ',"manager":' || coalesce(to_json(n.manager_value)::text, 'null');
      end if;
      if is_external_id_changed then
        before := before || ',"externalId":' || coalesce(to_json(known_external_id)::text, 'null');
        after := after || ',"externalId":' || coalesce(to_json(new_external_id)::text, 'null');
      end if;
      if n.is_active <> o.is_active then
        before := before || ',"active":' || o.is_active::text;
        after := after || ',"active":' || n.is_active::text;
        action := case when n.is_active then 'user:reactivate' else 'user:deactivate' end;
      end if;
      if n.organization_role <> o.organization_role then
        before := before || ',"organizationRole":"' || o.organization_role::text || '"';
        after := after || ',"organizationRole":"' || n.organization_role::text || '"';
      end if;
      if n.seat <> o.seat then
        before := before || ',"seat":"' || o.seat::text || '"';
        after := after || ',"seat":"' || n.seat::text || '"';
      end if;
      if after <> '' then
        insert into audit_events (org_id, id, occurred_at, actor_kind, actor_id, action, target_type, target_id, before,
          after, request_id, source_address)
        values (org, event_id, moment, write_user.actor_kind, write_user.actor_id, action, 'User', user_id,
          '{' || substr(before, 2) || '}', '{' || substr(after, 2) || '}', write_user.request_id,
          write_user.source_address);
      end if;
      return write_answer(verdict, n, connection, base_url);
    end $$`.execute(db);
  await sql`
    comment on function write_user is
      'Any update of one user: locks the row, decides, writes with the audit event, and answers the verdict with the user as it is afterwards. An externalId that belongs into external_ids is left to the caller (needs_link).'`.execute(
    db,
  );
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop function write_user`.execute(db);
  await sql`drop function write_answer`.execute(db);
}
