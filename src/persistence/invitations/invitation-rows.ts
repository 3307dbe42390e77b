import { sql } from 'kysely';
import type { Instant } from '../../kernel/clock.js';
import type { Invitation, InvitationTeam } from '../../directory/invitations/invitation.js';
import type { MembershipRole } from '../../directory/users/user-store.js';

/** Everything an invitation shows. `i` is the invitation, `m` its mail, `b` who invited. */
export const INVITATION_COLUMNS = sql`
  i.org_id, i.id, i.email, i.origin, i.organization_role, i.seat, i.state, i.mail_id, i.mail_absence, i.user_id,
  i.created_at, i.expires_at, i.settled_at, i.invited_by, b.display_name as inviter_name,
  m.state as mail_state, m.attempts as mail_attempts, m.last_error as mail_error,
  (select coalesce(json_agg(json_build_object('teamId', t.id, 'teamName', t.display_name, 'role', x.role,
       'customRoleId', x.custom_role_id, 'roleName', coalesce(r.name, x.role)) order by t.id), '[]')
     from invitation_teams x
     join teams t on t.org_id = x.org_id and t.id = x.team_id and t.archived_at is null
     left join roles r on r.org_id = x.org_id and r.id = x.custom_role_id
    where x.org_id = i.org_id and x.invitation_id = i.id)::text as teams`;

export const INVITATION_JOINS = sql`
  left join mail_outbox m on m.org_id = i.org_id and m.id = i.mail_id
  left join users b on b.org_id = i.org_id and b.id = i.invited_by`;

export interface InvitationRow {
  readonly org_id: string;
  readonly id: string;
  readonly email: string;
  readonly origin: Invitation['origin'];
  readonly organization_role: Invitation['organizationRole'];
  readonly seat: Invitation['seat'];
  readonly state: Invitation['state'];
  readonly mail_id: string | null;
  readonly mail_absence: 'not_configured' | 'not_requested' | null;
  readonly user_id: string | null;
  readonly created_at: Instant;
  readonly expires_at: Instant;
  readonly settled_at: Instant | null;
  readonly invited_by: string | null;
  readonly inviter_name: string | null;
  readonly mail_state: 'pending' | 'sent' | 'failed' | null;
  readonly mail_attempts: number | null;
  readonly mail_error: string | null;
  readonly teams: string;
}

interface TeamJson extends Omit<InvitationTeam, 'customRoleId'> {
  readonly customRoleId: string | null;
}

export function toInvitation(row: InvitationRow, now: Instant): Invitation {
  const isLapsed = row.state === 'pending' && row.expires_at <= now;
  return {
    id: row.id,
    organizationId: row.org_id,
    email: row.email,
    origin: row.origin,
    organizationRole: row.organization_role,
    seat: row.seat,
    teams: (JSON.parse(row.teams) as readonly TeamJson[]).map(toTeam),
    state: isLapsed ? 'expired' : row.state,
    mailId: row.mail_id ?? undefined,
    mail: {
      state: row.mail_state ?? row.mail_absence ?? 'not_requested',
      attempts: row.mail_attempts ?? 0,
      lastError: row.mail_error ?? undefined,
    },
    invitedBy: row.invited_by === null ? undefined : { id: row.invited_by, name: row.inviter_name ?? '' },
    userId: row.user_id ?? undefined,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    settledAt: row.settled_at ?? undefined,
  };
}

const toTeam = (team: TeamJson): InvitationTeam => ({
  ...team,
  customRoleId: team.customRoleId ?? undefined,
});

/** What the audit keeps of teams. */
export const describeTeams = (teams: readonly MembershipRole[]) =>
  teams.map(({ teamId, role, customRoleId }) => ({ teamId, role, customRoleId }));

/** What the audit keeps of an invitation: never the link. */
export const describeInvitation = (
  invitation: Pick<Invitation, 'email' | 'origin' | 'organizationRole' | 'seat' | 'expiresAt'> & {
    readonly teams: readonly MembershipRole[];
  },
): string => {
  const { email, origin, organizationRole, seat, expiresAt, teams } = invitation;
  return JSON.stringify({
    email,
    origin,
    organizationRole,
    seat,
    teamRoles: describeTeams(teams),
    expiresAt,
  });
};
