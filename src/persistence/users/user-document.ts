import { ENTERPRISE_USER_URN, ROLLCALL_USER_URN, USER_URN } from '../../directory/schema/index.js';

/** Where the parts of a user stand in a statement. All are SQL written by us, never text of a client. */
export interface UserDocumentSource {
  /** Alias of a row with the columns of users. */
  readonly user: string;
  /** The externalId that the asking connection gave the user. */
  readonly externalId: string;
  /** `PUBLIC_URL/scim/v2`, usually a parameter. */
  readonly baseUrl: string;
  /** Whether `groups` and `teamRoles` are read; the lateral of `userTeams` must then be joined. */
  readonly withTeams: boolean;
}

/** A JSON member when the value is there, nothing otherwise. */
const member = (name: string, value: string): string => `',"${name}":' || ${value}`;

/** Text as a JSON string. */
const quoted = (value: string): string => `to_json(${value}::text)::text`;

/**
 * The externalId of a user as a connection knows it: in the user's row when the connection made the user, otherwise in
 * a row of its own.
 */
export const externalIdOf = (user: string, connection: string): string => `
  case when ${user}.connection_id = ${connection} and ${user}.external_id is not null then ${user}.external_id
    else linked_external_id(${user}.org_id, ${connection}, ${user}.id) end`;

/**
 * A user's teams as JSON arrays without brackets, `g.parts[1]` for groups and `g.parts[2]` for teamRoles, null when
 * there are none; to be joined after the user. Service accounts belong to teams but hold no role in them.
 */
export const userTeams = ({ user, baseUrl }: Pick<UserDocumentSource, 'user' | 'baseUrl'>): string => `
  cross join lateral (
    select case when ${user}.has_been_member
      then teams_of_user(${user}.org_id, ${user}.id, ${baseUrl}::text) end as parts
    offset 0
  ) g`;

/**
 * A user as JSON text on the wire (RFC 7643 sections 4.1 and 4.3, and our extension). The database puts it together,
 * because one text column costs a fraction of fifteen that this process would decode and join, on lists above all
 * (docs/performance.md).
 */
export function userDocument({ user: u, externalId, baseUrl, withTeams }: UserDocumentSource): string {
  const hasEnterprise = `(${u}.enterprise is not null or ${u}.manager_value is not null)`;
  return `concat(
    case when ${hasEnterprise} then '{"schemas":["${USER_URN}","${ENTERPRISE_USER_URN}","${ROLLCALL_USER_URN}"],"id":"'
      else '{"schemas":["${USER_URN}","${ROLLCALL_USER_URN}"],"id":"' end, ${u}.id, '"',
    ${member('externalId', quoted(`(${externalId})`))},
    ',', ${u}.profile, case when ${u}.is_active then ',"active":true' else ',"active":false' end,
    ${withTeams ? `',"groups":[' || g.parts[1] || ']',` : ''}
    case when ${hasEnterprise} then
      concat(',"${ENTERPRISE_USER_URN}":{', concat_ws(',', ${u}.enterprise, ${managerMember(u, baseUrl)}), '}') end,
    ',"${ROLLCALL_USER_URN}":{', ${u}.wire_account,
    ${withTeams ? `',"teamRoles":[' || g.parts[2] || ']',` : ''}
    case when ${u}.default_team_id is not null then
      ${member('defaultTeam', quoted(`team_name(${u}.org_id, ${u}.default_team_id)`))} end,
    '},"meta":{', ${u}.wire_meta, ',"location":"', ${baseUrl}::text, '/Users/', ${u}.id, '"}}')`;
}

/** The manager, with a reference and a name when it is a user here. Null without a manager. */
const managerMember = (u: string, baseUrl: string): string => `
  case when ${u}.manager_value is not null then
    concat('"manager":{"value":', ${quoted(`${u}.manager_value`)},
      case when ${u}.manager_id is not null then
        concat(',"$ref":"', ${baseUrl}::text, '/Users/', ${u}.manager_id, '"',
          ${member('displayName', quoted(`live_user_name(${u}.org_id, ${u}.manager_id)`))}) end, '}') end`;
