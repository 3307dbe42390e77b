import type { ListQuery, Page } from '../../directory/query.js';
import type { Role } from '../../directory/roles/role.js';
import type { RoleService } from '../../directory/roles/role-service.js';
import { GROUP_TYPE, ROLE_TYPE, USER_TYPE, type ResourceType } from '../../directory/schema/index.js';
import type { TeamService } from '../../directory/teams/team-service.js';
import type { TeamRecord } from '../../directory/teams/team.js';
import type { UserService } from '../../directory/users/user-service.js';
import type { ListedUser } from '../../directory/users/user.js';
import type { JsonObject } from '../../kernel/json.js';
import { etagOf } from '../../http/index.js';
import type { ScimRequest } from '../exchange.js';
import { groupLocation } from '../mapping/group-to-wire.js';
import { showsTeams } from '../mapping/user-to-wire.js';
import { ALL, type Projection } from '../projection.js';

/** A resource that a search found. */
export interface SearchHit {
  readonly id: string;
  /** Its text on the wire, as the projection shows it; in pieces when it is large. */
  render(): string | Promise<string | AsyncIterable<string>>;
  /** Its single-valued attributes and what else is at hand, to sort by. */
  toDocument(): JsonObject;
}

/** The resources of one type, as a search over several types reads them. */
export interface SearchSource {
  readonly type: ResourceType;
  list(request: ScimRequest, query: ListQuery, projection: Projection): Promise<Page<SearchHit>>;
}

export interface SearchSourceDependencies {
  readonly users: Pick<UserService, 'list'>;
  readonly teams: Pick<TeamService, 'list'>;
  readonly roles: Pick<RoleService, 'list'>;
  readonly renderUser: (user: ListedUser, projection: Projection) => string;
  /** Reads the members too when the projection shows them. */
  readonly renderGroup: (
    request: ScimRequest,
    team: TeamRecord,
    projection: Projection,
  ) => Promise<string | AsyncIterable<string>>;
  readonly renderRole: (role: Role, baseUrl: string, projection: Projection) => string;
}

/** Users, groups and roles, in the order in which an unsorted search shows them. */
export function createSearchSources(dependencies: SearchSourceDependencies): readonly SearchSource[] {
  const { users, teams, roles, renderUser, renderGroup, renderRole } = dependencies;
  return [
    {
      type: USER_TYPE,
      list: async (request, query, projection) => {
        const scope = { ...scopeOf(request), withTeams: showsTeams(projection) };
        return toHits(await users.list(scope, query), (user) => ({
          id: user.id,
          render: () => renderUser(user, projection),
          toDocument: () => JSON.parse(renderUser(user, ALL)) as JsonObject,
        }));
      },
    },
    {
      type: GROUP_TYPE,
      list: async (request, query, projection) =>
        toHits(await teams.list(scopeOf(request), query), (team) => ({
          id: team.id,
          render: () => renderGroup(request, team, projection),
          toDocument: () => toTeamDocument(team, request.baseUrl),
        })),
    },
    {
      type: ROLE_TYPE,
      list: async (request, query, projection) =>
        toHits(await roles.list(scopeOf(request), query), (role) => ({
          id: role.id,
          render: () => renderRole(role, request.baseUrl, projection),
          toDocument: () => JSON.parse(renderRole(role, request.baseUrl, ALL)) as JsonObject,
        })),
    },
  ];
}

const scopeOf = ({ context, baseUrl }: ScimRequest) => ({
  organizationId: context.organizationId,
  connectionId: context.connection.id,
  baseUrl,
});

const toHits = <Item>(page: Page<Item>, toHit: (item: Item) => SearchHit): Page<SearchHit> => ({
  ...page,
  items: page.items.map(toHit),
});

/** Without the members: reading them to sort by one would cost more than the order is worth. */
const toTeamDocument = (team: TeamRecord, baseUrl: string): JsonObject => ({
  id: team.id,
  externalId: team.externalId,
  displayName: team.displayName,
  meta: {
    resourceType: GROUP_TYPE.name,
    created: team.createdAt,
    lastModified: team.updatedAt,
    location: groupLocation(team.id, baseUrl),
    version: etagOf(team),
  },
});
