import { isUuid } from '../../kernel/ids.js';
import type { JsonObject } from '../../kernel/json.js';
import { ENTERPRISE_USER_URN, ROLLCALL_USER_URN, USER_TYPE, USER_URN } from '../../directory/schema/index.js';
import type { UserRecord, UserTeam } from '../../directory/users/user.js';
import { etagOf } from '../etag.js';
import { project, type Projection } from '../projection.js';

const SCHEMAS = `"schemas":["${USER_URN}","${ROLLCALL_USER_URN}"]`;
const SCHEMAS_WITH_ENTERPRISE = `"schemas":["${USER_URN}","${ENTERPRISE_USER_URN}","${ROLLCALL_USER_URN}"]`;

/** A user as JSON text on the wire. The stored document goes in as it is: a list never parses what it shows. */
export function userToWire(user: UserRecord, baseUrl: string, projection: Projection): string {
  const text = renderUser(user, baseUrl);
  return projection.kind === 'all' ? text : JSON.stringify(project(projection, USER_TYPE, JSON.parse(text) as JsonObject));
}

/** A user as an object on the wire. */
export const userToResource = (user: UserRecord, baseUrl: string): JsonObject =>
  JSON.parse(renderUser(user, baseUrl)) as JsonObject;

export const userLocation = (id: string, baseUrl: string): string => `${baseUrl}/Users/${id}`;

function renderUser(user: UserRecord, baseUrl: string): string {
  const { enterpriseJson, managerId, teams } = user;
  const hasEnterprise = enterpriseJson !== undefined || managerId !== undefined;
  let text = `{${hasEnterprise ? SCHEMAS_WITH_ENTERPRISE : SCHEMAS},"id":"${user.id}"`;
  if (user.externalId !== undefined) text += `,"externalId":${JSON.stringify(user.externalId)}`;
  text += `,${inside(user.profileJson)},"active":${user.isActive}`;
  if (teams !== undefined && teams.length > 0) text += `,"groups":[${teams.map((team) => renderGroup(team, baseUrl)).join(',')}]`;
  if (hasEnterprise) text += `,"${ENTERPRISE_USER_URN}":${renderEnterprise(user, baseUrl)}`;
  return `${text},"${ROLLCALL_USER_URN}":${renderRollcall(user)},"meta":${renderMeta(user, baseUrl)}}`;
}

/** The members of a JSON object, without its braces. */
const inside = (json: string): string => json.slice(1, -1);

const renderGroup = (team: UserTeam, baseUrl: string): string =>
  `{"value":"${team.id}","$ref":"${baseUrl}/Groups/${team.id}","display":${JSON.stringify(team.name)},"type":"direct"}`;

function renderEnterprise(user: UserRecord, baseUrl: string): string {
  const { enterpriseJson = '{}', managerId, managerName } = user;
  if (managerId === undefined) return enterpriseJson;
  const reference = isUuid(managerId) ? `,"$ref":"${userLocation(managerId, baseUrl)}"` : '';
  const name = managerName === undefined ? '' : `,"displayName":${JSON.stringify(managerName)}`;
  const manager = `"manager":{"value":${JSON.stringify(managerId)}${reference}${name}}`;
  return enterpriseJson === '{}' ? `{${manager}}` : `{${inside(enterpriseJson)},${manager}}`;
}

function renderRollcall(user: UserRecord): string {
  let text = '{';
  if (user.accountType === 'USER') {
    text += `"organizationRole":"${user.organizationRole}",`;
    if (user.teams !== undefined && user.teams.length > 0) text += `"teamRoles":[${user.teams.map(renderTeamRole).join(',')}],`;
    text += `"seat":"${user.seat}",`;
  }
  text += `"accountType":"${user.accountType}"`;
  if (user.defaultTeamName !== undefined) text += `,"defaultTeam":${JSON.stringify(user.defaultTeamName)}`;
  if (user.lastActiveAt !== undefined) text += `,"lastActiveAt":"${user.lastActiveAt}"`;
  return `${text},"daysActive":${user.daysActive}}`;
}

const renderTeamRole = (team: UserTeam): string =>
  `{"teamId":"${team.id}","teamName":${JSON.stringify(team.name)},"roleName":${JSON.stringify(team.roleName)}}`;

const renderMeta = (user: UserRecord, baseUrl: string): string =>
  `{"resourceType":"User","created":"${user.createdAt}","lastModified":"${user.updatedAt}","location":"${userLocation(user.id, baseUrl)}","version":${JSON.stringify(etagOf(user))}}`;
