import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table sign_on_reviews (
      org_id uuid not null,
      id uuid not null,
      sso_connection_id uuid not null,
      subject text collate "C" not null,
      candidate_user_id uuid not null,
      reason text not null,
      claims jsonb not null,
      state text not null,
      attempts integer not null,
      created_at timestamptz not null,
      last_attempt_at timestamptz not null,
      resolved_at timestamptz,
      constraint sign_on_reviews__org_id_id__pk primary key (org_id, id),
      constraint sign_on_reviews__org_id_sso_connection_id__fk
        foreign key (org_id, sso_connection_id) references sso_connections (org_id, id) on delete cascade,
      constraint sign_on_reviews__org_id_candidate_user_id__fk
        foreign key (org_id, candidate_user_id) references users (org_id, id),
      constraint sign_on_reviews__state__ck check (state in ('open', 'linked', 'dismissed')),
      constraint sign_on_reviews__resolved_at__ck check ((state = 'open') = (resolved_at is null))
    )`.execute(db);
  await sql`
    comment on table sign_on_reviews is
      'Sign-ins that looked like a known account and were refused, for an admin to decide about.'`.execute(
    db,
  );
  await sql`comment on column sign_on_reviews.claims is 'What the identity provider said of the person.'`.execute(
    db,
  );
  await sql`
    create unique index sign_on_reviews__org_id_sso_connection_id_subject_candidate__uq
      on sign_on_reviews (org_id, sso_connection_id, subject, candidate_user_id) where state = 'open'`.execute(
    db,
  );
  await sql`
    create index sign_on_reviews__org_id_candidate_user_id__idx
      on sign_on_reviews (org_id, candidate_user_id)`.execute(db);

  await sql`
    create function forget_sign_on_reviews() returns trigger language plpgsql as $$
    begin
      delete from sign_on_reviews where org_id = new.org_id and candidate_user_id = new.id;
      return null;
    end $$`.execute(db);
  await sql`
    create trigger users__forget_sign_on_reviews after update of erased_at on users
      for each row when (new.erased_at is not null) execute function forget_sign_on_reviews()`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop trigger users__forget_sign_on_reviews on users`.execute(db);
  await sql`drop function forget_sign_on_reviews()`.execute(db);
  await sql`drop table sign_on_reviews`.execute(db);
}
