import type { JsonObject } from '../../kernel/json.js';
import { ROLLCALL_USER_SCHEMA, USER_SCHEMA, USER_TYPE } from '../../directory/schema/index.js';
import type { ListedUser } from '../../directory/users/user.js';
import { project, shows, type Projection } from '../projection.js';

/** A user as JSON text on the wire. Only a projection parses the stored text. */
export const userToWire = (user: ListedUser, projection: Projection): string =>
  projection.kind === 'all'
    ? user.json
    : JSON.stringify(project(projection, USER_TYPE, userToResource(user)));

/** A user as an object on the wire. */
export const userToResource = (user: ListedUser): JsonObject => JSON.parse(user.json) as JsonObject;

export const userLocation = (id: string, baseUrl: string): string => `${baseUrl}/Users/${id}`;

/** Whether teams have to be read for an answer. */
export const showsTeams = (projection: Projection): boolean =>
  shows(projection, USER_SCHEMA, false, 'groups') ||
  shows(projection, ROLLCALL_USER_SCHEMA, true, 'teamRoles');
