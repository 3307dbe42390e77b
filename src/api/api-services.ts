import type { ApiKeyService } from '../directory/api-keys/api-key-service.js';
import type { IdempotencyStore } from '../directory/idempotency/idempotency-store.js';
import type { UserAccountService } from '../directory/users/user-account-service.js';
import type { OrganizationService } from '../directory/organizations/organization-service.js';

/** What routes do their work with. A new route's service is added here, and is there because app.ts has it. */
export interface ApiServices {
  readonly organizations: OrganizationService;
  readonly accounts: UserAccountService;
  readonly apiKeys: ApiKeyService;
  readonly idempotency: IdempotencyStore;
}
