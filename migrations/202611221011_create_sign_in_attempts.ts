import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table sign_in_attempts (
      key_hash text collate "C" not null,
      started_at timestamptz not null,
      count integer not null,
      constraint sign_in_attempts__key_hash__pk primary key (key_hash)
    )`.execute(db);
  await sql`
    comment on table sign_in_attempts is
      'Attempts with a password within a window, for replicas to share. No org_id: whose account it is shows only later.'`.execute(
    db,
  );
  await sql`
    comment on column sign_in_attempts.key_hash is
      'SHA-256 of a user name, of an address, or of both, so that no personal data is kept of people who have no account.'`.execute(
    db,
  );
  await sql`create index sign_in_attempts__started_at__idx on sign_in_attempts (started_at)`.execute(db);
  await sql`alter table local_credentials add column is_one_time boolean not null default false`.execute(db);
  await sql`comment on column local_credentials.is_one_time is 'Good for one sign-in: of a restore admin.'`.execute(
    db,
  );
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table local_credentials drop column is_one_time`.execute(db);
  await sql`drop table sign_in_attempts`.execute(db);
}
