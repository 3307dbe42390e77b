import { sql, type Kysely } from 'kysely';

/**
 * Sessions of people, and the one rule that no path may forget: who is deactivated or removed has none. As a trigger it
 * belongs to the statement that deactivates, whichever surface that came from.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table sessions (
      org_id uuid not null,
      id uuid not null,
      user_id uuid not null,
      secret_hash text collate "C" not null,
      method text not null,
      sso_connection_id uuid,
      created_at timestamptz not null,
      last_seen_at timestamptz not null,
      expires_at timestamptz not null,
      source_address text,
      user_agent text,
      constraint sessions__org_id_id__pk primary key (org_id, id),
      constraint sessions__secret_hash__uq unique (secret_hash),
      constraint sessions__org_id_user_id__fk
        foreign key (org_id, user_id) references users (org_id, id) on delete cascade,
      constraint sessions__method__ck check (method in ('password', 'setup', 'invitation', 'saml', 'oidc')),
      constraint sessions__sso_connection_id__ck check ((sso_connection_id is not null) = (method in ('saml', 'oidc')))
    ) with (fillfactor = 80)`.execute(db);
  await sql`
    comment on table sessions is
      'Signed-in browsers. A row is a live session until expires_at; ending one deletes it.'`.execute(db);
  await sql`comment on column sessions.secret_hash is 'SHA-256 of the secret in the cookie.'`.execute(db);
  await sql`comment on column sessions.last_seen_at is 'Kept to the minute.'`.execute(db);
  await sql`comment on column sessions.method is 'How the person signed in.'`.execute(db);
  await sql`create index sessions__org_id_user_id__idx on sessions (org_id, user_id)`.execute(db);
  await sql`create index sessions__expires_at__idx on sessions (expires_at)`.execute(db);

  await sql`
    create function end_sessions_of_user() returns trigger language plpgsql as $$
    begin
      delete from sessions s where s.org_id = new.org_id and s.user_id = new.id;
      return null;
    end $$`.execute(db);
  await sql`
    create trigger users__end_sessions after update of is_active, removed_at on users for each row
      when ((old.is_active and not new.is_active) or (old.removed_at is null and new.removed_at is not null))
      execute function end_sessions_of_user()`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop trigger users__end_sessions on users`.execute(db);
  await sql`drop function end_sessions_of_user`.execute(db);
  await sql`drop table sessions`.execute(db);
}
