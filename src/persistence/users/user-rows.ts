import type { JsonObject } from '../../kernel/json.js';
import type { UserDocument, UserRecord, UserTeam } from '../../directory/users/user.js';

/** A row as the statements that show users select it. */
export interface UserDocumentRow {
  readonly id: string;
  readonly version: number;
  readonly document: string;
}

export const toDocument = ({ id, version, document }: UserDocumentRow): UserDocument => ({
  id,
  version,
  json: document,
});

/** JSON members without the braces around them: how profiles are stored, ready to be put into a document. */
export const toMembers = (values: JsonObject): string => JSON.stringify(values).slice(1, -1);

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
