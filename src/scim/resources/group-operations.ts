import { DomainError } from '../../kernel/errors.js';
import { isJsonObject, type JsonObject } from '../../kernel/json.js';
import { GROUP_TYPE, GROUP_URN } from '../../directory/schema/index.js';
import type { TeamService } from '../../directory/teams/team-service.js';
import type { TeamRecord, UpdateTeamInput } from '../../directory/teams/team.js';
import type { TeamReadScope } from '../../directory/teams/team-store.js';
import { etagOf } from '../../http/index.js';
import type { ScimReply, ScimRequest, ScimWriteRequest } from '../exchange.js';
import type { CursorCodec } from '../list/cursor.js';
import type { ListParameters } from '../list/list-request.js';
import { renderList, streamList } from '../list/list-response.js';
import { prepareList } from '../list/run-list.js';
import { groupLocation, groupToWire, showsMembers } from '../mapping/group-to-wire.js';
import {
  applyPatch,
  readPatch,
  PatchWork,
  splitGroupOperations,
  type PatchOperation,
} from '../patch/index.js';
import { assertIfMatch, expectedVersion, isNotModified } from '../preconditions.js';
import { asksForProjection, readProjection, type Projection } from '../projection.js';
import { readResource } from '../resource/index.js';
import { unwrap } from '../unwrap.js';
import { knownId, modeOf } from './request-parts.js';
import type { ResourceOperations } from './resource-operations.js';

/** `/Groups` plus what a root search needs of it. */
export interface GroupOperations extends ResourceOperations {
  /** One team on the wire, its members read when the projection shows them. */
  render(
    request: ScimRequest,
    team: TeamRecord,
    projection: Projection,
  ): Promise<string | AsyncIterable<string>>;
}

/** `/Groups` (RFC 7644 section 3): a group is a team; members are read and changed without ever loading the rest. */
export function createGroupOperations(teams: TeamService, cursors: CursorCodec): GroupOperations {
  const scopeOf = (request: ScimRequest): TeamReadScope => ({
    organizationId: request.context.organizationId,
    connectionId: request.context.connection.id,
    baseUrl: request.baseUrl,
  });

  const readMembersOf = (request: ScimRequest) => (ids: readonly string[]) =>
    teams.members(request.context.organizationId, ids);

  const findWithMembers = async (request: ScimRequest, id: string, projection: Projection) =>
    showsMembers(projection)
      ? teams.getWithMemberIds(scopeOf(request), id)
      : { team: await teams.get(scopeOf(request), id), memberIds: undefined };

  const replyWith = async (
    status: number,
    request: ScimRequest,
    id: string,
    projection: Projection,
  ): Promise<ScimReply> => {
    const { team, memberIds } = await findWithMembers(request, id, projection);
    const members = { ids: memberIds, read: readMembersOf(request) };
    return {
      status,
      headers: { ETag: etagOf(team) },
      body: await groupToWire(team, members, request.baseUrl, projection),
    };
  };

  const read = async (request: ScimRequest, id: string): Promise<ScimReply> => {
    const projection = unwrap(readProjection(GROUP_TYPE, request.query));
    if (request.ifNoneMatch !== undefined || request.ifMatch !== undefined) {
      const team = await teams.get(scopeOf(request), knownId(id, 'team.not_found'));
      assertIfMatch(request, team);
      if (isNotModified(request, team)) return { status: 304, headers: { ETag: etagOf(team) } };
    }
    return replyWith(200, request, knownId(id, 'team.not_found'), projection);
  };

  const render = async (
    request: ScimRequest,
    team: TeamRecord,
    projection: Projection,
  ): Promise<string | AsyncIterable<string>> => {
    const found = showsMembers(projection)
      ? await findUnlessGone(() => teams.getWithMemberIds(scopeOf(request), team.id))
      : undefined;
    const members = { ids: found?.memberIds, read: readMembersOf(request) };
    return groupToWire(found?.team ?? team, members, request.baseUrl, projection);
  };

  const list = async (request: ScimRequest, parameters: ListParameters): Promise<ScimReply> => {
    const prepared = prepareList(GROUP_TYPE, request, parameters, cursors);
    const page = await teams.list(scopeOf(request), prepared.query);
    const head = prepared.headOf(page);
    const { projection } = prepared;
    if (showsMembers(projection) && page.items.length > 0)
      return {
        status: 200,
        body: streamList(head, page.items, (team) => render(request, team, projection)),
      };
    const groups = await Promise.all(page.items.map((team) => render(request, team, projection)));
    return { status: 200, body: renderList(head, groups as readonly string[]) };
  };

  const create = async (request: ScimWriteRequest): Promise<ScimReply> => {
    const projection = unwrap(readProjection(GROUP_TYPE, request.query));
    const resource = unwrap(
      readResource(GROUP_TYPE, request.body, { mode: modeOf(request), purpose: 'create' }),
    );
    const team = await teams.create(request.context, scopeOf(request), {
      displayName: displayNameOf(resource),
      externalId: externalIdOf(resource),
      memberIds: memberIdsOf(resource),
    });
    const reply = await replyWith(201, request, team.id, projection);
    return { ...reply, headers: { ...reply.headers, Location: groupLocation(team.id, request.baseUrl) } };
  };

  const currentOf = (request: ScimRequest, id: string) => () => teams.get(scopeOf(request), id);

  const replace = async (request: ScimWriteRequest, id: string): Promise<ScimReply> => {
    const projection = unwrap(readProjection(GROUP_TYPE, request.query));
    const resource = unwrap(
      readResource(GROUP_TYPE, request.body, { mode: modeOf(request), purpose: 'replace' }),
    );
    const version = await expectedVersion(request, knownId(id, 'team.not_found'), currentOf(request, id));
    const input: UpdateTeamInput = {
      displayName: displayNameOf(resource),
      externalId: externalIdOf(resource) ?? null,
      members: [{ kind: 'replace', ids: memberIdsOf(resource) }],
    };
    await teams.update(request.context, scopeOf(request), id, input, version);
    return replyWith(200, request, id, projection);
  };

  const patch = async (request: ScimWriteRequest, id: string): Promise<ScimReply> => {
    const projection = unwrap(readProjection(GROUP_TYPE, request.query));
    const operations = unwrap(readPatch(GROUP_TYPE, request.body, { mode: modeOf(request) }));
    const { attributes, members } = unwrap(splitGroupOperations(operations));
    const selections = members.filter(({ kind }) => kind === 'removeWhere').length;
    unwrap((request.patchWork ?? new PatchWork()).select(selections));
    const version = await expectedVersion(request, knownId(id, 'team.not_found'), currentOf(request, id));
    const changes = attributes.length > 0 ? await attributeChanges(request, id, attributes) : {};
    const team = await teams.update(request.context, scopeOf(request), id, { ...changes, members }, version);
    if (asksForProjection(request.query)) return replyWith(200, request, id, projection);
    return { status: 204, headers: { ETag: etagOf(team) } };
  };

  const attributeChanges = async (
    request: ScimWriteRequest,
    id: string,
    operations: readonly PatchOperation[],
  ): Promise<UpdateTeamInput> => {
    const current = await teams.get(scopeOf(request), id);
    const before: JsonObject = {
      schemas: [GROUP_URN],
      displayName: current.displayName,
      ...(current.externalId === undefined ? {} : { externalId: current.externalId }),
    };
    const after = unwrap(
      applyPatch(GROUP_TYPE, before, operations, { mode: modeOf(request) }, request.patchWork),
    );
    const displayName = displayNameOf(after);
    const externalId = externalIdOf(after);
    return {
      ...(displayName === current.displayName ? {} : { displayName }),
      ...(externalId === current.externalId ? {} : { externalId: externalId ?? null }),
    };
  };

  const remove = async (request: ScimRequest, id: string): Promise<ScimReply> => {
    const version = await expectedVersion(request, knownId(id, 'team.not_found'), currentOf(request, id));
    await teams.archive(request.context, id, version);
    return { status: 204 };
  };

  return { create, read, list, replace, patch, remove, render };
}

const displayNameOf = (resource: JsonObject): string =>
  typeof resource['displayName'] === 'string' ? resource['displayName'] : '';

const externalIdOf = (resource: JsonObject): string | undefined =>
  typeof resource['externalId'] === 'string' ? resource['externalId'] : undefined;

function memberIdsOf(resource: JsonObject): readonly string[] {
  const { members } = resource;
  if (!Array.isArray(members)) return [];
  const ids = members.flatMap((member) =>
    isJsonObject(member) && typeof member['value'] === 'string' ? [member['value']] : [],
  );
  return [...new Set(ids)];
}

/** A team archived between the page and its members is shown as the page found it. */
async function findUnlessGone<T>(find: () => Promise<T>): Promise<T | undefined> {
  try {
    return await find();
  } catch (error) {
    if (error instanceof DomainError && error.kind === 'not_found') return undefined;
    throw error;
  }
}
