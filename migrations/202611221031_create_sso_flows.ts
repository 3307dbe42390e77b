import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table sso_flows (
      org_id uuid not null,
      id uuid not null,
      sso_connection_id uuid not null,
      purpose text not null,
      state_hash text not null,
      browser_hash text not null,
      return_to text,
      request_id text collate "C",
      user_id uuid,
      secrets text,
      created_at timestamptz not null,
      expires_at timestamptz not null,
      consumed_at timestamptz,
      constraint sso_flows__org_id_id__pk primary key (org_id, id),
      constraint sso_flows__org_id_state_hash__uq unique (org_id, state_hash),
      constraint sso_flows__org_id_sso_connection_id__fk
        foreign key (org_id, sso_connection_id) references sso_connections (org_id, id) on delete cascade,
      constraint sso_flows__org_id_user_id__fk foreign key (org_id, user_id) references users (org_id, id),
      constraint sso_flows__purpose__ck check (purpose in ('login', 'test', 'logout'))
    )`.execute(db);
  await sql`
    comment on table sso_flows is
      'Sign-ins under way: what was asked of the identity provider, by which browser. Each is answered once.'`.execute(
    db,
  );
  await sql`comment on column sso_flows.state_hash is 'SHA-256 of state (OpenID Connect) or RelayState (SAML).'`.execute(
    db,
  );
  await sql`comment on column sso_flows.browser_hash is 'SHA-256 of the cookie of the browser that began.'`.execute(
    db,
  );
  await sql`comment on column sso_flows.request_id is 'ID of the SAML request, which the answer names in InResponseTo.'`.execute(
    db,
  );
  await sql`comment on column sso_flows.user_id is 'Who tests the connection or signs out.'`.execute(db);
  await sql`comment on column sso_flows.secrets is 'Nonce and PKCE verifier as JSON, encrypted with SECRET_KEY.'`.execute(
    db,
  );
  await sql`create index sso_flows__expires_at__idx on sso_flows (expires_at)`.execute(db);

  await sql`
    create table consumed_assertions (
      org_id uuid not null,
      sso_connection_id uuid not null,
      assertion_id text collate "C" not null,
      expires_at timestamptz not null,
      constraint consumed_assertions__org_id_sso_connection_id_assertion_id__pk
        primary key (org_id, sso_connection_id, assertion_id),
      constraint consumed_assertions__org_id_sso_connection_id__fk
        foreign key (org_id, sso_connection_id) references sso_connections (org_id, id) on delete cascade
    )`.execute(db);
  await sql`
    comment on table consumed_assertions is
      'Assertions and logout tokens that have been used, kept until they expire by themselves.'`.execute(db);
  await sql`create index consumed_assertions__expires_at__idx on consumed_assertions (expires_at)`.execute(
    db,
  );
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table consumed_assertions`.execute(db);
  await sql`drop table sso_flows`.execute(db);
}
