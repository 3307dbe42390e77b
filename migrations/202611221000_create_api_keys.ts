import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table api_keys (
      org_id uuid not null,
      id uuid not null,
      user_id uuid not null,
      name text not null,
      key_hash text not null,
      key_prefix text not null,
      scopes text[] not null,
      created_at timestamptz not null,
      expires_at timestamptz,
      revoked_at timestamptz,
      last_used_at timestamptz,
      constraint api_keys__org_id_id__pk primary key (org_id, id),
      constraint api_keys__key_hash__uq unique (key_hash),
      constraint api_keys__org_id_user_id__fk foreign key (org_id, user_id) references users (org_id, id),
      constraint api_keys__scopes__ck
        check (scopes <@ array['scim', 'admin', 'access'] and cardinality(scopes) > 0)
    )`.execute(db);
  await sql`
    comment on table api_keys is
      'Credentials of users and service accounts, as SHA-256 only. They act for their owner, within their scopes.'`.execute(
    db,
  );
  await sql`create index api_keys__org_id_user_id__idx on api_keys (org_id, user_id)`.execute(db);

  await sql`
    create function revoke_keys_of_removed_user() returns trigger language plpgsql as $$
    begin
      update api_keys set revoked_at = new.removed_at
       where org_id = new.org_id and user_id = new.id and revoked_at is null;
      return null;
    end $$`.execute(db);
  await sql`
    comment on function revoke_keys_of_removed_user is
      'A removed account may come back; its keys do not. No statement that removes can forget them.'`.execute(
    db,
  );
  await sql`
    create trigger users__revoke_keys after update of removed_at on users for each row
      when (old.removed_at is null and new.removed_at is not null)
      execute function revoke_keys_of_removed_user()`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop trigger users__revoke_keys on users`.execute(db);
  await sql`drop function revoke_keys_of_removed_user()`.execute(db);
  await sql`drop table api_keys`.execute(db);
}
