import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table mail_outbox (
      org_id uuid not null,
      id uuid not null,
      state text not null,
      payload text,
      attempts integer not null,
      due_at timestamptz not null,
      last_error text,
      created_at timestamptz not null,
      finished_at timestamptz,
      constraint mail_outbox__org_id_id__pk primary key (org_id, id),
      constraint mail_outbox__org_id__fk foreign key (org_id) references organizations (id),
      constraint mail_outbox__state__ck check (state in ('pending', 'sent', 'failed')),
      constraint mail_outbox__payload__ck check ((payload is not null) = (state = 'pending')),
      constraint mail_outbox__finished_at__ck check ((finished_at is null) = (state = 'pending'))
    )`.execute(db);
  await sql`
    comment on table mail_outbox is
      'Mails to send, written in the transaction of what they tell of. Any process sends those that are due.'`.execute(
    db,
  );
  await sql`
    comment on column mail_outbox.payload is
      'Address and link, encrypted with SECRET_KEY; gone once the mail is sent or given up.'`.execute(db);
  await sql`
    comment on column mail_outbox.due_at is
      'When the next attempt may start. While a process sends the mail, when its claim lapses.'`.execute(db);
  await sql`
    comment on column mail_outbox.last_error is
      'Codes of the protocol only: what a mail server says may hold addresses and links.'`.execute(db);
  // Not led by org_id: whoever sends looks for what is due anywhere.
  await sql`create index mail_outbox__due_at__idx on mail_outbox (due_at) where state = 'pending'`.execute(
    db,
  );
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table mail_outbox`.execute(db);
}
