import { sql, type Kysely } from 'kysely';

/** What an identity provider calls a session, so that it can end it, and what it wants to hear when we end one. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table sessions
      add column sso_subject text collate "C",
      add column sso_session_index text collate "C",
      add column sso_logout_hint text`.execute(db);
  await sql`
    comment on column sessions.sso_subject is
      'Who the identity provider said it is: sub (OpenID Connect) or NameID (SAML).'`.execute(db);
  await sql`
    comment on column sessions.sso_session_index is
      'The session at the identity provider: sid (OpenID Connect) or SessionIndex (SAML).'`.execute(db);
  await sql`
    comment on column sessions.sso_logout_hint is
      'What the identity provider wants to see when the person signs out there; encrypted with SECRET_KEY.'`.execute(
    db,
  );
  await sql`
    create index sessions__org_id_sso_connection_id_sso_subject__idx
      on sessions (org_id, sso_connection_id, sso_subject) where sso_connection_id is not null`.execute(db);
  await sql`
    create index sessions__org_id_sso_connection_id_sso_session_index__idx
      on sessions (org_id, sso_connection_id, sso_session_index) where sso_session_index is not null`.execute(
    db,
  );
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop index sessions__org_id_sso_connection_id_sso_session_index__idx`.execute(db);
  await sql`drop index sessions__org_id_sso_connection_id_sso_subject__idx`.execute(db);
  await sql`
    alter table sessions
      drop column sso_subject,
      drop column sso_session_index,
      drop column sso_logout_hint`.execute(db);
}
