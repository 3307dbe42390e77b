import type { PassportStatic } from 'passport';
import type { SessionService } from '../../directory/sessions/session-service.js';
import type { SignOnService } from '../../directory/sign-on/sign-on-service.js';
import type { SingleLogoutService } from '../../directory/sign-on/single-logout-service.js';
import type { SsoConnectionService } from '../../directory/sign-on/sso-connection-service.js';
import type { SsoFlowService } from '../../directory/sign-on/sso-flow-service.js';
import type { AttemptLimiter, BrowserCookie, ClientAddress } from '../../http/index.js';
import type { Clock } from '../../kernel/clock.js';
import type { Sealer } from '../../kernel/encryption.js';
import type { Logger, Metrics } from '../../observability/index.js';
import type { Site } from '../../pages/index.js';
import type { IdpMetadataDirectory } from './metadata/idp-metadata-directory.js';
import type { SamlFlow } from './saml-flow.js';

export interface SamlDependencies {
  readonly ssoConnections: SsoConnectionService;
  readonly ssoFlows: SsoFlowService;
  readonly signOn: SignOnService;
  readonly sessions: SessionService;
  readonly singleLogout: SingleLogoutService;
  readonly metadata: IdpMetadataDirectory;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly clientAddress: ClientAddress;
  readonly site: Site;
  /** Keeps NameIDs for the identity provider's logout. */
  readonly sealer: Sealer;
  /** Whether nobody signs in at an identity provider now (LOCAL_RESTORE). */
  readonly isSwitchedOff: boolean;
}

/** What the routes share. */
export interface SamlSurface extends SamlDependencies {
  readonly flow: SamlFlow;
  readonly passport: Pick<PassportStatic, 'authenticate'>;
  readonly sessionCookie: BrowserCookie;
  /** Holds the secret by which a browser is known again that began a sign-in. */
  readonly flowCookie: BrowserCookie;
  /** How many sign-ins an address may begin: each is a row until it expires. */
  readonly starts: AttemptLimiter;
}
