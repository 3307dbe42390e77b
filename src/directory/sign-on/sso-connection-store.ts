import type { IdWindow, Page } from '../query.js';
import type { RequestContext } from '../request-context.js';
import type { SsoConnection } from './sso-connection.js';

export interface StoredSsoConnection {
  readonly connection: SsoConnection;
  /** Encrypted; undefined without secrets. */
  readonly sealedSecrets: string | undefined;
}

/** Reads and writes of SsoConnections. Every write and its audit event travel together. */
export interface SsoConnectionStore {
  list(organizationId: string): Promise<readonly SsoConnection[]>;
  page(organizationId: string, window: IdWindow): Promise<Page<SsoConnection>>;
  /** Inside a transaction the connection is locked until its end. */
  find(organizationId: string, id: string): Promise<StoredSsoConnection | undefined>;
  /** The only lookup by id that is not bound to an organization: the id stands in an address and names it. */
  findAnywhere(id: string): Promise<StoredSsoConnection | undefined>;
  findByName(organizationId: string, name: string): Promise<StoredSsoConnection | undefined>;
  /** The enabled connection for which this domain is verified, in whichever organization. */
  findByDomain(domain: string): Promise<SsoConnection | undefined>;
  /** Enabled connections that the environment configures, in whichever organization. */
  listOffered(): Promise<readonly SsoConnection[]>;
  /** @throws DomainError sso_connection.name_taken, connection.not_found for the paired one */
  /** @throws DomainError sso_connection.name_taken */
  insert(context: RequestContext, stored: StoredSsoConnection): Promise<void>;
  /** Writes everything of the connection, whose version the caller has raised. @throws as insert */
  update(context: RequestContext, before: SsoConnection, stored: StoredSsoConnection): Promise<void>;
  /**
   * Takes the connection with its domains, identities, reviews, rules and sessions; memberships that it made become
   * ordinary ones.
   */
  delete(context: RequestContext, connection: SsoConnection): Promise<void>;
}
