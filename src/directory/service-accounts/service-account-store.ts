import type { Page } from '../query.js';
import type { ServiceAccount, ServiceAccountQuery } from './service-account.js';

/** Reads of service accounts; they are written as users. Those that were removed are not there. */
export interface ServiceAccountStore {
  find(organizationId: string, id: string): Promise<ServiceAccount | undefined>;
  list(organizationId: string, query: ServiceAccountQuery): Promise<Page<ServiceAccount>>;
}
