import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table provisioning_log (
      org_id uuid not null,
      connection_id uuid not null,
      id uuid not null,
      occurred_at timestamptz not null,
      request_id text not null,
      client text not null,
      operation text not null,
      method text not null,
      target_id text,
      status smallint not null,
      code text,
      detail text,
      request text,
      duration_ms integer not null,
      count integer not null,
      source_address text,
      constraint provisioning_log__org_id_connection_id_id__pk primary key (org_id, connection_id, id),
      constraint provisioning_log__org_id_connection_id__fk
        foreign key (org_id, connection_id) references connections (org_id, id) on delete cascade,
      constraint provisioning_log__failure__ck check (code is not null or (detail is null and request is null)),
      constraint provisioning_log__count__ck check (count > 0)
    )`.execute(db);
  await sql`
    comment on table provisioning_log is
      'SCIM requests of each connection and what became of them, for some weeks. No bodies: request is the shape of a failed one, its values taken out.'`.execute(
    db,
  );
  await sql`comment on column provisioning_log.code is 'Why it failed; null when it did not.'`.execute(db);
  await sql`comment on column provisioning_log.count is 'Requests of one moment that were alike and are one row.'`.execute(
    db,
  );
  await sql`
    create index provisioning_log__failures__idx
      on provisioning_log (org_id, connection_id, id) where code is not null`.execute(db);
  // Rows come in the order of time and go by it.
  await sql`create index provisioning_log__occurred_at__idx on provisioning_log using brin (occurred_at)`.execute(
    db,
  );
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table provisioning_log`.execute(db);
}
