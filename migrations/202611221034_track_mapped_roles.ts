import { sql, type Kysely } from 'kysely';

/**
 * Which roles mapping rules gave, so that a rule that does not hold any more takes back what it gave and nothing else.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table identities add column mapped_role text`.execute(db);
  await sql`
    alter table identities add constraint identities__mapped_role__ck
      check (mapped_role in ('admin', 'member', 'viewer'))`.execute(db);
  await sql`
    comment on column identities.mapped_role is
      'The organization role that mapping rules gave at the last sign-in that said which groups.'`.execute(
    db,
  );
  await sql`alter table team_members add column is_role_mapped boolean not null default false`.execute(db);
  await sql`comment on column team_members.is_role_mapped is 'Whether a mapping rule gave the role.'`.execute(
    db,
  );
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table team_members drop column is_role_mapped`.execute(db);
  await sql`alter table identities drop column mapped_role`.execute(db);
}
