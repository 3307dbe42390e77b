import { sql, type Kysely } from 'kysely';

/**
 * Mapping rules for groups that a Connection pushes: what the Connection calls its groups, which memberships it pushed,
 * which its rules made, and which organization roles its rules gave. The new connection columns of teams and
 * team_members have no foreign keys, as that of users has none: connections are never deleted.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table mapping_rules alter column sso_connection_id drop not null`.execute(db);
  await sql`alter table mapping_rules add column connection_id uuid`.execute(db);
  await sql`
    alter table mapping_rules add constraint mapping_rules__org_id_connection_id__fk
      foreign key (org_id, connection_id) references connections (org_id, id)`.execute(db);
  await sql`
    alter table mapping_rules add constraint mapping_rules__source__ck
      check (num_nonnulls(sso_connection_id, connection_id) = 1)`.execute(db);
  await sql`
    create index mapping_rules__org_id_connection_id__idx
      on mapping_rules (org_id, connection_id) where connection_id is not null`.execute(db);

  await sql`alter table teams add column connection_id uuid, add column group_key text collate "C"`.execute(
    db,
  );
  await sql`comment on column teams.connection_id is 'The Connection whose group the team is: the one that named it last.'`.execute(
    db,
  );
  await sql`
    comment on column teams.group_key is
      'Folded name that connection_id gave the group. Rules go by it, so that nobody gets roles by renaming a team here.'`.execute(
    db,
  );

  await sql`
    alter table team_members add column connection_id uuid, add column mapping_connection_id uuid,
      add column mapping_rule_id uuid`.execute(db);
  await sql`comment on column team_members.connection_id is 'The Connection that pushed the membership.'`.execute(
    db,
  );
  await sql`
    comment on column team_members.mapping_connection_id is
      'The Connection whose mapping rules made the membership, and may take it away.'`.execute(db);
  await sql`comment on column team_members.mapping_rule_id is 'The mapping rule that gave the role.'`.execute(
    db,
  );

  await sql`
    create table mapped_people (
      org_id uuid not null,
      connection_id uuid not null,
      user_id uuid not null,
      organization_role organization_role not null,
      base_role organization_role not null,
      is_kept boolean not null,
      constraint mapped_people__org_id_connection_id_user_id__pk primary key (org_id, connection_id, user_id),
      constraint mapped_people__org_id_connection_id__fk
        foreign key (org_id, connection_id) references connections (org_id, id),
      constraint mapped_people__org_id_user_id__fk foreign key (org_id, user_id) references users (org_id, id)
    )`.execute(db);
  await sql`
    comment on table mapped_people is
      'Organization roles that the mapping rules of a Connection gave, and what each person had before.'`.execute(
    db,
  );
  await sql`comment on column mapped_people.is_kept is 'Stays admin though no rule says so any more: the last one.'`.execute(
    db,
  );

  await sql`
    create table mapping_runs (
      org_id uuid not null,
      connection_id uuid not null,
      after_user_id uuid,
      is_last boolean not null,
      due_at timestamptz not null,
      request_id text not null,
      constraint mapping_runs__org_id_connection_id__pk primary key (org_id, connection_id),
      constraint mapping_runs__org_id_connection_id__fk
        foreign key (org_id, connection_id) references connections (org_id, id)
    )`.execute(db);
  await sql`
    comment on table mapping_runs is
      'Connections whose rules or groups have changed: everybody concerned is gone through again, after_user_id next.'`.execute(
    db,
  );
  await sql`
    comment on column mapping_runs.is_last is
      'False in the first pass: a request that began before the change may still be under way.'`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table mapping_runs`.execute(db);
  await sql`drop table mapped_people`.execute(db);
  await sql`
    alter table team_members drop column mapping_rule_id, drop column mapping_connection_id,
      drop column connection_id`.execute(db);
  await sql`alter table teams drop column group_key, drop column connection_id`.execute(db);
  await sql`drop index mapping_rules__org_id_connection_id__idx`.execute(db);
  await sql`delete from mapping_rules where sso_connection_id is null`.execute(db);
  await sql`alter table mapping_rules drop constraint mapping_rules__source__ck`.execute(db);
  await sql`alter table mapping_rules drop constraint mapping_rules__org_id_connection_id__fk`.execute(db);
  await sql`alter table mapping_rules drop column connection_id`.execute(db);
  await sql`alter table mapping_rules alter column sso_connection_id set not null`.execute(db);
}
