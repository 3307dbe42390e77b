import { sql, type Kysely } from 'kysely';

/** Row triggers do not see a truncate. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create trigger audit_events__no_truncate before truncate on audit_events
      for each statement execute function refuse_audit_change()`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop trigger audit_events__no_truncate on audit_events`.execute(db);
}
