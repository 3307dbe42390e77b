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

/** What the database says of a user: everything but what `toDocument` puts around it. */
export interface UserWireRow {
  readonly version: number;
  readonly has_been_member: boolean;
  readonly has_enterprise: boolean;
  readonly external_id_text: string;
  readonly wire: string;
}

/**
 * Columns of a `UserWireRow`. The database joins the long texts, because one column costs a fraction of fifteen that
 * this process would decode, on lists above all (docs/performance.md). A user with nothing in other tables needs no more
 * than its row.
 */
export const userWire = ({ user: u, connection, baseUrl, withTeams }: UserWireSource): string => `
  ${u}.version, ${u}.has_been_member,
  ${u}.enterprise is not null or ${u}.manager_value is not null as has_enterprise,
  case when ${u}.has_linked_ids then external_id_member(${u}, ${connection})
    when ${u}.connection_id = ${connection} then ${u}.wire_external_id else '' end as external_id_text,
  case when ${withTeams ? `${u}.has_been_member or` : ''} ${u}.manager_id is not null or ${u}.default_team_id is not null
    then linked_user_wire(${u}.org_id, ${u}.id, ${baseUrl}, ${String(withTeams)})
    else ${u}.profile || ${u}.wire_tail end as wire`;

const PLAIN_HEAD = `{"schemas":["${USER_URN}","${ROLLCALL_USER_URN}"],"id":"`;
const ENTERPRISE_HEAD = `{"schemas":["${USER_URN}","${ENTERPRISE_USER_URN}","${ROLLCALL_USER_URN}"],"id":"`;

/** A user as JSON text on the wire (RFC 7643 sections 4.1 and 4.3, and our extension). */
export const toDocument = (id: string, row: UserWireRow, baseUrl: string): UserDocument => ({
  id,
  version: row.version,
  hasBeenMember: row.has_been_member,
  json: `${row.has_enterprise ? ENTERPRISE_HEAD : PLAIN_HEAD}${id}",${row.wire},"location":"${baseUrl}/Users/${id}"}${row.external_id_text}}`,
});
