import type { OidcConnection } from '../../directory/sign-on/sso-connection.js';
import type { PageAnswer, PageRequest } from '../../pages/index.js';
import { refusedAnswer, shownRefusal } from '../pages/index.js';
import type { OidcSurface } from './oidc-dependencies.js';
import { OIDC_REFUSALS, type OidcRefusal } from './refusal.js';

/** The neutral page for the person; the log has the reason under the same reference. */
export function refuseSignIn(
  { logger, site }: OidcSurface,
  { id }: PageRequest,
  connection: OidcConnection,
  { reason, evidence }: OidcRefusal,
): PageAnswer {
  logger.warn(
    {
      requestId: id,
      organizationId: connection.organizationId,
      ssoConnectionId: connection.id,
      reason,
      evidence,
      meaning: OIDC_REFUSALS[reason],
    },
    'sign-in by OpenID Connect refused',
  );
  return refusedAnswer({ refusal: shownRefusal(undefined), reference: id, basePath: site.basePath });
}
