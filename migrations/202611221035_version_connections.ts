import { sql, type Kysely } from 'kysely';

/**
 * Connections are changed through the API, so they have versions. Memberships know the connection that pushed them, so
 * that its mapping rules count only what the identity provider said.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table connections add column version integer not null default 1`.execute(db);
  await sql`alter table team_members add column connection_id uuid`.execute(db);
  await sql`
    comment on column team_members.connection_id is
      'The SCIM connection that pushed the membership, or whose mapping rules made it. Null: made by people.'`.execute(
    db,
  );
  await sql`alter table team_members add column is_from_rule boolean not null default false`.execute(db);
  await sql`
    comment on column team_members.is_from_rule is
      'Whether a mapping rule of connection_id made the membership, and may take it away.'`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table team_members drop column is_from_rule`.execute(db);
  await sql`alter table team_members drop column connection_id`.execute(db);
  await sql`alter table connections drop column version`.execute(db);
}
