import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table idempotency_keys (
      org_id uuid not null,
      user_id uuid not null,
      operation text not null,
      key text collate "C" not null,
      request_hash text not null,
      request_id text not null,
      begun_at timestamptz not null,
      expires_at timestamptz not null,
      has_failed boolean not null default false,
      answer_status smallint,
      sealed_answer text,
      constraint idempotency_keys__org_id_user_id_operation_key__pk
        primary key (org_id, user_id, operation, key),
      constraint idempotency_keys__org_id_user_id__fk foreign key (org_id, user_id) references users (org_id, id),
      constraint idempotency_keys__answer__ck check ((answer_status is null) = (sealed_answer is null))
    )`.execute(db);
  await sql`
    comment on table idempotency_keys is
      'Requests to be carried out once, with their answers, sealed, for a day.'`.execute(db);
  await sql`create index idempotency_keys__expires_at__idx on idempotency_keys (expires_at)`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table idempotency_keys`.execute(db);
}
