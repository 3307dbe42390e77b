import { sql, type Kysely } from 'kysely';

/** Connections are changed through the API, so they have versions. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table connections add column version integer not null default 1`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table connections drop column version`.execute(db);
}
