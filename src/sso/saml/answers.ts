import type { SamlConnection } from '../../directory/sign-on/sso-connection.js';
import type { PageAnswer, PageRequest } from '../../pages/index.js';
import { refusedAnswer, shownRefusal } from '../pages/index.js';
import type { SamlSurface } from './saml-dependencies.js';
import { SAML_REFUSALS, type SamlRefusal } from './verify/saml-refusal.js';

/** The neutral page for the person; the log has the reason under the same reference. */
export function refuseSignIn(
  surface: SamlSurface,
  { id }: PageRequest,
  connection: SamlConnection,
  refusal: SamlRefusal,
): PageAnswer {
  logRefusal(surface, id, connection, refusal, 'sign-in by SAML refused');
  return refusedAnswer({
    refusal: shownRefusal(undefined),
    reference: id,
    basePath: surface.site.basePath,
  });
}

export function logRefusal(
  { logger }: SamlSurface,
  requestId: string,
  { organizationId, id: ssoConnectionId }: SamlConnection,
  { code, detail }: SamlRefusal,
  message: string,
): void {
  logger.warn(
    {
      requestId,
      organizationId,
      ssoConnectionId,
      reason: code,
      evidence: detail,
      meaning: SAML_REFUSALS[code],
    },
    message,
  );
}
