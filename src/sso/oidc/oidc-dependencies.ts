import type { SessionService } from '../../directory/sessions/session-service.js';
import type { SignOnService } from '../../directory/sign-on/sign-on-service.js';
import type { SingleLogoutService } from '../../directory/sign-on/single-logout-service.js';
import type { SsoConnectionService } from '../../directory/sign-on/sso-connection-service.js';
import type { SsoFlowService } from '../../directory/sign-on/sso-flow-service.js';
import type { AttemptLimiter, BrowserCookie, ClientAddress, OutboundPolicy } from '../../http/index.js';
import type { Clock } from '../../kernel/clock.js';
import type { Sealer } from '../../kernel/encryption.js';
import type { Logger, Metrics } from '../../observability/index.js';
import type { Site } from '../../pages/index.js';
import type { OidcFlow } from './oidc-flow.js';
import type { ProviderDirectory } from './provider-directory.js';
import type { Transport } from './transport.js';

export interface OidcDependencies {
  readonly ssoConnections: SsoConnectionService;
  readonly ssoFlows: SsoFlowService;
  readonly signOn: SignOnService;
  readonly sessions: SessionService;
  readonly singleLogout: SingleLogoutService;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly clientAddress: ClientAddress;
  readonly site: Site;
  /** Keeps ID tokens for the provider's logout. */
  readonly sealer: Sealer;
  /** Which addresses of providers may be reached. */
  readonly outbound: OutboundPolicy;
  /** Whether nobody signs in at an identity provider now (LOCAL_RESTORE). */
  readonly isSwitchedOff: boolean;
}

/** What the routes share. */
export interface OidcSurface extends OidcDependencies {
  readonly flow: OidcFlow;
  readonly providers: ProviderDirectory;
  readonly transport: Transport;
  readonly sessionCookie: BrowserCookie;
  /** Holds the secret by which a browser is known again that began a sign-in. */
  readonly flowCookie: BrowserCookie;
  /** How many sign-ins an address may begin: each is a row until it expires. */
  readonly starts: AttemptLimiter;
}
