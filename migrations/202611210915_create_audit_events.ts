import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table audit_events (
      org_id uuid not null,
      id uuid not null,
      occurred_at timestamptz not null,
      actor_kind text not null,
      actor_id text not null,
      action text not null,
      target_type text not null,
      target_id uuid not null,
      before text,
      after text,
      request_id text not null,
      source_address text,
      constraint audit_events__org_id_id__pk primary key (org_id, id)
    ) with (toast_tuple_target = 8160)`.execute(db);
  await sql`
    comment on table audit_events is
      'One row per mutation, written by the statement that mutates. before and after are JSON text.'`.execute(
    db,
  );
  for (const column of ['before', 'after'])
    await sql`alter table audit_events alter column ${sql.ref(column)} set statistics 0`.execute(db);
  await sql`
    create function refuse_audit_change() returns trigger language plpgsql as $$
    begin
      raise exception 'audit events are append-only';
    end $$`.execute(db);
  await sql`
    create trigger audit_events__append_only before update or delete on audit_events
      for each row execute function refuse_audit_change()`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table audit_events`.execute(db);
  await sql`drop function refuse_audit_change()`.execute(db);
}
