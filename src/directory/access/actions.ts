import {
  isOrganizationPermission,
  isPermission,
  ORGANIZATION_PERMISSIONS,
  PERMISSION_NAMES,
} from '../../permissions/index.js';
import type { ActionName, ResourceType } from './access-request.js';

/** What has to be looked at to decide: a project with its team, a team, or the organization alone. */
export type PlaceKind = 'project' | 'team' | 'organization';

/** Resources that are in a project. */
const IN_PROJECT = ['run', 'sweep', 'report', 'workspace', 'artifact', 'artifact_alias'] as const;
/** Resources that are in a team. */
const IN_TEAM = ['registry', 'launchagent'] as const;

/** Actions that make something, of which there is no id yet. */
const MAKES_NEW: ReadonlySet<string> = new Set(['team:create', 'role:create', 'project:create']);

/** Tells whether a client's text names an action; exact, as permission names are. */
export const isActionName = (name: string): name is ActionName =>
  isPermission(name) || isOrganizationPermission(name);

/** Every action, each once. */
export const ACTION_NAMES: readonly ActionName[] = [
  ...new Set<ActionName>([...PERMISSION_NAMES, ...ORGANIZATION_PERMISSIONS]),
];

/** Whether the id in a request for this action names nothing that exists. */
export const makesNew = (action: ActionName): boolean => MAKES_NEW.has(action);

/**
 * On which types of resource an action can be asked for: its own, and those that contain it. Creating a run is a question
 * about the project as well, managing connections one about the organization.
 */
export const resourceTypesOf = (action: ActionName): readonly ResourceType[] => TYPES[action];

/** Where the answer to an action is found. */
export const placeKindOf = (action: ActionName): PlaceKind => PLACES[action];

/** The actions that can be asked for on a type of resource. */
export const actionsOn = (type: ResourceType): readonly ActionName[] =>
  ACTION_NAMES.filter((action) => TYPES[action].includes(type));

const TYPES = mapActions(findResourceTypes);
const PLACES = mapActions(findPlaceKind);

function mapActions<T>(of: (action: ActionName) => T): Readonly<Record<ActionName, T>> {
  return Object.fromEntries(ACTION_NAMES.map((action) => [action, of(action)])) as Record<ActionName, T>;
}

function findResourceTypes(action: ActionName): readonly ResourceType[] {
  const object = action.slice(0, action.indexOf(':'));
  const inProject = IN_PROJECT.find((type) => type === object);
  if (inProject) return [inProject, 'project'];
  const inTeam = IN_TEAM.find((type) => type === object);
  if (inTeam) return [inTeam, 'team'];
  switch (object) {
    case 'project':
      return action === 'project:create' ? ['project', 'team'] : ['project'];
    case 'team':
      return action === 'team:create' ? ['team', 'organization'] : ['team'];
    case 'role':
      return ['role', 'organization'];
    case 'organization':
      return ['organization'];
    default:
      return ['system', 'organization'];
  }
}

function findPlaceKind(action: ActionName): PlaceKind {
  if (action === 'project:create') return 'team';
  if (action === 'team:create') return 'organization';
  const [type] = findResourceTypes(action);
  if (type === 'role' || type === 'organization' || type === 'system') return 'organization';
  return type === 'team' || IN_TEAM.some((name) => name === type) ? 'team' : 'project';
}
