import type { Sealer } from '../../../kernel/encryption.js';
import type { SamlSessionName } from '../saml-messages.js';
import type { VerifiedAssertion } from '../verify/verified-assertion.js';

/** What is kept is bound to its connection, so that it opens for no other. */
const placeOf = (ssoConnectionId: string): string => `saml-logout-hint:${ssoConnectionId}`;

/** Keeps how the identity provider names the person and the session, for a LogoutRequest of ours. */
export function sealLogoutHint(
  sealer: Sealer,
  ssoConnectionId: string,
  assertion: VerifiedAssertion,
): string {
  const name: SamlSessionName = {
    nameId: assertion.subject,
    format: assertion.subjectFormat,
    nameQualifier: assertion.nameQualifier,
    spNameQualifier: assertion.spNameQualifier,
    sessionIndex: assertion.sessionIndex,
  };
  return sealer.seal(JSON.stringify(name), placeOf(ssoConnectionId));
}

export function openLogoutHint(
  sealer: Sealer,
  ssoConnectionId: string,
  hint: string | undefined,
): SamlSessionName | undefined {
  const opened = hint === undefined ? undefined : sealer.open(hint, placeOf(ssoConnectionId));
  return opened === undefined ? undefined : (JSON.parse(opened) as SamlSessionName);
}
