import type { RequestContext } from '../request-context.js';

export interface Organization {
  readonly id: string;
  readonly name: string;
}

export interface OrganizationStore {
  insert(context: RequestContext, organization: Organization): Promise<void>;
  find(id: string): Promise<Organization | undefined>;
  findByName(name: string): Promise<Organization | undefined>;
  list(): Promise<readonly Organization[]>;
  /** Serialises what must hold for the organization as a whole (last admin, seats) until the transaction ends. */
  lock(id: string): Promise<void>;
  /** Whether anybody can administer the organization. */
  hasAdmin(id: string): Promise<boolean>;
}
