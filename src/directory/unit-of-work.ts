import type { ActivityStore } from './activity/activity-store.js';
import type { AccessStore } from './access/access-store.js';
import type { ApiKeyStore } from './api-keys/api-key-store.js';
import type { AuditStore } from './audit/audit-store.js';
import type { IdempotencyStore } from './idempotency/idempotency-store.js';
import type { ConnectionStore } from './connections/connection-store.js';
import type { ForwardAuthStore } from './forward-auth/forward-auth-store.js';
import type { InvitationStore } from './invitations/invitation-store.js';
import type { MailOutboxStore } from './mail/mail-outbox-store.js';
import type { GroupMappingStore } from './mapping-rules/group-mapping-store.js';
import type { MappingRuleStore } from './mapping-rules/mapping-rule-store.js';
import type { SignInAttemptStore } from './local-sign-in/sign-in-attempts.js';
import type { LocalCredentialStore } from './organizations/local-credential-store.js';
import type { OrganizationStore } from './organizations/organization-store.js';
import type { ProjectStore } from './projects/project-store.js';
import type { ProvisioningLogStore } from './provisioning-log/provisioning-log-store.js';
import type { RoleStore } from './roles/role-store.js';
import type { ServiceAccountStore } from './service-accounts/service-account-store.js';
import type { SessionStore } from './sessions/session-store.js';
import type { IdentityStore } from './sign-on/identity-store.js';
import type { SignOnReviewStore } from './sign-on/sign-on-review-store.js';
import type { SignOnStore } from './sign-on/sign-on-store.js';
import type { SsoConnectionStore } from './sign-on/sso-connection-store.js';
import type { SsoDomainStore } from './sign-on/sso-domain-store.js';
import type { SsoFlowStore } from './sign-on/sso-flow-store.js';
import type { ManagedTeamStore } from './teams/managed-team-store.js';
import type { MembershipStore } from './teams/membership-store.js';
import type { TeamStore } from './teams/team-store.js';
import type { UserAccountStore } from './users/user-account-store.js';
import type { UserStore } from './users/user-store.js';

export interface Stores {
  readonly organizations: OrganizationStore;
  readonly connections: ConnectionStore;
  readonly localCredentials: LocalCredentialStore;
  readonly sessions: SessionStore;
  readonly signInAttempts: SignInAttemptStore;
  readonly users: UserStore;
  readonly userAccounts: UserAccountStore;
  readonly teams: TeamStore;
  readonly managedTeams: ManagedTeamStore;
  readonly memberships: MembershipStore;
  readonly roles: RoleStore;
  readonly apiKeys: ApiKeyStore;
  readonly ssoConnections: SsoConnectionStore;
  readonly ssoDomains: SsoDomainStore;
  readonly identities: IdentityStore;
  readonly ssoFlows: SsoFlowStore;
  readonly signOn: SignOnStore;
  readonly signOnReviews: SignOnReviewStore;
  readonly mappingRules: MappingRuleStore;
  readonly groupMapping: GroupMappingStore;
  readonly projects: ProjectStore;
  readonly idempotency: IdempotencyStore;
  readonly mailOutbox: MailOutboxStore;
  readonly invitations: InvitationStore;
  readonly access: AccessStore;
  readonly forwardAuth: ForwardAuthStore;
  readonly serviceAccounts: ServiceAccountStore;
  readonly auditEvents: AuditStore;
  readonly provisioningLog: ProvisioningLogStore;
  readonly activity: ActivityStore;
}

/** The store: single statements on their own, or several in one transaction. */
export interface UnitOfWork {
  /** Each call is a transaction of its own. */
  readonly stores: Stores;
  /** Runs the work in one transaction; again, at most three times, after a deadlock or serialization failure. */
  transaction<T>(work: (stores: Stores) => Promise<T>): Promise<T>;
}

/** The transaction that is open, as a unit of work for services that would open one of their own. */
export const within = (stores: Stores): UnitOfWork => ({ stores, transaction: (work) => work(stores) });
