import type { Filter } from '../../directory/filter/index.js';
import { ROLLCALL_USER_URN, type AttributePath } from '../../directory/schema/index.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { badRequest, type ScimProblem } from '../problem.js';
import { refuseChange } from '../resource/index.js';
import type { PatchOperation } from './operation.js';
import { synthesiseElement } from './synthesise-element.js';

/** One team with the role to hold there. A `set` names its team by at least one of the first two. */
export interface TeamRoleEntry {
  readonly teamId?: string;
  readonly teamName?: string;
  /** Absent: the role stays as it is, or is `member` for somebody new to the team. */
  readonly roleName?: string;
}

/** A change of a user's roles in teams. `reset` takes them back to `member`: all, those selected, or those listed. */
export type TeamRoleChange =
  | { readonly kind: 'set'; readonly entries: readonly TeamRoleEntry[] }
  | { readonly kind: 'reset'; readonly filter?: Filter; readonly entries?: readonly TeamRoleEntry[] };

export interface UserPatch {
  readonly attributes: readonly PatchOperation[];
  /** In the order of the request. */
  readonly teamRoles: readonly TeamRoleChange[];
}

/**
 * Takes the operations on `teamRoles` out of a PATCH of a user. `add` and `replace` change the teams they name and
 * leave the others alone; `remove` takes the role back to `member`, never the membership. 400 invalidValue or
 * noTarget when no team is named, 400 mutability for an attempt to change which team a role belongs to.
 */
export function splitUserOperations(operations: readonly PatchOperation[]): Result<UserPatch, ScimProblem> {
  const attributes: PatchOperation[] = [];
  const teamRoles: TeamRoleChange[] = [];
  for (const operation of operations) {
    if (!isTeamRoles(operation.path)) {
      attributes.push(operation);
      continue;
    }
    const change = readChange(operation);
    if (!change.ok) return change;
    if (change.value) teamRoles.push(change.value);
  }
  return ok({ attributes, teamRoles });
}

const isTeamRoles = (path: AttributePath): boolean =>
  path.schema.id === ROLLCALL_USER_URN && path.attribute.name === 'teamRoles';

function readChange(operation: PatchOperation): Result<TeamRoleChange | undefined, ScimProblem> {
  const { op, path, filter, value } = operation;
  const isClearing = op === 'remove' || value === null;
  if (isClearing && path.sub && path.sub.name !== 'roleName') return refuseChange(path, 'cannot be removed');
  if (op === 'remove')
    return ok({
      kind: 'reset',
      ...(filter ? { filter } : {}),
      ...(value === undefined ? {} : { entries: readEntries(value) }),
    });
  if (value === null && path.sub) return ok({ kind: 'reset', ...(filter ? { filter } : {}) });
  // An upsert of no team at all: what is not named stays as it is.
  if (value === null) return ok(undefined);
  return filter || path.sub ? readSelected(operation) : readList(path, value);
}

function readList(path: AttributePath, value: JsonValue | undefined): Result<TeamRoleChange, ScimProblem> {
  const entries = readEntries(value);
  return entries.every(namesTeam)
    ? ok({ kind: 'set', entries })
    : err(badRequest('invalidValue', `${path.attribute.name} must name each team by teamId or teamName.`));
}

/** `teamRoles[teamName eq "x"].roleName` says which team it means by equalities alone. */
function readSelected({ path, filter, value = null }: PatchOperation): Result<TeamRoleChange, ScimProblem> {
  const written: JsonObject = path.sub ? { [path.sub.name]: value } : isJsonObject(value) ? value : {};
  const element = synthesiseElement(path, filter, written);
  if (!element.ok) return element;
  const entry = toEntry(element.value);
  return namesTeam(entry)
    ? ok({ kind: 'set', entries: [entry] })
    : err(
        badRequest(
          'noTarget',
          `The path names no team; filter ${path.attribute.name} by teamId or teamName.`,
        ),
      );
}

const namesTeam = (entry: TeamRoleEntry): boolean =>
  entry.teamId !== undefined || entry.teamName !== undefined;

const readEntries = (value: JsonValue | undefined): readonly TeamRoleEntry[] =>
  Array.isArray(value) ? value.filter(isJsonObject).map(toEntry) : [];

function toEntry(element: JsonObject): TeamRoleEntry {
  const { teamId, teamName, roleName } = element;
  return {
    ...(typeof teamId === 'string' ? { teamId } : {}),
    ...(typeof teamName === 'string' ? { teamName } : {}),
    ...(typeof roleName === 'string' ? { roleName } : {}),
  };
}
