import { DomainError } from '../../kernel/errors.js';
import type { JsonObject } from '../../kernel/json.js';
import { LIMITS } from '../../kernel/limits.js';
import type { UserRecord, UserTeam } from '../../directory/users/user.js';

/**
 * JSON members without the braces around them: how profiles are stored, ready to be put into a document.
 * @throws DomainError user.too_large
 */
export function toMembers(values: JsonObject): string {
  const members = JSON.stringify(values).slice(1, -1);
  if (members.length > LIMITS.profileLength)
    throw new DomainError('user.too_large', {
      detail: `The attributes of a user may have ${LIMITS.profileLength} characters together.`,
    });
  return members;
}

/** A row as the rules of users need it. */
export interface UserRow {
  readonly id: string;
  readonly is_active: boolean;
  readonly organization_role: UserRecord['organizationRole'];
  readonly seat: UserRecord['seat'];
  readonly account_type: UserRecord['accountType'];
  readonly default_team_name: string | null;
  readonly version: number;
}

export const toUser = (row: UserRow, teams: readonly UserTeam[]): UserRecord => ({
  id: row.id,
  isActive: row.is_active,
  organizationRole: row.organization_role,
  seat: row.seat,
  accountType: row.account_type,
  defaultTeamName: row.default_team_name ?? undefined,
  teams,
  version: row.version,
});
