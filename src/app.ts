import express, { type Express } from 'express';
import { createAccessRouter } from './access/index.js';
import { API_ROUTES, createApiRouter, type ApiServices } from './api/index.js';
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
import { MappingWorker } from './directory/mapping-rules/mapping-worker.js';
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
import { createForwardAuthRouter } from './forward-auth/index.js';
import {
  AttemptLimiter,
  ConcurrencyLimiter,
  createClientAddress,
  createOutboundFetch,
  createTxtResolver,
  isLoopbackHost,
  RateLimiter,
  sessionCookie,
  setBaseHeaders,
  type ConcurrencyLimits,
  type OutboundPolicy,
  type ResolveTxt,
} from './http/index.js';
import type { Clock } from './kernel/clock.js';
import { Sealer } from './kernel/encryption.js';
import { MailWorker, SmtpSender } from './mail/index.js';
import { createOAuthRouter } from './oauth/index.js';
import {
  answerHealthz,
  answerMetrics,
  createMetrics,
  createReadyz,
  type Logger,
  type Metrics,
} from './observability/index.js';
import { createUnitOfWork, type DatabaseConnection } from './persistence/index.js';
import { answerUncaught, answerUnknownAddress, siteOf } from './pages/index.js';
import { createScimRouter } from './scim/index.js';
import {
  createSamlKeys,
  createSamlRouter,
  createSamlSurface,
  IdpMetadataDirectory,
  IdpMetadataReader,
  samlLogoutUrl,
} from './sso/saml/index.js';
import { createOidcRouter, createOidcSurface, providerLogoutUrl } from './sso/oidc/index.js';
import { createSignInRouter, type HomeRealms } from './sso/sign-in/index.js';
import { createInvitationRouter, createWebRouter } from './web/index.js';

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

/** What the application is made from beside its configuration. */
export interface AppParts {
  readonly database: DatabaseConnection;
  readonly services: Services;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly installation: Installation;
}

/** The release that runs, and where its files are. */
export interface Installation {
  readonly version: string;
  /** Absolute path of the directory with package.json, openapi.yaml and docs/. */
  readonly directory: string;
}

/** The server, composed and not yet listening. */
export interface App {
  readonly handler: Express;
  readonly metrics: Metrics;
  /** Begins what the process does besides answering: sending mails, writing the provisioning log and who was active. */
  startWork(): void;
  /** Ends it; what is under way is finished, or left for another process. */
  stopWork(): Promise<void>;
  /** From now on GET /readyz answers 503, so that load balancers send nobody any more. */
  startClosing(): void;
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

/** The composition root: every part is built here and handed what it needs, nothing reaches for anything itself. */
export function createApp(config: Config, parts: AppParts): App {
  const { database, services, clock, logger, installation } = parts;
  const { publicUrl, trustProxy } = config.http;
  const metrics = createMetrics();
  const clientAddress = createClientAddress(trustProxy);
  const attempts = new AttemptLimiter(clock);
  const cookie = sessionCookie(publicUrl.startsWith('https:'));
  const { pool } = database;
  const searches = new ConcurrencyLimiter(searchLimits(pool?.size));
  if (pool) metrics.observePool(() => pool.usage());
  const secretKey = findSecretKey(config);
  let isClosing = false;

  const handler = express();
  handler.disable('x-powered-by');
  handler.set('etag', false);
  handler.set('query parser', false);
  handler.use((request, response, next) => {
    setBaseHeaders(response);
    if (request.url.startsWith('//')) request.url = request.url.replace(/^\/+/, '/');
    next();
  });
  handler.use(
    '/scim',
    createScimRouter({
      ...services,
      rateLimiter: createRateLimiter(config.scim.rateLimit),
      attempts,
      searches,
      clientAddress,
      metrics,
      logger,
      clock,
      publicUrl,
      secretKey,
    }),
  );
  handler.use(
    '/api/v1',
    createApiRouter(API_ROUTES, {
      services,
      readSessionSecret: (request) => cookie.read(request),
      rateLimiter: createRateLimiter(config.api.rateLimit),
      attempts,
      clientAddress,
      metrics,
      logger,
      clock,
      publicUrl,
      secretKey: findSecretKey(config),
    }),
  );
  handler.use(
    createAccessRouter({
      ...services,
      attempts,
      clientAddress,
      metrics,
      logger,
      clock,
      publicUrl,
      secretKey: findSecretKey(config),
    }),
  );
  handler.use(
    createForwardAuthRouter({
      forwardAuth: services.forwardAuth,
      readSessionSecret: (request) => cookie.read(request),
      attempts,
      clientAddress,
      metrics,
      logger,
      publicUrl,
    }),
  );
  const saml = createSamlSurface({
    ...services,
    metadata: new IdpMetadataDirectory({ reader: services.samlMetadata, clock, logger }),
    clock,
    logger,
    metrics,
    clientAddress,
    site: siteOf(publicUrl),
    sealer: new Sealer(findSecretKey(config), 'saml-logout'),
    isSwitchedOff: config.signIn.isRestoring,
  });
  handler.use(createSamlRouter(saml));
  handler.use(createOAuthRouter({ ...services, attempts, clientAddress, metrics, logger, clock, publicUrl }));
  const oidc = createOidcSurface({
    ...services,
    clock,
    logger,
    metrics,
    clientAddress,
    site: siteOf(publicUrl),
    sealer: new Sealer(findSecretKey(config), 'oidc-logout'),
    outbound: outboundPolicy(config),
    isSwitchedOff: config.signIn.isRestoring,
  });
  handler.use(createOidcRouter(oidc));
  const answerReadyz = createReadyz({ ping: () => database.ping(), isClosing: () => isClosing });
  handler.get('/healthz', (_request, response) => {
    answerHealthz(response);
  });
  handler.get('/readyz', (_request, response) => answerReadyz(response));
  if (config.metricsPort === undefined)
    handler.get('/metrics', (_request, response) => answerMetrics(metrics, response));
  const { isLocalAllowed, isRestoring } = config.signIn;
  const pageParts = { metrics, logger, publicUrl };
  handler.use(
    createSignInRouter({
      ...services,
      ...pageParts,
      realms: isRestoring ? NO_REALMS : services.ssoConnections,
      providerLogout: {
        findUrl: (organizationId, signIn) =>
          signIn.method === 'saml'
            ? samlLogoutUrl(saml, organizationId, signIn)
            : providerLogoutUrl(oidc, organizationId, signIn),
      },
      isLocalAllowed,
      attempts,
      secretKey,
      clientAddress,
      clock,
    }),
  );
  handler.use(
    createInvitationRouter({
      acceptance: services.acceptance,
      sessions: services.sessions,
      attempts,
      clientAddress,
      clock,
      publicUrl,
      secretKey,
      metrics,
      logger,
    }),
  );
  handler.use(
    createWebRouter({
      setup: services.setup,
      sessions: services.sessions,
      attempts,
      clientAddress,
      clock,
      publicUrl,
      databaseKind: database.kind,
      installation,
      metrics,
      logger,
    }),
  );
  const site = siteOf(publicUrl);
  handler.use(answerUnknownAddress(site), answerUncaught({ site, logger }));
  const mailWorker = createMailWorker(config, parts);
  const mappingWorker = new MappingWorker(services.mappingRuns, (error) => {
    logger.warn({ err: error }, 'mapping rules could not be applied to everybody, to be tried again');
  });
  return {
    handler,
    metrics,
    startWork: () => {
      mailWorker?.start();
      mappingWorker.start();
      services.provisioningLog.start((error, lost) => {
        logger.warn({ err: error, lost }, 'the provisioning log was not written');
      });
      services.activity.start((error) => {
        logger.warn({ err: error }, 'activity was not recorded; it is at the next use of each account');
      });
    },
    stopWork: async () => {
      await services.passwordResets.settle();
      await Promise.all([
        mailWorker?.stop(),
        mappingWorker.stop(),
        services.provisioningLog.stop(),
        services.activity.stop(),
      ]);
    },
    startClosing: () => {
      isClosing = true;
    },
  };
}

function createMailWorker(config: Config, { services, clock, logger }: AppParts): MailWorker | undefined {
  if (config.mail === undefined) return undefined;
  const { smtpUrl: url, from } = config.mail;
  const { mailOutbox: outbox, unitOfWork } = services;
  const sender = new SmtpSender({ url, from });
  return new MailWorker({ outbox, store: unitOfWork.stores.mailOutbox, sender, clock, logger });
}

/** The caller holds DATA_DIR. */
const findSecretKey = (config: Config): string => config.secretKey ?? readOrCreateSecretKey(config.dataDir);

/** While single sign-on is switched off, nobody is sent anywhere. */
const NO_REALMS: HomeRealms = {
  findByDomain: () => Promise.resolve(undefined),
  listOffered: () => Promise.resolve([]),
};

/** A burst of twice the rate lets an IdP's sync begin at full speed. */
const createRateLimiter = (ratePerSecond: number): RateLimiter | undefined =>
  ratePerSecond > 0 ? new RateLimiter({ ratePerSecond, burst: ratePerSecond * 2 }) : undefined;

/** The embedded database does one thing at a time; so many may stand in its line. */
const EMBEDDED_LINE = 4;

/**
 * A search may take the database seconds. One client gets half of the connections for them and all clients three
 * quarters, so that reads by id, writes and authentication always find one.
 */
function searchLimits(poolSize = EMBEDDED_LINE): ConcurrencyLimits {
  const part = (share: number): number => Math.max(1, Math.floor(poolSize * share));
  return { perKey: part(0.5), inAll: part(0.75), queued: 200, patience: 10_000 };
}

/** Bytes and milliseconds that an answer of an identity provider may have. */
const PROVIDER_ANSWER = { maxBytes: 1_048_576, timeoutMs: 10_000 };

/** A server that is on loopback itself is being tried out, and so may its identity provider be. */
const outboundPolicy = ({ http, sso }: Config): OutboundPolicy => ({
  ...PROVIDER_ANSWER,
  allowsLoopback: isLoopbackHost(new URL(http.publicUrl).hostname),
  allowsPrivate: sso.allowsPrivateProviders,
});
