import type { RequestContext } from '../request-context.js';
import type { OrganizationSettings } from './organization-settings.js';

export interface Organization {
  readonly id: string;
  readonly name: string;
}

export interface OrganizationStore {
  insert(context: RequestContext, organization: Organization): Promise<void>;
  find(id: string): Promise<Organization | undefined>;
  findByName(name: string): Promise<Organization | undefined>;
  list(): Promise<readonly Organization[]>;
  /** `forUpdate`: locked until the end of the transaction. */
  findSettings(
    id: string,
    options?: { readonly forUpdate: boolean },
  ): Promise<OrganizationSettings | undefined>;
  /** Writes what differs, with its audit event; nothing when nothing does. @returns the settings as they are then */
  writeSettings(
    context: RequestContext,
    current: OrganizationSettings,
    next: OrganizationSettings,
  ): Promise<OrganizationSettings>;
  /** Serialises what must hold for the organization as a whole (last admin, seats) until the transaction ends. */
  lock(id: string): Promise<void>;
  /** Whether anybody can administer the organization. */
  hasAdmin(id: string): Promise<boolean>;
}
