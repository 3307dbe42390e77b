import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table sso_connections (
      org_id uuid not null,
      id uuid not null,
      kind text not null,
      name text not null,
      name_key text collate "C" not null,
      is_enabled boolean not null,
      origin text not null,
      settings jsonb not null,
      secrets text,
      secret_names text[] not null,
      default_role text not null,
      provisions boolean not null,
      paired_connection_id uuid,
      version integer not null,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      constraint sso_connections__org_id_id__pk primary key (org_id, id),
      constraint sso_connections__id__uq unique (id),
      constraint sso_connections__org_id__fk foreign key (org_id) references organizations (id),
      constraint sso_connections__org_id_name_key__uq unique (org_id, name_key),
      constraint sso_connections__org_id_paired_connection_id__fk
        foreign key (org_id, paired_connection_id) references connections (org_id, id),
      constraint sso_connections__kind__ck check (kind in ('saml', 'oidc')),
      constraint sso_connections__origin__ck check (origin in ('admin', 'environment')),
      constraint sso_connections__default_role__ck check (default_role in ('admin', 'member', 'viewer'))
    )`.execute(db);
  await sql`comment on table sso_connections is 'Identity providers at which people sign in, by SAML or OpenID Connect.'`.execute(
    db,
  );
  await sql`comment on column sso_connections.origin is 'environment: written from variables at start, read-only for admins.'`.execute(
    db,
  );
  await sql`comment on column sso_connections.settings is 'What the protocol needs to know; no secrets.'`.execute(
    db,
  );
  await sql`comment on column sso_connections.secrets is 'Client secret and private keys as JSON, encrypted with SECRET_KEY.'`.execute(
    db,
  );
  await sql`comment on column sso_connections.provisions is 'Whether an unknown person gets an account at the first sign-in.'`.execute(
    db,
  );
  await sql`
    comment on column sso_connections.paired_connection_id is
      'The SCIM connection of the same identity provider: accounts it made may be linked.'`.execute(db);

  await sql`
    create table sso_domains (
      org_id uuid not null,
      id uuid not null,
      sso_connection_id uuid not null,
      domain text collate "C" not null,
      challenge text not null,
      created_at timestamptz not null,
      verified_at timestamptz,
      constraint sso_domains__org_id_id__pk primary key (org_id, id),
      constraint sso_domains__org_id_domain__uq unique (org_id, domain),
      constraint sso_domains__org_id_sso_connection_id__fk
        foreign key (org_id, sso_connection_id) references sso_connections (org_id, id) on delete cascade
    )`.execute(db);
  await sql`comment on table sso_domains is 'E-mail domains of organizations, and where their people sign in.'`.execute(
    db,
  );
  await sql`comment on column sso_domains.domain is 'ASCII in lower case, as DNS has it.'`.execute(db);
  await sql`
    comment on column sso_domains.challenge is 'What the TXT record of the domain has to say; public by its nature.'`.execute(
    db,
  );
  await sql`
    create unique index sso_domains__domain__uq on sso_domains (domain) where verified_at is not null`.execute(
    db,
  );
  await sql`
    create index sso_domains__org_id_sso_connection_id__idx on sso_domains (org_id, sso_connection_id)`.execute(
    db,
  );

  await sql`
    create table identities (
      org_id uuid not null,
      sso_connection_id uuid not null,
      subject text collate "C" not null,
      user_id uuid not null,
      created_at timestamptz not null,
      last_signed_in_at timestamptz,
      constraint identities__org_id_sso_connection_id_subject__pk
        primary key (org_id, sso_connection_id, subject),
      constraint identities__org_id_sso_connection_id_user_id__uq
        unique (org_id, sso_connection_id, user_id),
      constraint identities__org_id_sso_connection_id__fk
        foreign key (org_id, sso_connection_id) references sso_connections (org_id, id) on delete cascade,
      constraint identities__org_id_user_id__fk foreign key (org_id, user_id) references users (org_id, id)
    )`.execute(db);
  await sql`comment on table identities is 'Which account a subject of an SsoConnection is.'`.execute(db);
  await sql`create index identities__org_id_user_id__idx on identities (org_id, user_id)`.execute(db);

  await sql`
    create function forget_identities() returns trigger language plpgsql as $$
    begin
      delete from identities where org_id = new.org_id and user_id = new.id;
      return null;
    end $$`.execute(db);
  await sql`
    create trigger users__forget_identities after update of erased_at on users
      for each row when (new.erased_at is not null) execute function forget_identities()`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop trigger users__forget_identities on users`.execute(db);
  await sql`drop function forget_identities()`.execute(db);
  await sql`drop table identities`.execute(db);
  await sql`drop table sso_domains`.execute(db);
  await sql`drop table sso_connections`.execute(db);
}
