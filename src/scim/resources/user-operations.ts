import { DomainError, isDomainError } from '../../kernel/errors.js';
import { foldCase } from '../../kernel/fold.js';
import type { Page } from '../../directory/query.js';
import { matchedUserName } from '../../directory/users/matched-user-name.js';
import type { UserService } from '../../directory/users/user-service.js';
import type {
  ListedUser,
  TeamRoleChange,
  UpdateUserInput,
  UserDocument,
} from '../../directory/users/user.js';
import type { UserReadScope } from '../../directory/users/user-store.js';
import { matchesElement } from '../../directory/filter/index.js';
import { USER_TYPE } from '../../directory/schema/index.js';
import { etagOf, type ConcurrencyLimiter } from '../../http/index.js';
import type { ScimReply, ScimRequest, ScimWriteRequest } from '../exchange.js';
import type { CursorCodec } from '../list/cursor.js';
import type { ListParameters } from '../list/list-request.js';
import { renderList } from '../list/list-response.js';
import { prepareList } from '../list/run-list.js';
import { createUserFromWire, replaceUserFromWire, userChangesFromWire } from '../mapping/user-from-wire.js';
import { showsTeams, userLocation, userToResource, userToWire } from '../mapping/user-to-wire.js';
import {
  applyPatch,
  readPatch,
  splitUserOperations,
  type PatchOperation,
  type TeamRoleChange as WireTeamRoleChange,
} from '../patch/index.js';
import { assertIfMatch, expectedVersion, isNotModified } from '../preconditions.js';
import { ALL, readProjection, type Projection } from '../projection.js';
import { readResource } from '../resource/index.js';
import { unwrap } from '../unwrap.js';
import { knownId, modeOf } from './request-parts.js';
import type { ResourceOperations } from './resource-operations.js';

/** Attempts of a PATCH that meets other writers of the same user, each on a fresh reading. */
const PATCH_ATTEMPTS = 8;

/** `/Users` (RFC 7644 section 3). */
export function createUserOperations(
  users: UserService,
  cursors: CursorCodec,
  searches: ConcurrencyLimiter,
): ResourceOperations {
  const scopeOf = (request: ScimRequest, projection: Projection): UserReadScope => ({
    organizationId: request.context.organizationId,
    connectionId: request.context.connection.id,
    withTeams: showsTeams(projection),
    baseUrl: request.baseUrl,
  });

  const read = async (request: ScimRequest, id: string): Promise<ScimReply> => {
    const projection = unwrap(readProjection(USER_TYPE, request.query));
    const user = await users.get(scopeOf(request, projection), knownId(id, 'user.not_found'));
    assertIfMatch(request, user);
    const mayShowTeams = user.hasBeenMember && showsTeams(projection);
    if (!mayShowTeams && isNotModified(request, user))
      return { status: 304, headers: { ETag: etagOf(user) } };
    return userReply(200, user, projection);
  };

  const list = async (request: ScimRequest, parameters: ListParameters): Promise<ScimReply> => {
    const prepared = prepareList(USER_TYPE, request, parameters, cursors);
    const { projection, query } = prepared;
    const find = (): Promise<Page<ListedUser>> => users.list(scopeOf(request, projection), query);
    const page = await (matchedUserName(query) === undefined
      ? searches.run(request.context.connection.id, find)
      : find());
    const resources = page.items.map((user) => userToWire(user, projection));
    return { status: 200, body: renderList(prepared.headOf(page), resources) };
  };

  const create = async (request: ScimWriteRequest): Promise<ScimReply> => {
    const projection = unwrap(readProjection(USER_TYPE, request.query));
    const resource = unwrap(
      readResource(USER_TYPE, request.body, { mode: modeOf(request), purpose: 'create' }),
    );
    const user = await users.create(request.context, scopeOf(request, ALL), createUserFromWire(resource));
    const reply = userReply(201, user, projection);
    return { ...reply, headers: { ...reply.headers, Location: userLocation(user.id, request.baseUrl) } };
  };

  const currentOf = (request: ScimRequest, id: string) => () => users.get(scopeOf(request, ALL), id);

  const replace = async (request: ScimWriteRequest, id: string): Promise<ScimReply> => {
    const projection = unwrap(readProjection(USER_TYPE, request.query));
    const resource = unwrap(
      readResource(USER_TYPE, request.body, { mode: modeOf(request), purpose: 'replace' }),
    );
    const version = await expectedVersion(request, knownId(id, 'user.not_found'), currentOf(request, id));
    const user = await users.update(
      request.context,
      scopeOf(request, ALL),
      id,
      replaceUserFromWire(resource),
      version,
    );
    return userReply(200, user, projection);
  };

  const patch = async (request: ScimWriteRequest, id: string): Promise<ScimReply> => {
    const projection = unwrap(readProjection(USER_TYPE, request.query));
    const operations = unwrap(readPatch(USER_TYPE, request.body, { mode: modeOf(request) }));
    const { attributes, teamRoles } = unwrap(splitUserOperations(operations));
    const version = await expectedVersion(request, knownId(id, 'user.not_found'), currentOf(request, id));
    const roles = teamRoles.map(toTeamRoleChange);
    const isActive = activationOnly(attributes);
    const user =
      isActive === undefined
        ? await patchCurrent(request, id, attributes, roles, version)
        : await users.update(
            request.context,
            scopeOf(request, ALL),
            id,
            { isActive, teamRoles: roles },
            version,
          );
    return userReply(200, user, projection);
  };

  /** Applies the operations to the user as it is; when another write comes between, to the user as it then is. */
  const patchCurrent = async (
    request: ScimWriteRequest,
    id: string,
    operations: readonly PatchOperation[],
    teamRoles: readonly TeamRoleChange[],
    version: number | undefined,
  ): Promise<UserDocument> => {
    for (let attempt = 1; ; attempt += 1) {
      const current = await users.get(scopeOf(request, ALL), id);
      if (version !== undefined && current.version !== version)
        throw new DomainError('resource.version_mismatch');
      const before = userToResource(current);
      const after = unwrap(
        applyPatch(USER_TYPE, before, operations, { mode: modeOf(request) }, request.patchWork),
      );
      const changes: UpdateUserInput = {
        ...userChangesFromWire(before, after),
        ...(teamRoles.length > 0 ? { teamRoles } : {}),
      };
      if (Object.keys(changes).length === 0) return current;
      try {
        return await users.update(request.context, scopeOf(request, ALL), id, changes, current.version);
      } catch (error) {
        const isRace = version === undefined && isDomainError(error, 'resource.version_mismatch');
        if (!isRace) throw error;
        if (attempt === PATCH_ATTEMPTS) throw new DomainError('database.busy', { cause: error });
      }
    }
  };

  const remove = async (request: ScimRequest, id: string): Promise<ScimReply> => {
    const version = await expectedVersion(request, knownId(id, 'user.not_found'), currentOf(request, id));
    const isForGood = request.context.connection.settings.onUserDelete === 'remove';
    await users.remove(request.context, id, { expectedVersion: version, isForGood });
    return { status: 204 };
  };

  return { create, read, list, replace, patch, remove };
}

const userReply = (status: number, user: UserDocument, projection: Projection): ScimReply => ({
  status,
  headers: { ETag: etagOf(user) },
  body: userToWire(user, projection),
});

/** The value when all that the operations do is set `active`: the deactivation every IdP sends needs no reading first. */
function activationOnly(operations: readonly PatchOperation[]): boolean | undefined {
  let isActive: boolean | undefined;
  for (const { op, path, value } of operations) {
    if (op === 'remove' || path.isExtension || path.attribute.name !== 'active' || typeof value !== 'boolean')
      return undefined;
    isActive = value;
  }
  return isActive;
}

function toTeamRoleChange(change: WireTeamRoleChange): TeamRoleChange {
  if (change.kind === 'set') return change;
  const { filter, entries } = change;
  return {
    kind: 'reset',
    selects: ({ id, name, roleName }) =>
      (filter === undefined || matchesElement(filter, { teamId: id, teamName: name, roleName })) &&
      (entries === undefined ||
        entries.some(
          (entry) =>
            entry.teamId === id ||
            (entry.teamId === undefined && foldCase(entry.teamName ?? '') === foldCase(name)),
        )),
  };
}
