import type { SessionService } from '../directory/sessions/session-service.js';
import type { ConnectionService } from '../directory/connections/connection-service.js';
import type { MappingRuleService } from '../directory/mapping-rules/mapping-rule-service.js';
import type { RoleService } from '../directory/roles/role-service.js';
import type { SamlMetadataReader } from '../directory/sign-on/saml-identity-provider.js';
import type { SignOnReviewService } from '../directory/sign-on/sign-on-review-service.js';
import type { SignOnService } from '../directory/sign-on/sign-on-service.js';
import type { SsoConnectionService } from '../directory/sign-on/sso-connection-service.js';
import type { AccessService } from '../directory/access/access-service.js';
import type { MembershipService } from '../directory/teams/membership-service.js';
import type { TeamManagementService } from '../directory/teams/team-management-service.js';
import type { AttributionService } from '../directory/attributions/attribution-service.js';
import type { ApiKeyService } from '../directory/api-keys/api-key-service.js';
import type { IdempotencyStore } from '../directory/idempotency/idempotency-store.js';
import type { ProjectService } from '../directory/projects/project-service.js';
import type { ServiceAccountService } from '../directory/service-accounts/service-account-service.js';
import type { ProvisioningLog } from '../directory/provisioning-log/provisioning-log.js';
import type { UserAccountService } from '../directory/users/user-account-service.js';
import type { InvitationService } from '../directory/invitations/invitation-service.js';
import type { TeamInvitationService } from '../directory/invitations/team-invitation-service.js';
import type { OrganizationService } from '../directory/organizations/organization-service.js';

/** What routes do their work with. A new route's service is added here, and is there because app.ts has it. */
export interface ApiServices {
  readonly access: AccessService;
  readonly teamManagement: TeamManagementService;
  readonly memberships: MembershipService;
  readonly organizations: OrganizationService;
  readonly accounts: UserAccountService;
  readonly apiKeys: ApiKeyService;
  readonly invitations: InvitationService;
  readonly teamInvitations: TeamInvitationService;
  readonly sessions: SessionService;
  readonly projects: ProjectService;
  readonly serviceAccounts: ServiceAccountService;
  readonly attributions: AttributionService;
  readonly idempotency: IdempotencyStore;
  readonly connections: ConnectionService;
  readonly ssoConnections: SsoConnectionService;
  readonly samlMetadata: SamlMetadataReader;
  readonly signOn: SignOnService;
  readonly signOnReviews: SignOnReviewService;
  readonly mappingRules: MappingRuleService;
  readonly provisioningLog: ProvisioningLog;
  readonly roles: RoleService;
}
