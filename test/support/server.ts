import type { ConnectionSettings } from '../../src/directory/connections/connection.js';
import type { ScimClient } from './scim-client.js';

/** A composed Rollcall listening on a loopback port, on its own database. */
export interface TestServer {
  /** `http://127.0.0.1:PORT`, also its PUBLIC_URL. */
  readonly baseUrl: string;
  /** A fresh organization with one active admin (userName `root-admin@example.com`) and one connection with a token. */
  organization(settings?: Partial<ConnectionSettings>): Promise<TestOrganization>;
  close(): Promise<void>;
}

export interface TestOrganization {
  readonly id: string;
  readonly adminId: string;
  readonly connectionId: string;
  readonly token: string;
  /** Speaks to `/scim/v2` with the token. */
  readonly scim: ScimClient;
  /** Another connection of the same organization. */
  connection(settings?: Partial<ConnectionSettings>): Promise<{ id: string; token: string; scim: ScimClient }>;
}

export interface TestServerOptions {
  /** Extra environment, for example `{ SEAT_LIMIT: '3' }`. */
  readonly env?: Record<string, string>;
}

/** Starts the product as composed by src/app.ts on the database chosen by TEST_DATABASE (pglite or postgres). */
export declare function startServer(options?: TestServerOptions): Promise<TestServer>;
