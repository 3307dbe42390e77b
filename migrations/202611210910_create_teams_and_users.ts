import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table roles (
      org_id uuid not null,
      id uuid not null,
      name text collate "C" not null,
      description text,
      description_key text collate "C",
      inherited_from text not null,
      permissions text[] not null,
      version integer not null,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      constraint roles__org_id_id__pk primary key (org_id, id),
      constraint roles__org_id__fk foreign key (org_id) references organizations (id),
      constraint roles__org_id_name__uq unique (org_id, name),
      constraint roles__inherited_from__ck check (inherited_from in ('member', 'viewer'))
    )`.execute(db);
  await sql`comment on table roles is 'Custom roles. Predefined roles are code, not rows.'`.execute(db);
  await sql`comment on column roles.permissions is 'Only what the role adds to inherited_from.'`.execute(db);

  await sql`
    create table teams (
      org_id uuid not null,
      id uuid not null,
      display_name text not null,
      display_name_key text collate "C",
      version integer not null,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      archived_at timestamptz,
      constraint teams__org_id_id__pk primary key (org_id, id),
      constraint teams__org_id__fk foreign key (org_id) references organizations (id),
      constraint teams__org_id_display_name_key__uq unique (org_id, display_name_key),
      constraint teams__display_name_key__ck check ((display_name_key is null) = (archived_at is not null))
    ) with (fillfactor = 70)`.execute(db);
  await sql`comment on table teams is 'Teams; a SCIM Group is a team. An archived team is gone over SCIM.'`.execute(
    db,
  );
  await sql`comment on column teams.display_name_key is 'Folded name while the team is live: an archived one frees it.'`.execute(
    db,
  );

  await sql`
    create function utc_instant(moment timestamptz) returns text language plpgsql immutable strict as $$
    begin
      return to_char(moment at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
    end $$`.execute(db);
  await sql`comment on function utc_instant is 'ISO 8601 in UTC with milliseconds. Immutable, unlike to_char itself.'`.execute(
    db,
  );

  // Types instead of check constraints: a constraint is read and compiled again by every statement that writes.
  await sql`create type organization_role as enum ('admin', 'member', 'viewer')`.execute(db);
  await sql`create type seat as enum ('full', 'viewer', 'none')`.execute(db);
  await sql`create type account_type as enum ('USER', 'SERVICE', 'ORG_SERVICE')`.execute(db);

  // Columns of fixed length stand first: Postgres knows where they are without walking through those before them.
  await sql`
    create table users (
      org_id uuid not null,
      id uuid not null,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      version integer not null,
      days_active integer not null,
      organization_role organization_role not null,
      seat seat not null,
      account_type account_type not null,
      is_active boolean not null,
      is_protected boolean not null,
      has_been_member boolean not null default false,
      has_linked_ids boolean not null default false,
      manager_id uuid,
      default_team_id uuid,
      connection_id uuid,
      last_active_at timestamptz,
      removed_at timestamptz,
      erased_at timestamptz,
      user_name text not null,
      user_name_key text collate "C",
      removed_user_name_key text collate "C",
      display_name text not null,
      display_name_key text collate "C" not null,
      manager_value text collate "C",
      external_id text collate "C",
      wire_external_id text not null default '',
      email_keys text[] not null,
      enterprise text,
      profile text not null,
      wire_tail text not null,
      search jsonb not null,
      constraint users__org_id_id__pk primary key (org_id, id),
      constraint users__org_id_user_name_key__uq unique (org_id, user_name_key),
      constraint users__org_id_default_team_id__fk
        foreign key (org_id, default_team_id) references teams (org_id, id)
    ) with (fillfactor = 80, toast_tuple_target = 4096)`.execute(db);
  await sql`
    comment on table users is
      'People and service accounts. removed_at: gone over SCIM, kept for a restore. org_id has no foreign key: every new user would lock the one row of its organization.'`.execute(
    db,
  );
  // What nothing compares or sorts by needs no statistics, and gathering them is most of the work of analyze.
  for (const column of ['profile', 'enterprise', 'search', 'wire_tail', 'email_keys', 'manager_value'])
    await sql`alter table users alter column ${sql.ref(column)} set statistics 0`.execute(db);
  await sql`comment on column users.profile is 'Core attributes as they go on the wire: JSON members, without the braces around them.'`.execute(
    db,
  );
  await sql`comment on column users.enterprise is 'Enterprise attributes without the manager, as JSON members.'`.execute(
    db,
  );
  await sql`comment on column users.manager_id is 'manager_value where it has the form of a user id.'`.execute(
    db,
  );
  await sql`comment on column users.search is 'profile and enterprise with folded strings: what filters compare.'`.execute(
    db,
  );
  await sql`comment on column users.display_name is 'displayName, or userName when there is none.'`.execute(
    db,
  );
  await sql`
    comment on column users.external_id is
      'What the connection that made the user calls it. Other connections, and those whose externalIds must be unique, have theirs in external_ids.'`.execute(
    db,
  );
  await sql`
    comment on column users.wire_tail is
      'The document of the user after the profile, up to its location: what follows from this row alone, by user_wire_tail.'`.execute(
    db,
  );
  await sql`comment on column users.wire_external_id is 'external_id as a JSON member, with its comma; empty without one.'`.execute(
    db,
  );
  await sql`
    comment on column users.has_linked_ids is
      'False until a connection keeps an externalId of the user in external_ids: most reads then need not look there.'`.execute(
    db,
  );
  await sql`
    comment on column users.has_been_member is
      'False until the user first joins a team: most reads then need not look for any.'`.execute(db);
  await sql`comment on column users.erased_at is 'Personal data is gone; only the id and a display name remain.'`.execute(
    db,
  );
  await sql`comment on column users.user_name_key is 'Folded userName while the user is live: a removed one frees it.'`.execute(
    db,
  );
  await sql`comment on column users.removed_user_name_key is 'Folded userName by which a removed account is restored.'`.execute(
    db,
  );
  await sql`
    create index users__org_id_removed_user_name_key__idx
      on users (org_id, removed_user_name_key) where removed_at is not null`.execute(db);
  await sql`create index users__removed__idx on users (org_id, id) where removed_at is not null`.execute(db);
  await sql`
    create index users__admins__idx
      on users (org_id) where organization_role = 'admin' and removed_at is null`.execute(db);
  await sql`
    create index users__service_accounts__idx
      on users (org_id) where account_type <> 'USER' and removed_at is null`.execute(db);
  await sql`
    create index users__org_id_connection_id_external_id__idx
      on users (org_id, connection_id, external_id) where external_id is not null`.execute(db);
  await sql`create index users__email_keys__idx on users using gin (email_keys)`.execute(db);

  await sql`
    create table team_members (
      org_id uuid not null,
      team_id uuid not null,
      user_id uuid not null,
      role text not null,
      custom_role_id uuid,
      is_registry_admin boolean not null,
      created_at timestamptz not null,
      constraint team_members__org_id_team_id_user_id__pk primary key (org_id, team_id, user_id),
      constraint team_members__org_id_team_id__fk foreign key (org_id, team_id) references teams (org_id, id),
      constraint team_members__org_id_user_id__fk foreign key (org_id, user_id) references users (org_id, id),
      constraint team_members__org_id_custom_role_id__fk
        foreign key (org_id, custom_role_id) references roles (org_id, id),
      constraint team_members__role__ck check (role in ('admin', 'member', 'viewer', 'custom', 'service')),
      constraint team_members__custom_role__ck check ((role = 'custom') = (custom_role_id is not null))
    )`.execute(db);
  await sql`comment on table team_members is 'Who is in which team, with the team role. service: a service account.'`.execute(
    db,
  );
  await sql`create index team_members__org_id_user_id_team_id__idx on team_members (org_id, user_id, team_id)`.execute(
    db,
  );
  await sql`
    create index team_members__org_id_custom_role_id__idx
      on team_members (org_id, custom_role_id) where custom_role_id is not null`.execute(db);

  await sql`
    create function note_new_members() returns trigger language plpgsql as $$
    begin
      update users u set has_been_member = true from added a
       where u.org_id = a.org_id and u.id = a.user_id and not u.has_been_member;
      return null;
    end $$`.execute(db);
  await sql`
    create trigger team_members__note_new_members after insert on team_members
      referencing new table as added for each statement execute function note_new_members()`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table team_members`.execute(db);
  await sql`drop function note_new_members`.execute(db);
  await sql`drop table users`.execute(db);
  await sql`drop type account_type`.execute(db);
  await sql`drop type seat`.execute(db);
  await sql`drop type organization_role`.execute(db);
  await sql`drop function utc_instant`.execute(db);
  await sql`drop table teams`.execute(db);
  await sql`drop table roles`.execute(db);
}
