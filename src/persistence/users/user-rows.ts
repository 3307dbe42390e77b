import type { UserRecord, UserTeam } from '../../directory/users/user.js';

/** A row as the user statements select it. */
export interface UserRow {
  readonly id: string;
  readonly user_name: string;
  readonly profile: string;
  readonly enterprise: string | null;
  readonly manager_value: string | null;
  readonly is_active: boolean;
  readonly organization_role: UserRecord['organizationRole'];
  readonly seat: UserRecord['seat'];
  readonly account_type: UserRecord['accountType'];
  readonly last_active_at: string | null;
  readonly days_active: number;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly external_id: string | null;
  readonly manager_name: string | null;
  readonly default_team_name: string | null;
  /** Absent when the statement does not read teams; null when there are none. */
  readonly teams?: string | null;
}

const NO_TEAMS: readonly UserTeam[] = [];

export function toUser(row: UserRow): UserRecord {
  return {
    id: row.id,
    externalId: row.external_id ?? undefined,
    userName: row.user_name,
    profileJson: row.profile,
    enterpriseJson: row.enterprise ?? undefined,
    managerId: row.manager_value ?? undefined,
    managerName: row.manager_name ?? undefined,
    isActive: row.is_active,
    organizationRole: row.organization_role,
    seat: row.seat,
    accountType: row.account_type,
    defaultTeamName: row.default_team_name ?? undefined,
    lastActiveAt: row.last_active_at ?? undefined,
    daysActive: row.days_active,
    teams: row.teams === undefined ? undefined : toTeams(row.teams),
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

export function toTeams(json: string | null): readonly UserTeam[] {
  if (json === null) return NO_TEAMS;
  const rows = JSON.parse(json) as [id: string, name: string, roleName: string][];
  return rows.map(([id, name, roleName]) => ({ id, name, roleName }));
}
