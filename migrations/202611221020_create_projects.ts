import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table teams
      add column may_members_invite boolean not null default false,
      add column keeps_projects_private boolean not null default false`.execute(db);
  await sql`comment on column teams.may_members_invite is 'Privacy: any member may invite, unless the organization forbids it.'`.execute(
    db,
  );
  await sql`
    comment on column teams.keeps_projects_private is
      'Privacy: projects can only become team or restricted; those that are open or public stay so.'`.execute(
    db,
  );
  await sql`
    alter table organizations
      add column forbids_member_invitations boolean not null default false,
      add column enforced_project_privacy text,
      add constraint organizations__enforced_project_privacy__ck
        check (enforced_project_privacy in ('private', 'restricted'))`.execute(db);
  await sql`
    comment on column organizations.enforced_project_privacy is
      'What new projects of every team may be: private is team or restricted; null leaves it to the teams.'`.execute(
    db,
  );

  await sql`
    create table projects (
      org_id uuid not null,
      id uuid not null,
      team_id uuid not null,
      name text not null,
      name_key text collate "C",
      visibility text not null,
      owner_id uuid not null,
      version integer not null,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      archived_at timestamptz,
      constraint projects__org_id_id__pk primary key (org_id, id),
      constraint projects__org_id_team_id_id__uq unique (org_id, team_id, id),
      constraint projects__org_id_team_id_name_key__uq unique (org_id, team_id, name_key),
      constraint projects__org_id_team_id__fk foreign key (org_id, team_id) references teams (org_id, id),
      constraint projects__org_id_owner_id__fk foreign key (org_id, owner_id) references users (org_id, id),
      constraint projects__visibility__ck check (visibility in ('open', 'public', 'team', 'restricted')),
      constraint projects__name_key__ck check ((name_key is null) = (archived_at is not null))
    )`.execute(db);
  await sql`comment on table projects is 'Projects of teams. An archived one frees its name and can be restored.'`.execute(
    db,
  );
  await sql`comment on column projects.owner_id is 'Who made it, or took it over; may have left the team since.'`.execute(
    db,
  );
  await sql`comment on column projects.name_key is 'Folded name while the project is live.'`.execute(db);

  await sql`
    create table project_members (
      org_id uuid not null,
      project_id uuid not null,
      team_id uuid not null,
      user_id uuid not null,
      role text,
      custom_role_id uuid,
      is_invited boolean not null,
      created_at timestamptz not null,
      constraint project_members__org_id_project_id_user_id__pk primary key (org_id, project_id, user_id),
      constraint project_members__org_id_team_id_project_id__fk
        foreign key (org_id, team_id, project_id) references projects (org_id, team_id, id),
      constraint project_members__org_id_team_id_user_id__fk
        foreign key (org_id, team_id, user_id) references team_members (org_id, team_id, user_id) on delete cascade,
      constraint project_members__org_id_custom_role_id__fk
        foreign key (org_id, custom_role_id) references roles (org_id, id),
      constraint project_members__role__ck check (role in ('admin', 'member', 'viewer', 'custom')),
      constraint project_members__custom_role__ck
        check (coalesce(role = 'custom', false) = (custom_role_id is not null)),
      constraint project_members__content__ck check (role is not null or is_invited)
    )`.execute(db);
  await sql`
    comment on table project_members is
      'What sets a member of the team apart in one project: a role other than the team role, or an invitation.'`.execute(
    db,
  );
  await sql`comment on column project_members.role is 'Null: the project role is the team role, whatever that becomes.'`.execute(
    db,
  );
  await sql`comment on column project_members.is_invited is 'Whether the member may enter while the project is restricted.'`.execute(
    db,
  );
  await sql`
    create index project_members__org_id_team_id_user_id__idx
      on project_members (org_id, team_id, user_id)`.execute(db);
  await sql`
    create index project_members__org_id_custom_role_id__idx
      on project_members (org_id, custom_role_id) where custom_role_id is not null`.execute(db);

  await sql`
    create function track_team_roles() returns trigger language plpgsql as $$
    begin
      update project_members p set role = null, custom_role_id = null from changed c
       where p.org_id = c.org_id and p.team_id = c.team_id and p.user_id = c.user_id and p.is_invited
         and p.role = c.role and p.custom_role_id is not distinct from c.custom_role_id;
      delete from project_members p using changed c
       where p.org_id = c.org_id and p.team_id = c.team_id and p.user_id = c.user_id and not p.is_invited
         and p.role = c.role and p.custom_role_id is not distinct from c.custom_role_id;
      return null;
    end $$`.execute(db);
  await sql`
    comment on function track_team_roles is
      'A project role that the team role has become equal to follows it from then on, whoever changed the team role.'`.execute(
    db,
  );
  await sql`
    create trigger team_members__track_team_roles after update on team_members
      referencing new table as changed for each statement execute function track_team_roles()`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop trigger team_members__track_team_roles on team_members`.execute(db);
  await sql`drop function track_team_roles`.execute(db);
  await sql`drop table project_members`.execute(db);
  await sql`drop table projects`.execute(db);
  await sql`alter table organizations drop column enforced_project_privacy, drop column forbids_member_invitations`.execute(
    db,
  );
  await sql`alter table teams drop column keeps_projects_private, drop column may_members_invite`.execute(db);
}
