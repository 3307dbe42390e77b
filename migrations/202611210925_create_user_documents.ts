import { sql, type Kysely } from 'kysely';

/** What `utc_instant` says of a column, without the call: each write of a user would make two. */
const instantOf = (column: string) =>
  sql`to_char(${sql.ref(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/**
 * A user as JSON text on the wire (RFC 7643 sections 4.1 and 4.3, and our extension). What follows from the user's row
 * alone is kept in the row, as `profile` and `wire_tail`, and only joined when it is read. What lies in other tables is
 * looked up for the users who have any of it. The server puts the schemas and the id before it, its address behind it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function user_wire_tail(is_active boolean, enterprise text, manager_value text, account_type account_type,
      organization_role organization_role, seat seat, last_active_at timestamptz, days_active integer,
      created_at timestamptz, updated_at timestamptz, version integer, id uuid) returns text
    language plpgsql immutable as $$
    begin
      return case when is_active then ',"active":true' else ',"active":false' end
        || case when enterprise is null and manager_value is null then '' else
          ',"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{' || coalesce(enterprise, '')
            || case when manager_value is null then ''
               else case when enterprise is null then '' else ',' end
                 || '"manager":{"value":' || to_json(manager_value)::text || '}' end || '}' end
        || ',"urn:ietf:params:scim:schemas:extension:rollcall:2.0:User":{"accountType":"' || account_type::text || '"'
        || case when account_type = 'USER' then ',"organizationRole":"' || organization_role::text
             || '","seat":"' || seat::text || '"' else '' end
        || case when last_active_at is null then '' else ',"lastActiveAt":"' || ${instantOf('last_active_at')} || '"' end
        || ',"daysActive":' || days_active::text
        || '},"meta":{"resourceType":"User","created":"' || ${instantOf('created_at')}
        || '","lastModified":"' || ${instantOf('updated_at')}
        || '","version":"W/\\"' || version::text || '-' || right(id::text, 12) || '\\""';
    end $$`.execute(db);
  await sql`
    comment on function user_wire_tail is
      'What stands in users.wire_tail: JSON members from active to meta.version, meta still open.'`.execute(
    db,
  );

  // The functions of the usual writes compute the texts themselves; every other statement may forget them.
  await sql`
    create function refresh_user_wire() returns trigger language plpgsql as $$
    begin
      new.wire_external_id := coalesce(',"externalId":' || to_json(new.external_id)::text, '');
      new.wire_tail := user_wire_tail(new.is_active, new.enterprise, new.manager_value, new.account_type,
        new.organization_role, new.seat, new.last_active_at, new.days_active, new.created_at, new.updated_at,
        new.version, new.id);
      return new;
    end $$`.execute(db);
  await sql`
    create trigger users__refresh_wire before update on users for each row
      when (old.wire_tail = new.wire_tail) execute function refresh_user_wire()`.execute(db);

  await sql`
    create function teams_of_user(org uuid, member uuid, base_url text) returns text[] language plpgsql stable as $$
    begin
      return (
        select array[
          string_agg(concat('{"value":"', s.id, '","$ref":"', base_url, '/Groups/', s.id, '","display":', s.name,
            ',"type":"direct"}'), ','),
          string_agg(concat('{"teamId":"', s.id, '","teamName":', s.name, ',"roleName":', to_json(s.role), '}'), ',')
            filter (where s.role <> 'service')]
          from (
            select t.id, to_json(t.display_name) as name,
              case when m.custom_role_id is null then m.role else
                (select r.name from roles r where r.org_id = m.org_id and r.id = m.custom_role_id) end as role
              from team_members m join teams t on t.org_id = m.org_id and t.id = m.team_id and t.archived_at is null
             where m.org_id = org and m.user_id = member
             order by m.team_id
          ) s);
    end $$`.execute(db);
  await sql`
    comment on function teams_of_user is
      'JSON array members of groups and of teamRoles (RFC 7643 section 4.1.2 and our extension), null where none.'`.execute(
    db,
  );

  await sql`
    create function linked_user_wire(org uuid, user_id uuid, connection uuid, base_url text, profile text,
      external_member text, tail text, with_linked_ids boolean, with_teams boolean, manager uuid, default_team uuid)
    returns text language plpgsql stable as $$
    declare
      inserted text;
      parts text[];
    begin
      if with_linked_ids and external_member = '' then
        external_member := coalesce((
          select ',"externalId":' || to_json(x.external_id)::text from external_ids x
           where x.org_id = org and x.connection_id = connection and x.resource_id = user_id), '');
      end if;
      if manager is not null then
        select ',"displayName":' || to_json(m.display_name)::text into inserted from users m
         where m.org_id = org and m.id = manager and m.removed_at is null;
        tail := replace(tail, '"manager":{', concat('"manager":{"$ref":"', base_url, '/Users/', manager, '"', inserted,
          ','));
      end if;
      if with_teams then
        parts := teams_of_user(org, user_id, base_url);
      end if;
      inserted := null;
      if default_team is not null then
        select '"defaultTeam":' || to_json(t.display_name)::text || ',' into inserted from teams t
         where t.org_id = org and t.id = default_team;
      end if;
      return profile || external_member
        || replace(tail, ',"urn:ietf:params:scim:schemas:extension:rollcall:2.0:User":{',
          concat(',"groups":[' || parts[1] || ']', ',"urn:ietf:params:scim:schemas:extension:rollcall:2.0:User":{',
            '"teamRoles":[' || parts[2] || '],', inserted));
    end $$`.execute(db);
  await sql`
    comment on function linked_user_wire is
      'What stands between id and location of a user''s document, with what lies in other tables: teams, the names of the manager and of the default team, externalIds of further connections. Quotes in values are escaped, so the keys it looks for can only be keys.'`.execute(
    db,
  );

  await sql`
    create function note_linked_ids() returns trigger language plpgsql as $$
    begin
      update users u set has_linked_ids = true from added a
       where a.resource_type = 'User' and u.org_id = a.org_id and u.id = a.resource_id and not u.has_linked_ids;
      return null;
    end $$`.execute(db);
  await sql`
    create trigger external_ids__note_linked_ids after insert on external_ids
      referencing new table as added for each statement execute function note_linked_ids()`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop trigger external_ids__note_linked_ids on external_ids`.execute(db);
  await sql`drop function note_linked_ids`.execute(db);
  await sql`drop function linked_user_wire`.execute(db);
  await sql`drop function teams_of_user`.execute(db);
  await sql`drop trigger users__refresh_wire on users`.execute(db);
  await sql`drop function refresh_user_wire`.execute(db);
  await sql`drop function user_wire_tail`.execute(db);
}
