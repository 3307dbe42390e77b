import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table mapping_rules (
      org_id uuid not null,
      id uuid not null,
      sso_connection_id uuid not null,
      group_name text not null,
      group_key text collate "C" not null,
      is_pattern boolean not null,
      organization_role text,
      team_id uuid,
      team_role text,
      custom_role_id uuid,
      version integer not null,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      constraint mapping_rules__org_id_id__pk primary key (org_id, id),
      constraint mapping_rules__org_id_sso_connection_id__fk
        foreign key (org_id, sso_connection_id) references sso_connections (org_id, id) on delete cascade,
      constraint mapping_rules__org_id_team_id__fk foreign key (org_id, team_id) references teams (org_id, id),
      constraint mapping_rules__org_id_custom_role_id__fk
        foreign key (org_id, custom_role_id) references roles (org_id, id),
      constraint mapping_rules__organization_role__ck
        check (organization_role in ('admin', 'member', 'viewer')),
      constraint mapping_rules__team_role__ck check (team_role in ('admin', 'member', 'viewer', 'custom')),
      constraint mapping_rules__custom_role_id__ck
        check ((coalesce(team_role, '') = 'custom') = (custom_role_id is not null)),
      constraint mapping_rules__effect__ck check (organization_role is not null or team_role is not null)
    )`.execute(db);
  await sql`
    comment on table mapping_rules is
      'What membership of an identity provider''s group gives: an organization role, a role in a team, or both.'`.execute(
    db,
  );
  await sql`comment on column mapping_rules.group_key is 'Folded group_name; of a pattern, with * for any text.'`.execute(
    db,
  );
  await sql`
    comment on column mapping_rules.team_id is
      'Null with a team_role: the team that has the name of the group.'`.execute(db);
  await sql`
    create index mapping_rules__org_id_sso_connection_id__idx
      on mapping_rules (org_id, sso_connection_id)`.execute(db);

  await sql`alter table team_members add column sso_connection_id uuid`.execute(db);
  await sql`
    alter table team_members add constraint team_members__org_id_sso_connection_id__fk
      foreign key (org_id, sso_connection_id) references sso_connections (org_id, id)`.execute(db);
  await sql`
    comment on column team_members.sso_connection_id is
      'The SsoConnection whose group claims made this membership, and may take it away.'`.execute(db);
  await sql`
    create index team_members__org_id_sso_connection_id__idx
      on team_members (org_id, sso_connection_id) where sso_connection_id is not null`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop index team_members__org_id_sso_connection_id__idx`.execute(db);
  await sql`alter table team_members drop constraint team_members__org_id_sso_connection_id__fk`.execute(db);
  await sql`alter table team_members drop column sso_connection_id`.execute(db);
  await sql`drop table mapping_rules`.execute(db);
}
