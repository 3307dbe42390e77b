import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createApp, createServices, type Outside, type Services } from '../../src/app.js';
import { loadConfig, type Config } from '../../src/config/index.js';
import type { ConnectionSettings } from '../../src/directory/connections/connection.js';
import type { RequestContext } from '../../src/directory/request-context.js';
import { listen } from '../../src/http/index.js';
import { systemClock, type Clock } from '../../src/kernel/clock.js';
import { createLogger } from '../../src/observability/index.js';
import { API_KEY_SCOPES, type ApiKeyScope } from '../../src/directory/principals/index.js';
import { ApiClient } from './api-client.js';
import { createDatabase, type TestDatabase } from './database.js';
import { ScimClient } from './scim-client.js';

/** A composed Rollcall listening on a loopback port, on its own database. */
export interface TestServer {
  /** `http://127.0.0.1:PORT`, also its PUBLIC_URL. */
  readonly baseUrl: string;
  readonly services: Services;
  readonly database: TestDatabase;
  /** A fresh organization with one active admin (userName `root-admin@example.com`) and one connection with a token. */
  organization(settings?: Partial<ConnectionSettings>): Promise<TestOrganization>;
  close(): Promise<void>;
}

export interface TestConnection {
  readonly id: string;
  readonly token: string;
  readonly tokenId: string;
  /** Speaks to `/scim/v2` with the token. */
  readonly scim: ScimClient;
}

export interface TestOrganization {
  readonly id: string;
  readonly adminId: string;
  readonly connectionId: string;
  readonly token: string;
  /** Speaks to `/scim/v2` with the token. */
  readonly scim: ScimClient;
  readonly context: RequestContext;
  /** Speaks to `/api/v1` with a fresh key of a user: the admin unless given, every scope unless given. */
  api(userId?: string, scopes?: readonly ApiKeyScope[]): Promise<ApiClient>;
  /** Another connection of the same organization. */
  connection(settings?: Partial<ConnectionSettings>): Promise<TestConnection>;
}

export interface TestServerOptions {
  /** Extra environment, for example `{ SEAT_LIMIT: '3' }`. */
  readonly env?: Record<string, string>;
  readonly clock?: Clock;
  /** What stands in for the world outside, such as the DNS. */
  readonly outside?: Outside;
  /** A database that other servers share, as replicas do. */
  readonly database?: TestDatabase;
  /** Takes the lines of the log, from `warn` on. */
  readonly log?: { write(line: string): void };
}

const installation = { version: '0.0.0-test', directory: join(import.meta.dirname, '../..') };

const ENVIRONMENT = {
  SECRET_KEY: 'a secret key for tests, thirty-two characters or more',
  SCIM_RATE_LIMIT: '0',
  API_RATE_LIMIT: '0',
  LOG_LEVEL: 'silent',
};

/** The configuration of a test server. @throws when `env` is not acceptable */
export function readConfig(env: Readonly<Record<string, string>> = {}): Config {
  const config = loadConfig({ ...ENVIRONMENT, ...env });
  if (config.ok) return config.value;
  throw new Error(config.error.map(({ variable, message }) => `${variable} ${message}`).join('; '));
}

/** Starts the product as composed by src/app.ts on the database chosen by TEST_DATABASE (pglite or postgres). */
export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  const database = options.database ?? (await createDatabase());
  const clock = options.clock ?? systemClock;
  const placeholder = await listen((_request, response) => response.end(), { host: '127.0.0.1', port: 0 });
  const { port } = placeholder;
  await placeholder.close();
  const baseUrl = `http://127.0.0.1:${port}`;
  const config = readConfig({ PUBLIC_URL: baseUrl, ...options.env });
  const logger = options.log ? createLogger('warn', options.log) : createLogger(config.logLevel);
  const services = createServices(database.connection, clock, config, options.outside);
  const app = createApp(config, {
    database: database.connection,
    services,
    clock,
    logger,
    installation,
  });
  const server = await listen(app.handler, { host: '127.0.0.1', port });
  app.startWork();
  return {
    baseUrl,
    services,
    database,
    organization: (settings) => createOrganization(services, baseUrl, settings),
    close: async () => {
      await server.close(2_000);
      await app.stopWork();
      if (!options.database) await database.close();
    },
  };
}

async function createOrganization(
  services: Services,
  baseUrl: string,
  settings: Partial<ConnectionSettings> = {},
): Promise<TestOrganization> {
  const organization = await services.setup.ensureOrganization(
    { kind: 'system', id: 'cli' },
    `org-${randomUUID()}`,
  );
  const context: RequestContext = {
    organizationId: organization.id,
    actor: { kind: 'system', id: 'cli' },
    requestId: 'test',
    sourceAddress: undefined,
  };
  const adminId = await createAdmin(services, context);
  const connect = async (name: string, chosen: Partial<ConnectionSettings>): Promise<TestConnection> => {
    const { id } = await services.connections.create(context, name, chosen);
    const token = await services.connections.issueToken(context, id, { kind: 'bearer', name: 'test' });
    return {
      id,
      token: token.secret,
      tokenId: token.id,
      scim: new ScimClient(`${baseUrl}/scim/v2`, token.secret),
    };
  };
  const first = await connect('first', settings);
  return {
    id: organization.id,
    adminId,
    connectionId: first.id,
    token: first.token,
    scim: first.scim,
    context,
    api: async (userId = adminId, scopes = API_KEY_SCOPES) => {
      const input = { name: 'test', scopes, expiresAt: undefined };
      const { secret } = await services.apiKeys.issue(context, userId, input);
      return new ApiClient(`${baseUrl}/api/v1`, secret);
    },
    connection: (more = {}) => connect(`connection-${randomUUID()}`, more),
  };
}

async function createAdmin(services: Services, context: RequestContext): Promise<string> {
  const scope = { organizationId: context.organizationId, connectionId: undefined, baseUrl: '' };
  const userName = 'root-admin@example.com';
  const admin = await services.users.create(context, scope, {
    profile: {
      userName,
      externalId: undefined,
      core: { userName, emails: [{ value: userName, type: 'work', primary: true }] },
      enterprise: undefined,
      managerId: undefined,
    },
    isActive: true,
    organizationRole: 'admin',
    seat: undefined,
    accountType: 'USER',
    defaultTeam: undefined,
    teamRoles: [],
  });
  return admin.id;
}
