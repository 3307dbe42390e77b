import express, { type Express } from 'express';
import { createAccessRouter } from './access/index.js';
import { API_ROUTES, createApiRouter } from './api/index.js';
import type { Config } from './config/index.js';
import { MappingWorker } from './directory/mapping-rules/mapping-worker.js';
import { createForwardAuthRouter } from './forward-auth/index.js';
import {
  AttemptLimiter,
  ConcurrencyLimiter,
  createClientAddress,
  RateLimiter,
  sessionCookie,
  setBaseHeaders,
  type ConcurrencyLimits,
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
import type { DatabaseConnection } from './persistence/index.js';
import { answerUncaught, answerUnknownAddress, siteOf } from './pages/index.js';
import { createScimRouter } from './scim/index.js';
import {
  createSamlRouter,
  createSamlSurface,
  IdpMetadataDirectory,
  samlLogoutUrl,
} from './sso/saml/index.js';
import { createOidcRouter, createOidcSurface, providerLogoutUrl } from './sso/oidc/index.js';
import { createSignInRouter, type HomeRealms } from './sso/sign-in/index.js';
import { createInvitationRouter, createWebRouter } from './web/index.js';
import { findSecretKey, outboundPolicy, type Services } from './services.js';

export { createServices, type Outside, type Services } from './services.js';

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
