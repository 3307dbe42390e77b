import { afterAll, beforeAll } from '@jest/globals';
import type { Filter } from '../../../src/directory/filter/index.js';
import type { KeysetPosition, ListQuery, Page } from '../../../src/directory/query.js';
import type { ResourceType } from '../../../src/directory/schema/index.js';
import type { JsonObject } from '../../../src/kernel/json.js';
import { startServer, type TestOrganization, type TestServer } from '../../support/server.js';
import { populate, type Population } from './population.js';

type Listed = Page<{ readonly id: string }>;

/** A populated organization, its wire resources, and the store's lists of them. */
export interface PopulatedOrganization {
  resources(type: ResourceType): readonly JsonObject[];
  list(type: ResourceType, query: ListQuery): Promise<Listed>;
  /** Ids that SQL selects, sorted. */
  select(type: ResourceType, filter: Filter): Promise<readonly string[]>;
}

/** Fills one organization, beside another that must never show, before the tests of the calling file. */
export function usePopulation(): PopulatedOrganization {
  let server: TestServer | undefined;
  let organization: TestOrganization | undefined;
  let population: Population | undefined;
  beforeAll(async () => {
    server = await startServer();
    await populate(server, await server.organization());
    organization = await server.organization();
    population = await populate(server, organization);
  });
  afterAll(async () => {
    await server?.close();
  });

  const list = (type: ResourceType, query: ListQuery): Promise<Listed> => {
    if (!server || !organization) throw new Error('the server has not started');
    const scope = {
      organizationId: organization.id,
      connectionId: organization.connectionId,
      baseUrl: `${server.baseUrl}/scim/v2`,
    };
    switch (type.name) {
      case 'User':
        return server.services.users.list({ ...scope, withTeams: false }, query);
      case 'Group':
        return server.services.teams.list(scope, query);
      case 'Role':
        return server.services.roles.list(scope, query);
    }
  };
  return {
    list,
    resources(type) {
      if (!population) throw new Error('the organization is empty');
      return { User: population.users, Group: population.groups, Role: population.roles }[type.name];
    },
    async select(type, filter) {
      const page = await list(type, {
        filter,
        sort: undefined,
        window: { kind: 'offset', offset: 0, limit: 1_000 },
      });
      return page.items.map(({ id }) => id).sort();
    },
  };
}

/** Every page of a list, one after the other. */
export async function walk(
  read: (query: ListQuery) => Promise<Listed>,
  query: Pick<ListQuery, 'filter' | 'sort'>,
  kind: 'offset' | 'after',
  limit: number,
): Promise<readonly Listed[]> {
  const pages: Listed[] = [];
  let after: KeysetPosition | undefined;
  for (let offset = 0; ; offset += limit) {
    const window = kind === 'offset' ? { kind, offset, limit } : { kind, after, limit };
    const page = await read({ ...query, window });
    pages.push(page);
    after = page.next;
    const isLast = kind === 'after' ? after === undefined : page.items.length < limit;
    if (isLast) return pages;
  }
}
