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
      kind text not null,
      slot smallint not null,
      value integer not null,
      constraint organization_counters__org_id_kind_slot__pk primary key (org_id, kind, slot),
      constraint organization_counters__org_id__fk foreign key (org_id) references organizations (id),
      constraint organization_counters__kind__ck check (kind in ('users', 'teams'))
    ) with (fillfactor = 50)`.execute(db);
  await sql`
    comment on table organization_counters is
      'How many live users and teams there are: the sum over the slots. Slots keep concurrent writers apart.'`.execute(
    db,
  );
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table organization_counters`.execute(db);
  await sql`drop table organizations`.execute(db);
}
