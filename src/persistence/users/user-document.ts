import { ENTERPRISE_USER_URN, ROLLCALL_USER_URN, USER_URN } from '../../directory/schema/index.js';
import type { UserDocument } from '../../directory/users/user.js';

/** Where the parts of a user stand in a statement. All are SQL written by us, never text of a client. */
export interface UserWireSource {
  /** Alias of a row of users. */
  readonly user: string;
  /** The connection that asks, whose externalId is shown. */
  readonly connection: string;
  /** `PUBLIC_URL/scim/v2`, usually a parameter. */
  readonly baseUrl: string;
  /** Whether `groups` and `teamRoles` are read. */
  readonly withTeams: boolean;
}

/**
 * What stands between id and location of a user's document. The database joins the texts, because one column costs a
 * fraction of fifteen that this process would decode, on lists above all (docs/performance.md). A user with nothing in
 * other tables needs no more than its row.
 */
export function userWire({ user: u, connection, baseUrl, withTeams }: UserWireSource): string {
  const isMember = withTeams ? `${u}.has_been_member` : 'false';
  const externalMember = `case when ${u}.connection_id = ${connection} then ${u}.wire_external_id else '' end`;
  return `
    case when ${isMember} or ${u}.has_linked_ids or ${u}.manager_id is not null or ${u}.default_team_id is not null
      then linked_user_wire(${u}.org_id, ${u}.id, ${connection}, ${baseUrl}, ${u}.profile, ${externalMember},
        ${u}.wire_tail, ${u}.has_linked_ids, ${isMember}, ${u}.manager_id, ${u}.default_team_id)
      else ${u}.profile || ${externalMember} || ${u}.wire_tail end`;
}

const PLAIN_HEAD = `{"schemas":["${USER_URN}","${ROLLCALL_USER_URN}"],"id":"`;
const ENTERPRISE_HEAD = `{"schemas":["${USER_URN}","${ENTERPRISE_USER_URN}","${ROLLCALL_USER_URN}"],"id":"`;
/** Quotes in values are escaped, so this can only be the key of the extension. */
const ENTERPRISE_KEY = `,"${ENTERPRISE_USER_URN}":{`;

/** A user as JSON text on the wire (RFC 7643 sections 4.1 and 4.3, and our extension). */
export const toDocumentText = (id: string, wire: string, baseUrl: string): string =>
  `${wire.includes(ENTERPRISE_KEY) ? ENTERPRISE_HEAD : PLAIN_HEAD}${id}",${wire},"location":"${baseUrl}/Users/${id}"}}`;

/** A row as the statements that show one user select it. */
export interface UserWireRow {
  readonly version: number;
  readonly has_been_member: boolean;
  readonly wire: string;
}

export const toDocument = (id: string, row: UserWireRow, baseUrl: string): UserDocument => ({
  id,
  version: row.version,
  hasBeenMember: row.has_been_member,
  json: toDocumentText(id, row.wire, baseUrl),
});
