import { sql, type Kysely } from 'kysely';

/** Privacy settings of a team; an organization can decide each for all of its teams. */
const PRIVACY = ['hides_from_non_members', 'blocks_report_sharing', 'saves_code'];

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table organizations
      add column display_name text,
      add column allows_api_key_creation boolean not null default true,
      add column version integer not null default 1,
      add column updated_at timestamptz`.execute(db);
  await sql`comment on column organizations.display_name is 'What people see instead of the name, which commands know.'`.execute(
    db,
  );
  for (const setting of PRIVACY) {
    const enforced = sql.ref(`enforced_${setting}`);
    await sql`alter table organizations add column ${enforced} boolean`.execute(db);
    await sql`comment on column ${sql.ref(`organizations.enforced_${setting}`)} is 'Overrules every team; null leaves it to them.'`.execute(
      db,
    );
    await sql`alter table teams add column ${sql.ref(setting)} boolean not null default false`.execute(db);
  }
}

export async function down(db: Kysely<unknown>): Promise<void> {
  for (const setting of PRIVACY) {
    await sql`alter table teams drop column ${sql.ref(setting)}`.execute(db);
    await sql`alter table organizations drop column ${sql.ref(`enforced_${setting}`)}`.execute(db);
  }
  await sql`
    alter table organizations
      drop column updated_at,
      drop column version,
      drop column allows_api_key_creation,
      drop column display_name`.execute(db);
}
