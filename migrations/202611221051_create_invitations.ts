import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table invitations (
      org_id uuid not null,
      id uuid not null,
      email text not null,
      email_key text collate "C" not null,
      origin text not null,
      organization_role text not null,
      seat text not null,
      state text not null,
      secret_hash text not null,
      mail_id uuid,
      mail_absence text,
      invited_by uuid,
      user_id uuid,
      created_at timestamptz not null,
      expires_at timestamptz not null,
      settled_at timestamptz,
      constraint invitations__org_id_id__pk primary key (org_id, id),
      constraint invitations__org_id__fk foreign key (org_id) references organizations (id),
      constraint invitations__secret_hash__uq unique (secret_hash),
      constraint invitations__org_id_mail_id__fk foreign key (org_id, mail_id) references mail_outbox (org_id, id),
      constraint invitations__org_id_invited_by__fk
        foreign key (org_id, invited_by) references users (org_id, id),
      constraint invitations__org_id_user_id__fk foreign key (org_id, user_id) references users (org_id, id),
      constraint invitations__origin__ck check (origin in ('organization', 'team')),
      constraint invitations__organization_role__ck check (organization_role in ('admin', 'member', 'viewer')),
      constraint invitations__seat__ck check (seat in ('full', 'viewer', 'none')),
      constraint invitations__state__ck check (state in ('pending', 'accepted', 'revoked', 'expired')),
      constraint invitations__mail_absence__ck check (mail_absence in ('not_configured', 'not_requested')),
      constraint invitations__mail__ck check ((mail_id is null) = (mail_absence is not null)),
      constraint invitations__settled_at__ck check ((settled_at is null) = (state = 'pending')),
      constraint invitations__user_id__ck check ((user_id is not null) = (state = 'accepted'))
    )`.execute(db);
  await sql`
    comment on table invitations is
      'Who was asked to join. The account is made when the invitation is accepted, or by whoever makes it meanwhile.'`.execute(
    db,
  );
  await sql`
    comment on column invitations.origin is
      'organization: to have an account. team: to join teams, with an account if there is none.'`.execute(db);
  await sql`
    comment on column invitations.state is
      'A pending one past expires_at counts as expired; it is written down when the address is invited again.'`.execute(
    db,
  );
  await sql`comment on column invitations.mail_absence is 'Why there is no mail: the link was given to whoever invited.'`.execute(
    db,
  );
  await sql`comment on column invitations.user_id is 'The account that the invitation became, or joined teams with.'`.execute(
    db,
  );
  // Every account that is made looks here for an invitation of its addresses.
  await sql`
    create unique index invitations__org_id_email_key__uq
      on invitations (org_id, email_key) where state = 'pending'`.execute(db);

  await sql`
    create table invitation_teams (
      org_id uuid not null,
      invitation_id uuid not null,
      team_id uuid not null,
      role text not null,
      custom_role_id uuid,
      constraint invitation_teams__org_id_invitation_id_team_id__pk primary key (org_id, invitation_id, team_id),
      constraint invitation_teams__org_id_invitation_id__fk
        foreign key (org_id, invitation_id) references invitations (org_id, id),
      constraint invitation_teams__org_id_team_id__fk foreign key (org_id, team_id) references teams (org_id, id),
      constraint invitation_teams__org_id_custom_role_id__fk
        foreign key (org_id, custom_role_id) references roles (org_id, id),
      constraint invitation_teams__role__ck check (role in ('admin', 'member', 'viewer', 'custom')),
      constraint invitation_teams__custom_role__ck check ((role = 'custom') = (custom_role_id is not null))
    )`.execute(db);
  await sql`comment on table invitation_teams is 'Teams that an invited person joins on acceptance, with the role in each.'`.execute(
    db,
  );
  await sql`create index invitation_teams__org_id_team_id__idx on invitation_teams (org_id, team_id)`.execute(
    db,
  );
  await sql`
    create index invitation_teams__org_id_custom_role_id__idx
      on invitation_teams (org_id, custom_role_id) where custom_role_id is not null`.execute(db);

  // A function, because Postgres keeps the plans of its statements: every account that is made asks it.
  await sql`
    create function has_open_invitation(org uuid, keys text[], moment timestamptz) returns boolean
    language plpgsql stable as $$
    begin
      return exists (
        select 1 from invitations i
         where i.org_id = org and i.state = 'pending' and i.email_key = any(keys) and i.expires_at > moment);
    end $$`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop function has_open_invitation`.execute(db);
  await sql`drop table invitation_teams`.execute(db);
  await sql`drop table invitations`.execute(db);
}
