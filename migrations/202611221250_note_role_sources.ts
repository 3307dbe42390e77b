import { sql, type Kysely } from 'kysely';

/**
 * Since when somebody has the organization role, and which mapping rule gave it, so that a decision can say so. Roles are
 * written in many places; that another role is not the one the rule gave is seen to here. No foreign key, as for
 * team_members.mapping_rule_id: a rule that is gone gave the role all the same.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table users add column organization_role_since timestamptz,
      add column organization_role_rule_id uuid`.execute(db);
  await sql`
    comment on column users.organization_role_since is
      'When organization_role was given; null: with the account.'`.execute(db);
  await sql`
    comment on column users.organization_role_rule_id is 'The mapping rule that gave organization_role.'`.execute(
    db,
  );
  await sql`
    create function note_role_change() returns trigger language plpgsql as $$
    begin
      new.organization_role_since := new.updated_at;
      new.organization_role_rule_id := null;
      return new;
    end $$`.execute(db);
  await sql`
    create trigger users__note_role_change before update of organization_role on users for each row
      when (old.organization_role <> new.organization_role) execute function note_role_change()`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop trigger users__note_role_change on users`.execute(db);
  await sql`drop function note_role_change()`.execute(db);
  await sql`
    alter table users drop column organization_role_rule_id, drop column organization_role_since`.execute(db);
}
