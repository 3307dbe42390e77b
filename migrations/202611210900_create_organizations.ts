import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table organizations (
      id uuid not null,
      name text not null,
      name_key text collate "C" not null,
      created_at timestamptz not null,
      constraint organizations__id__pk primary key (id),
      constraint organizations__name_key__uq unique (name_key)
    )`.execute(db);
  await sql`comment on table organizations is 'Tenants. Every other table leads its keys with org_id.'`.execute(
    db,
  );

  await sql`
    create table organization_counters (
      org_id uuid not null,
      slot smallint not null,
      users integer not null,
      teams integer not null,
      constraint organization_counters__org_id_slot__pk primary key (org_id, slot)
    ) with (fillfactor = 50)`.execute(db);
  await sql`
    comment on table organization_counters is
      'How many live users and teams there are: the sum over the slots. Slots keep concurrent writers apart. org_id has no foreign key, which each update would look at.'`.execute(
    db,
  );
  await sql`
    create function counter_slot() returns smallint language sql stable
    as 'select (pg_backend_pid() % 16)::smallint'`.execute(db);
  await sql`
    comment on function counter_slot is
      'The slot to which this connection adds: one row in all that it writes, however many writes a transaction has.'`.execute(
    db,
  );
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop function counter_slot`.execute(db);
  await sql`drop table organization_counters`.execute(db);
  await sql`drop table organizations`.execute(db);
}
