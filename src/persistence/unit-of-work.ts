import type { Kysely } from 'kysely';
import type { Clock } from '../kernel/clock.js';
import type { Stores, UnitOfWork } from '../directory/unit-of-work.js';
import type { Database } from './database.js';
import { ActivityRepository } from './activity/activity-repository.js';
import { AccessRepository } from './access/access-repository.js';
import { ApiKeyRepository } from './api-keys/api-key-repository.js';
import { AuditEventRepository } from './audit/audit-event-repository.js';
import { ForwardAuthRepository } from './forward-auth/forward-auth-repository.js';
import { IdempotencyRepository } from './idempotency-repository.js';
import { ConnectionRepository } from './connections/connection-repository.js';
import { retryConflicts } from './retry.js';
import { LocalCredentialRepository } from './local-credentials.js';
import { InvitationRepository } from './invitations/invitation-repository.js';
import { MailOutboxRepository } from './mail/mail-outbox-repository.js';
import { OrganizationRepository } from './organizations/organization-repository.js';
import { ProjectRepository } from './projects/project-repository.js';
import { GroupMappingRepository } from './mapping-rules/group-mapping-repository.js';
import { MappingRuleRepository } from './mapping-rules/mapping-rule-repository.js';
import { ProvisioningLogRepository } from './provisioning-log/provisioning-log-repository.js';
import { RoleRepository } from './roles/role-repository.js';
import { ServiceAccountRepository } from './service-accounts/service-account-repository.js';
import { SessionRepository } from './sessions/session-repository.js';
import { SignInAttemptRepository } from './sign-in-attempts.js';
import { IdentityRepository } from './sign-on/identity-repository.js';
import { SignOnRepository } from './sign-on/sign-on-repository.js';
import { SignOnReviewRepository } from './sign-on/sign-on-review-repository.js';
import { SsoConnectionRepository } from './sign-on/sso-connection-repository.js';
import { SsoDomainRepository } from './sign-on/sso-domain-repository.js';
import { SsoFlowRepository } from './sign-on/sso-flow-repository.js';
import { ManagedTeamRepository } from './teams/managed-team-repository.js';
import { MembershipRepository } from './teams/membership-repository.js';
import { TeamRepository } from './teams/team-repository.js';
import { UserAccountRepository } from './users/user-account-repository.js';
import { UserRepository } from './users/user-repository.js';

const storesOn = (db: Kysely<Database>, clock: Clock): Stores => ({
  organizations: new OrganizationRepository(db, clock),
  connections: new ConnectionRepository(db, clock),
  localCredentials: new LocalCredentialRepository(db, clock),
  sessions: new SessionRepository(db, clock),
  signInAttempts: new SignInAttemptRepository(db),
  users: new UserRepository(db, clock),
  userAccounts: new UserAccountRepository(db),
  teams: new TeamRepository(db, clock),
  managedTeams: new ManagedTeamRepository(db, clock),
  memberships: new MembershipRepository(db, clock),
  roles: new RoleRepository(db, clock),
  apiKeys: new ApiKeyRepository(db, clock),
  ssoConnections: new SsoConnectionRepository(db, clock),
  ssoDomains: new SsoDomainRepository(db, clock),
  identities: new IdentityRepository(db, clock),
  ssoFlows: new SsoFlowRepository(db),
  signOn: new SignOnRepository(db, clock),
  signOnReviews: new SignOnReviewRepository(db, clock),
  mappingRules: new MappingRuleRepository(db, clock),
  groupMapping: new GroupMappingRepository(db, clock),
  projects: new ProjectRepository(db, clock),
  idempotency: new IdempotencyRepository(db),
  mailOutbox: new MailOutboxRepository(db, clock),
  invitations: new InvitationRepository(db, clock),
  access: new AccessRepository(db),
  forwardAuth: new ForwardAuthRepository(db),
  serviceAccounts: new ServiceAccountRepository(db),
  auditEvents: new AuditEventRepository(db),
  provisioningLog: new ProvisioningLogRepository(db),
  activity: new ActivityRepository(db),
});

/** The store over one database. */
export function createUnitOfWork(db: Kysely<Database>, clock: Clock): UnitOfWork {
  return {
    stores: storesOn(db, clock),
    transaction: (work) =>
      retryConflicts(() => db.transaction().execute((transaction) => work(storesOn(transaction, clock)))),
  };
}
