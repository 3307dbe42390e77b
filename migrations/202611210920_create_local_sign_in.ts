import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table local_credentials (
      org_id uuid not null,
      user_id uuid not null,
      password_hash text not null,
      updated_at timestamptz not null,
      constraint local_credentials__org_id_user_id__pk primary key (org_id, user_id),
      constraint local_credentials__org_id_user_id__fk
        foreign key (org_id, user_id) references users (org_id, id) on delete cascade
    )`.execute(db);
  await sql`comment on table local_credentials is 'argon2id hashes of the first admin and of break-glass admins.'`.execute(
    db,
  );

  await sql`
    create table setup_links (
      token_hash text not null,
      created_at timestamptz not null,
      used_at timestamptz,
      constraint setup_links__token_hash__pk primary key (token_hash)
    )`.execute(db);
  await sql`comment on table setup_links is 'One-time links to create the first admin, as SHA-256 only.'`.execute(
    db,
  );
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table setup_links`.execute(db);
  await sql`drop table local_credentials`.execute(db);
}
