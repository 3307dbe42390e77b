import { afterAll, beforeAll } from '@jest/globals';
import type { ConnectionSettings } from '../../../src/directory/connections/connection.js';
import { connectPostgres } from '../../../src/persistence/index.js';
import { ApiClient } from '../../support/api-client.js';
import { createDatabase, type TestDatabase } from '../../support/database.js';
import { ScimClient, type Reply } from '../../support/scim-client.js';
import { startServer, type TestOrganization, type TestServer } from '../../support/server.js';

const POOL_SIZE = 8;

/** Two servers on one database, as behind a load balancer. */
export interface Replicas {
  readonly servers: readonly [TestServer, TestServer];
  /** A fresh organization and a client of each server with its token. */
  organization(
    settings?: Partial<ConnectionSettings>,
  ): Promise<TestOrganization & { readonly clients: readonly [ScimClient, ScimClient] }>;
  /** Speaks to `/api/v1` of each server with one fresh key of a user: the admin unless given. */
  apis(organization: TestOrganization, userId?: string): Promise<readonly [ApiClient, ApiClient]>;
}

/** Another pool on the same database. */
const connectAgain = ({ url = '' }: TestDatabase): TestDatabase => {
  const connection = connectPostgres({ url, poolSize: POOL_SIZE, onIdleError: () => undefined });
  return { connection, url, close: () => connection.close() };
};

/** Starts the servers before the tests of the calling block and closes them after it. The result reads them. */
export function useReplicas(env: Record<string, string> = {}): () => Replicas {
  let replicas: Replicas | undefined;
  const databases: TestDatabase[] = [];
  beforeAll(async () => {
    const database = await createDatabase(POOL_SIZE);
    databases.push(connectAgain(database), database);
    const [second] = databases as [TestDatabase];
    const servers = [
      await startServer({ database, env }),
      await startServer({ database: second, env }),
    ] as const;
    replicas = {
      servers,
      organization: async (settings) => {
        const organization = await servers[0].organization(settings);
        const { token } = organization;
        const clients = [organization.scim, new ScimClient(`${servers[1].baseUrl}/scim/v2`, token)] as const;
        return { ...organization, clients };
      },
      apis: async (organization, userId) => {
        const api = await organization.api(userId);
        return [api, new ApiClient(`${servers[1].baseUrl}/api/v1`, api.token)];
      },
    };
  });
  afterAll(async () => {
    for (const server of replicas?.servers ?? []) await server.close();
    for (const database of databases) await database.close();
  });
  return () => {
    if (!replicas) throw new Error('the servers have not started');
    return replicas;
  };
}

/** Sends all requests at once, in turn to one client and the other. */
export const atOnce = <T>(
  clients: readonly [ScimClient, ScimClient],
  items: readonly T[],
  send: (client: ScimClient, item: T) => Promise<Reply>,
): Promise<readonly Reply[]> =>
  Promise.all(items.map((item, index) => send(index % 2 === 0 ? clients[0] : clients[1], item)));

/** How many answers had each status. */
export function tally(replies: readonly Reply[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of replies) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** Does the same once after the other, because a race shows itself only now and then. */
export async function repeat(times: number, work: (round: number) => Promise<void>): Promise<void> {
  for (let round = 1; round <= times; round += 1) await work(round);
}

/** `0, 1, …, count - 1` */
export const range = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);
