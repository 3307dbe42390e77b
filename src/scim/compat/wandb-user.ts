import type { ResourceType } from '../../directory/schema/index.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.js';
import type { OperationQuirk, ResourceQuirk } from './quirk.js';

/** In lower case. */
const TEAMS_URN = 'urn:ietf:params:scim:schemas:extension:teams:2.0:user';
/** The team role that W&B gives to the people it adds by the teams extension. */
const TEAM_ROLE = 'member';

/**
 * W&B scripts name the seat `modelsSeat`, send a second seat `weaveRole` for a product that does not exist here, and
 * name teams in an extension `{"teams": ["a"], "defaultTeam": "a"}` (W&B SCIM API reference, "Create user"). Can go
 * when those scripts are no longer in use.
 */
export const wandbUser: ResourceQuirk = {
  name: 'wandb-user',
  modes: ['lenient'],
  normalise: (type, body) => (type.name === 'User' ? renameKeys(body) : body),
};

/** The same names in a PATCH: as a path, and as keys of a value without path. */
export const wandbUserOperation: OperationQuirk = {
  name: 'wandb-user-operation',
  modes: ['lenient'],
  normalise: (type: ResourceType, operation) => {
    if (type.name !== 'User') return operation;
    const { path, value } = operation;
    if (path === undefined)
      return isJsonObject(value) ? { ...operation, value: renameKeys(value) } : operation;
    if (isWeaveRole(path)) return undefined;
    return isModelsSeat(path) ? { ...operation, path: 'seat' } : operation;
  },
};

const isWeaveRole = (name: string): boolean => name.toLowerCase() === 'weaverole';
const isModelsSeat = (name: string): boolean => name.toLowerCase() === 'modelsseat';
const isTeamsUrn = (name: string): boolean => name.toLowerCase() === TEAMS_URN;
const NAMES = new Set(['weaverole', 'modelsseat', TEAMS_URN]);

function renameKeys(body: JsonObject): JsonObject {
  if (!Object.keys(body).some((key) => NAMES.has(key.toLowerCase()))) return body;
  const renamed: JsonObject = Object.fromEntries(
    Object.entries(body).filter(([key]) => !NAMES.has(key.toLowerCase())),
  );
  for (const [key, value] of Object.entries(body)) {
    if (isModelsSeat(key)) addMissing(renamed, 'seat', value);
    if (isTeamsUrn(key) && isJsonObject(value)) addTeams(renamed, value);
  }
  return renamed;
}

function addTeams(body: JsonObject, extension: JsonObject): void {
  for (const [key, value] of Object.entries(extension)) {
    const name = key.toLowerCase();
    if (name === 'defaultteam') addMissing(body, 'defaultTeam', value);
    if (name === 'teams' && value !== undefined && value !== null)
      addMissing(body, 'teamRoles', toTeamRoles(value));
  }
}

const toTeamRoles = (teams: JsonValue): JsonValue =>
  (Array.isArray(teams) ? teams : [teams]).map((team) => ({ teamName: team, roleName: TEAM_ROLE }));

/** What a client also says in our own words wins. */
function addMissing(body: JsonObject, name: string, value: JsonValue | undefined): void {
  if (!Object.keys(body).some((key) => key.toLowerCase() === name.toLowerCase())) body[name] = value;
}
