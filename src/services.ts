import type { ApiServices } from './api/index.js';
import { readOrCreateSecretKey, type Config } from './config/index.js';
import { ActiveUsers } from './directory/activity/active-users.js';
import { ActivityRecorder } from './directory/activity/activity-recorder.js';
import { AccessSearch } from './directory/access/access-search.js';
import { AccessService } from './directory/access/access-service.js';
import { ApiKeyService } from './directory/api-keys/api-key-service.js';
import { InvitationAcceptance } from './directory/invitations/invitation-acceptance.js';
import { InvitationService } from './directory/invitations/invitation-service.js';
import { TeamInvitationService } from './directory/invitations/team-invitation-service.js';
import { LinkIssuer } from './directory/invitations/issue-link.js';
import { MailOutbox } from './directory/mail/mail-outbox.js';
import { ForwardAuthService } from './directory/forward-auth/forward-auth-service.js';
import { AttributionService } from './directory/attributions/attribution-service.js';
import { AuditService } from './directory/audit/audit-service.js';
import { ConnectionService } from './directory/connections/connection-service.js';
import { TokenVerifier } from './directory/connections/token-verifier.js';
import { ProjectService } from './directory/projects/project-service.js';
import { ProvisioningLog } from './directory/provisioning-log/provisioning-log.js';
import { OrganizationService } from './directory/organizations/organization-service.js';
import { AccountService } from './directory/account/account-service.js';
import { LocalSignInService } from './directory/local-sign-in/local-sign-in-service.js';
import { PasswordResetService } from './directory/local-sign-in/password-reset-service.js';
import { RestoreAdminService } from './directory/local-sign-in/restore-admin-service.js';
import { RoleService } from './directory/roles/role-service.js';
import { ServiceAccountService } from './directory/service-accounts/service-account-service.js';
import { SessionService } from './directory/sessions/session-service.js';
import { SetupService } from './directory/setup/setup-service.js';
import { MappingRuns } from './directory/mapping-rules/mapping-runs.js';
import { MappingRuleService } from './directory/mapping-rules/mapping-rule-service.js';
import { SignOnReviewService } from './directory/sign-on/sign-on-review-service.js';
import { SingleLogoutService } from './directory/sign-on/single-logout-service.js';
import { SignOnService } from './directory/sign-on/sign-on-service.js';
import { SsoConnectionService } from './directory/sign-on/sso-connection-service.js';
import { SsoDomainService } from './directory/sign-on/sso-domain-service.js';
import { SsoFlowService } from './directory/sign-on/sso-flow-service.js';
import { MembershipService } from './directory/teams/membership-service.js';
import { TeamManagementService } from './directory/teams/team-management-service.js';
import { TeamService } from './directory/teams/team-service.js';
import type { UnitOfWork } from './directory/unit-of-work.js';
import { UserAccountService } from './directory/users/user-account-service.js';
import { SeatService } from './directory/users/seat-service.js';
import { UserService } from './directory/users/user-service.js';
import {
  createOutboundFetch,
  createTxtResolver,
  isLoopbackHost,
  type OutboundPolicy,
  type ResolveTxt,
} from './http/index.js';
import type { Clock } from './kernel/clock.js';
import { Sealer } from './kernel/encryption.js';
import { createUnitOfWork, type DatabaseConnection } from './persistence/index.js';
import { createSamlKeys, IdpMetadataReader } from './sso/saml/index.js';

/** The services behind every surface, for the command line and for tests as well. */
export interface Services extends ApiServices {
  readonly unitOfWork: UnitOfWork;
  readonly activity: ActivityRecorder;
  readonly users: UserService;
  readonly teams: TeamService;
  readonly roles: RoleService;
  readonly projects: ProjectService;
  readonly access: AccessService;
  readonly accessSearch: AccessSearch;
  readonly forwardAuth: ForwardAuthService;
  readonly serviceAccounts: ServiceAccountService;
  readonly attributions: AttributionService;
  readonly connections: ConnectionService;
  readonly setup: SetupService;
  readonly verifier: TokenVerifier;
  readonly sessions: SessionService;
  readonly localSignIn: LocalSignInService;
  readonly restoreAdmin: RestoreAdminService;
  readonly account: AccountService;
  readonly ssoConnections: SsoConnectionService;
  readonly ssoFlows: SsoFlowService;
  readonly singleLogout: SingleLogoutService;
  readonly samlMetadata: IdpMetadataReader;
  readonly mailOutbox: MailOutbox;
  readonly acceptance: InvitationAcceptance;
  readonly signOn: SignOnService;
  readonly signOnReviews: SignOnReviewService;
  readonly mappingRules: MappingRuleService;
  readonly mappingRuns: MappingRuns;
}

/** What lies outside of this server and its database; tests put something else in its place. */
export interface Outside {
  readonly resolveTxt: ResolveTxt;
}

/** Built once in each process, which by then holds DATA_DIR where there is one to hold. */
export function createServices(
  database: DatabaseConnection,
  clock: Clock,
  config: Config,
  outside: Outside = { resolveTxt: createTxtResolver() },
): Services {
  const { seatLimits, signIn } = config;
  const unitOfWork = createUnitOfWork(database.db, clock);
  const connections = new ConnectionService({ unitOfWork, clock });
  const verifier = new TokenVerifier({ unitOfWork, clock });
  const setup = new SetupService({ unitOfWork, clock });
  const activity = new ActivityRecorder({ unitOfWork, clock });
  const sessions = new SessionService({ unitOfWork, clock, lengthHours: signIn.sessionLength, activity });
  const mailOutbox = new MailOutbox({
    clock,
    sealer: new Sealer(findSecretKey(config), 'mail'),
    isConfigured: config.mail !== undefined,
  });
  const links = new LinkIssuer({ mailOutbox, clock, publicUrl: config.http.publicUrl });
  const ssoSealer = new Sealer(findSecretKey(config), 'sso');
  const users = new UserService({ unitOfWork, clock, seatLimits });
  const apiKeys = new ApiKeyService({ unitOfWork, clock, activity });
  const accessPolicy = { mayMembersCreateTeams: config.teams.mayMembersCreate };
  const access = new AccessService({ unitOfWork, clock, policy: accessPolicy });
  return {
    unitOfWork,
    activity,
    activeUsers: new ActiveUsers({ unitOfWork }),
    users,
    accounts: new UserAccountService({ unitOfWork, clock, users }),
    teams: new TeamService({ unitOfWork, clock }),
    roles: new RoleService({ unitOfWork, clock }),
    provisioningLog: new ProvisioningLog({ unitOfWork, clock, retentionDays: config.scim.logDays }),
    audit: new AuditService({ unitOfWork }),
    seats: new SeatService({ unitOfWork, seatLimits }),
    projects: new ProjectService({ unitOfWork, clock }),
    access,
    serviceAccounts: new ServiceAccountService({ unitOfWork, users }),
    attributions: new AttributionService({ unitOfWork, clock }),
    accessSearch: new AccessSearch({ unitOfWork, clock, policy: accessPolicy, access }),
    teamManagement: new TeamManagementService({
      unitOfWork,
      clock,
      mayAdminsJoinTeams: config.teams.mayAdminsJoin,
    }),
    memberships: new MembershipService({
      unitOfWork,
      clock,
      access,
      mayAdminsJoinTeams: config.teams.mayAdminsJoin,
    }),
    connections,
    setup,
    verifier,
    idempotency: unitOfWork.stores.idempotency,
    organizations: new OrganizationService({ unitOfWork }),
    apiKeys,
    forwardAuth: new ForwardAuthService({ unitOfWork, sessions, apiKeys }),
    ssoConnections: new SsoConnectionService({
      unitOfWork,
      clock,
      sealer: ssoSealer,
      createSamlKeys: () => createSamlKeys(clock),
    }),
    sessions,
    localSignIn: new LocalSignInService({ unitOfWork, clock, sessions }),
    restoreAdmin: new RestoreAdminService({ unitOfWork, clock, setup, users, sessions }),
    passwordResets: new PasswordResetService({
      unitOfWork,
      clock,
      sessions,
      mailOutbox,
      publicUrl: config.http.publicUrl,
    }),
    account: new AccountService({ unitOfWork, clock, sessions }),
    ssoDomains: new SsoDomainService({ unitOfWork, clock, resolveTxt: outside.resolveTxt }),
    ssoFlows: new SsoFlowService({ unitOfWork, clock, sealer: ssoSealer }),
    singleLogout: new SingleLogoutService({ unitOfWork, sessions }),
    samlMetadata: new IdpMetadataReader(createOutboundFetch(outboundPolicy(config))),
    mailOutbox,
    invitations: new InvitationService({ unitOfWork, clock, links, seatLimits }),
    teamInvitations: new TeamInvitationService({
      unitOfWork,
      clock,
      links,
      seatLimits,
      access,
      mayAdminsJoinTeams: config.teams.mayAdminsJoin,
    }),
    acceptance: new InvitationAcceptance({
      unitOfWork,
      clock,
      seatLimits,
      isLocalAllowed: signIn.isLocalAllowed,
    }),
    signOnReviews: new SignOnReviewService({ unitOfWork }),
    mappingRules: new MappingRuleService({ unitOfWork, clock, verifier }),
    mappingRuns: new MappingRuns({ unitOfWork, clock }),
    signOn: new SignOnService({ unitOfWork, clock, seatLimits, switches: config.sso }),
  };
}

/** The caller holds DATA_DIR. */
export const findSecretKey = (config: Config): string =>
  config.secretKey ?? readOrCreateSecretKey(config.dataDir);

/** Bytes and milliseconds that an answer of an identity provider may have. */
const PROVIDER_ANSWER = { maxBytes: 1_048_576, timeoutMs: 10_000 };

/** A server that is on loopback itself is being tried out, and so may its identity provider be. */
export const outboundPolicy = ({ http, sso }: Config): OutboundPolicy => ({
  ...PROVIDER_ANSWER,
  allowsLoopback: isLoopbackHost(new URL(http.publicUrl).hostname),
  allowsPrivate: sso.allowsPrivateProviders,
});
