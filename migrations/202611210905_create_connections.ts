import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table connections (
      org_id uuid not null,
      id uuid not null,
      name text not null,
      name_key text collate "C" not null,
      mode text not null,
      on_group_delete text not null,
      on_user_delete text not null,
      may_grant_admin boolean not null,
      has_unique_external_ids boolean not null,
      is_enabled boolean not null,
      created_at timestamptz not null,
      constraint connections__org_id_id__pk primary key (org_id, id),
      constraint connections__org_id__fk foreign key (org_id) references organizations (id),
      constraint connections__org_id_name_key__uq unique (org_id, name_key),
      constraint connections__mode__ck check (mode in ('lenient', 'strict', 'interop')),
      constraint connections__on_group_delete__ck check (on_group_delete in ('archive', 'refuse')),
      constraint connections__on_user_delete__ck check (on_user_delete in ('deactivate', 'remove'))
    )`.execute(db);
  await sql`comment on table connections is 'One IdP''s SCIM connection to an organization.'`.execute(db);

  await sql`
    create table connection_tokens (
      org_id uuid not null,
      id uuid not null,
      connection_id uuid not null,
      kind text not null,
      name text not null,
      token_hash text not null,
      token_prefix text not null,
      created_at timestamptz not null,
      expires_at timestamptz,
      revoked_at timestamptz,
      last_used_at timestamptz,
      issued_by uuid,
      constraint connection_tokens__org_id_id__pk primary key (org_id, id),
      constraint connection_tokens__token_hash__uq unique (token_hash),
      constraint connection_tokens__org_id_connection_id__fk
        foreign key (org_id, connection_id) references connections (org_id, id) on delete cascade,
      constraint connection_tokens__org_id_issued_by__fk
        foreign key (org_id, issued_by) references connection_tokens (org_id, id) on delete cascade,
      constraint connection_tokens__kind__ck check (kind in ('bearer', 'client_secret', 'access_token'))
    )`.execute(db);
  await sql`
    comment on table connection_tokens is
      'Credentials of a connection, as SHA-256 only. access_token rows are issued for a client_secret and die with it.'`.execute(
    db,
  );
  await sql`
    create index connection_tokens__org_id_connection_id__idx
      on connection_tokens (org_id, connection_id)`.execute(db);

  await sql`
    create table external_ids (
      org_id uuid not null,
      connection_id uuid not null,
      resource_type text not null,
      resource_id uuid not null,
      external_id text collate "C" not null,
      is_unique boolean not null,
      constraint external_ids__org_id_connection_id_resource_id__pk
        primary key (org_id, connection_id, resource_id),
      constraint external_ids__org_id_connection_id__fk
        foreign key (org_id, connection_id) references connections (org_id, id) on delete cascade,
      constraint external_ids__resource_type__ck check (resource_type in ('User', 'Group', 'Role'))
    )`.execute(db);
  await sql`
    comment on table external_ids is
      'What each connection calls a resource. Opaque, and never a key to anything else.'`.execute(db);
  await sql`
    create index external_ids__org_id_connection_id_external_id__idx
      on external_ids (org_id, connection_id, external_id)`.execute(db);
  await sql`
    create unique index external_ids__org_id_connection_id_type_external_id__uq
      on external_ids (org_id, connection_id, resource_type, external_id) where is_unique`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table external_ids`.execute(db);
  await sql`drop table connection_tokens`.execute(db);
  await sql`drop table connections`.execute(db);
}
