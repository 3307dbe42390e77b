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
  case when ${user}.connection_id = ${connection} and ${user}.external_id is not null then ${user}.external_id else
    (select e.external_id from external_ids e
      where e.org_id = ${user}.org_id and e.connection_id = ${connection} and e.resource_id = ${user}.id) end`;

/**
 * A user's teams as JSON arrays without brackets, `g.parts[1]` for groups and `g.parts[2]` for teamRoles, null when
 * there are none; to be joined after the user. Service accounts belong to teams but hold no role in them. The look
 * whether there are any comes first because it costs a tenth of gathering none.
 */
export const userTeams = ({ user, baseUrl }: Pick<UserDocumentSource, 'user' | 'baseUrl'>): string => `
  cross join lateral (
    select case when exists (select 1 from team_members h where h.org_id = ${user}.org_id and h.user_id = ${user}.id) then (
      select array[
        string_agg(concat('{"value":"', s.id, '","$ref":"', ${baseUrl}::text, '/Groups/', s.id, '","display":', s.name,
          ',"type":"direct"}'), ','),
        string_agg(concat('{"teamId":"', s.id, '","teamName":', s.name, ',"roleName":', ${quoted('s.role')}, '}'), ',')
          filter (where s.role <> 'service')]
        from (
          select t.id, ${quoted('t.display_name')} as name,
            case when m.custom_role_id is null then m.role else
              (select r.name from roles r where r.org_id = m.org_id and r.id = m.custom_role_id) end as role
            from team_members m join teams t on t.org_id = m.org_id and t.id = m.team_id and t.archived_at is null
           where m.org_id = ${user}.org_id and m.user_id = ${user}.id
           order by m.team_id
        ) s
      ) end as parts
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
      (select ${member('defaultTeam', quoted('d.display_name'))} from teams d
        where d.org_id = ${u}.org_id and d.id = ${u}.default_team_id) end,
    '},"meta":{', ${u}.wire_meta, ',"location":"', ${baseUrl}::text, '/Users/', ${u}.id, '"}}')`;
}

/** The manager, with a reference and a name when it is a user here. Null without a manager. */
const managerMember = (u: string, baseUrl: string): string => `
  case when ${u}.manager_value is not null then
    concat('"manager":{"value":', ${quoted(`${u}.manager_value`)},
      case when ${u}.manager_id is not null then
        concat(',"$ref":"', ${baseUrl}::text, '/Users/', ${u}.manager_id, '"',
          (select ${member('displayName', quoted('b.display_name'))} from users b
            where b.org_id = ${u}.org_id and b.id = ${u}.manager_id and b.removed_at is null)) end, '}') end`;
