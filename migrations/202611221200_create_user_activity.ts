import { sql, type Kysely } from 'kysely';

/**
 * On which days people used the product, for counts over time. One row a person and month, with the days as bits: who
 * comes every day is one row and not twenty-two, distinct people of a month are its rows, and a second record of the
 * same day changes nothing.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table user_activity_months (
      org_id uuid not null,
      month date not null,
      user_id uuid not null,
      days integer not null,
      constraint user_activity_months__org_id_month_user_id__pk primary key (org_id, month, user_id),
      constraint user_activity_months__org_id_user_id__fk foreign key (org_id, user_id) references users (org_id, id),
      constraint user_activity_months__days__ck check (days > 0),
      constraint user_activity_months__month__ck check (extract(day from month) = 1)
    ) with (fillfactor = 80)`.execute(db);
  await sql`
    comment on table user_activity_months is
      'Days in UTC on which people used the product, without service accounts. Gone when the person is erased.'`.execute(
    db,
  );
  await sql`comment on column user_activity_months.month is 'Its first day.'`.execute(db);
  await sql`comment on column user_activity_months.days is 'Bit 0 is the first day of the month.'`.execute(
    db,
  );
  await sql`
    comment on column users.last_active_at is
      'First use of the latest day in UTC on which the account was used. Written once a day, without a new version.'`.execute(
    db,
  );
  await sql`
    create index user_activity_months__org_id_user_id__idx on user_activity_months (org_id, user_id)`.execute(
    db,
  );
  // What is too old goes for all organizations at once.
  await sql`create index user_activity_months__month__idx on user_activity_months using brin (month)`.execute(
    db,
  );

  await sql`
    create function forget_user_activity() returns trigger language plpgsql as $$
    begin
      delete from user_activity_months where org_id = new.org_id and user_id = new.id;
      return null;
    end $$`.execute(db);
  await sql`
    create trigger users__forget_activity after update of erased_at on users
      for each row when (new.erased_at is not null) execute function forget_user_activity()`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop trigger users__forget_activity on users`.execute(db);
  await sql`drop function forget_user_activity()`.execute(db);
  await sql`comment on column users.last_active_at is null`.execute(db);
  await sql`drop table user_activity_months`.execute(db);
}
