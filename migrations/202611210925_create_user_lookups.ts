import { sql, type Kysely } from 'kysely';

/**
 * What a user's document takes from other tables. As functions, they cost nothing in the documents that do not need
 * them; as subqueries, each would be set up for every read.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function linked_external_id(org uuid, connection uuid, resource uuid) returns text
    language plpgsql stable as $$
    begin
      return (select e.external_id from external_ids e
        where e.org_id = org and e.connection_id = connection and e.resource_id = resource);
    end $$`.execute(db);
  await sql`
    create function live_user_name(org uuid, user_id uuid) returns text language plpgsql stable as $$
    begin
      return (select u.display_name from users u
        where u.org_id = org and u.id = user_id and u.removed_at is null);
    end $$`.execute(db);
  await sql`
    create function team_name(org uuid, team uuid) returns text language plpgsql stable as $$
    begin
      return (select t.display_name from teams t where t.org_id = org and t.id = team);
    end $$`.execute(db);
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
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop function teams_of_user`.execute(db);
  await sql`drop function team_name`.execute(db);
  await sql`drop function live_user_name`.execute(db);
  await sql`drop function linked_external_id`.execute(db);
}
