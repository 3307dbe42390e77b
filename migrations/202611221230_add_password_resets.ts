import { sql, type Kysely } from 'kysely';

/**
 * The link with which somebody chooses a new password stands with the password, one at a time: whatever changes or
 * takes the password takes the link along. Deactivation does as well, by a trigger, so that no path can forget it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table local_credentials
      add column recovery_email text,
      add column reset_hash text collate "C",
      add column reset_expires_at timestamptz,
      add column reset_mail_id uuid,
      add constraint local_credentials__reset_hash__uq unique (reset_hash),
      add constraint local_credentials__org_id_reset_mail_id__fk
        foreign key (org_id, reset_mail_id) references mail_outbox (org_id, id),
      add constraint local_credentials__reset__ck check ((reset_hash is null) = (reset_expires_at is null))`.execute(
    db,
  );
  await sql`
    comment on column local_credentials.recovery_email is
      'Where the link to a new password is sent: the address the password was first given to. An identity provider that changes the addresses of the account does not change it.'`.execute(
    db,
  );
  await sql`comment on column local_credentials.reset_hash is 'SHA-256 of the secret of that link.'`.execute(
    db,
  );
  // Until now a password came with an account whose user name is the address of its owner.
  await sql`
    update local_credentials c set recovery_email = u.user_name
      from users u
     where u.org_id = c.org_id and u.id = c.user_id and not c.is_one_time
       and u.user_name ~ '^[^[:space:]@]{1,64}@[^[:space:]@]{1,190}$'`.execute(db);

  await sql`
    create function end_password_reset_of_user() returns trigger language plpgsql as $$
    begin
      update local_credentials c set reset_hash = null, reset_expires_at = null, reset_mail_id = null
       where c.org_id = new.org_id and c.user_id = new.id and c.reset_hash is not null;
      return null;
    end $$`.execute(db);
  await sql`
    create trigger users__end_password_reset after update of is_active, removed_at on users for each row
      when ((old.is_active and not new.is_active) or (old.removed_at is null and new.removed_at is not null))
      execute function end_password_reset_of_user()`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop trigger users__end_password_reset on users`.execute(db);
  await sql`drop function end_password_reset_of_user`.execute(db);
  await sql`
    alter table local_credentials
      drop column recovery_email, drop column reset_hash, drop column reset_expires_at, drop column reset_mail_id`.execute(
    db,
  );
}
