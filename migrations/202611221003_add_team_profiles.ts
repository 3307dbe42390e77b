import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table teams
      add column storage_bucket text,
      add column avatar_url text,
      add column introduction text,
      add column links text not null default '[]'`.execute(db);
  await sql`comment on column teams.storage_bucket is 'JSON; fixed at creation. Null: the bucket of the instance.'`.execute(
    db,
  );
  await sql`comment on column teams.links is 'JSON array of title and url.'`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table teams
      drop column links,
      drop column introduction,
      drop column avatar_url,
      drop column storage_bucket`.execute(db);
}
