import type { OidcConnection } from '../../directory/sign-on/sso-connection.js';
import type { PageAnswer, PageRequest } from '../../pages/index.js';
import { refusedTestAnswer, testResultAnswer } from '../pages/index.js';
import type { OidcPerson } from './oidc-flow.js';
import type { OidcSurface } from './oidc-dependencies.js';
import type { ClaimNote } from './read-identity.js';
import { OIDC_REFUSALS, type OidcRefusal, type OidcRefusalReason } from './refusal.js';

const NOTES: Readonly<Record<ClaimNote, string>> = {
  email_not_verified:
    'The provider says that the e-mail address is not verified (email_verified is false), so it was left out, and a user name that is an address with it. Verify addresses there, or, when nobody can choose an address themselves there, let the connection accept unverified ones.',
  groups_overage:
    'The person is in more groups than the provider puts into a token, so nothing is known of them. Let the provider name only the groups that are assigned to this application.',
};

/** What the admin can look at, reason by reason. */
const ADVICE: Readonly<Record<OidcRefusalReason, string>> = {
  state_missing: 'Begin the test again, in one browser that keeps cookies.',
  flow_unknown: 'Begin the test again. An answer is taken once, and for fifteen minutes.',
  connection_changed: 'Begin the test again with the connection as it is now.',
  connection_disabled: 'Switch the connection on.',
  response_invalid:
    'The application at the provider has to use the authorization code flow (response type code).',
  issuer_mismatch:
    'The issuer of the connection has to be, letter by letter, the one the provider names itself.',
  provider_refused:
    'Look at the sign-in log of the provider: is the person assigned to the application, and is the redirect address of this connection registered there?',
  code_rejected:
    'The redirect address registered at the provider has to be, letter by letter, the one of this connection, and the client the same.',
  client_rejected:
    'Client id and client secret have to be those of the application at the provider. Secrets expire; a public client has none.',
  token_invalid:
    'Compare issuer and client id with those of the application at the provider, and the clocks of both servers.',
  algorithm_refused:
    'Let the provider sign ID tokens for this application with an asymmetric algorithm, such as RS256 or ES256.',
  signature_invalid: 'The provider has to publish the key that it signs with at its jwks_uri.',
  token_replayed: 'Begin the test again.',
  subject_mismatch: 'The userinfo endpoint of the provider has to speak of the person who signed in.',
  claims_invalid:
    'Names and addresses have at most 256 characters and no control characters; groups are a list of names.',
  required_claim_missing: 'Compare the required claims of the connection with what the provider sends.',
  discovery_invalid:
    'Enter the issuer, which is the address before /.well-known/openid-configuration. The document there has to name the same issuer.',
  provider_unavailable: 'Can this server reach the provider? Look at proxies, firewalls and certificates.',
  provider_forbidden:
    'Providers are reached by HTTPS, and never at addresses of this machine or of a cloud’s metadata service.',
};

/** What would happen to the person who has just signed in at the provider. */
export async function renderTest(
  { signOn, site }: OidcSurface,
  connection: OidcConnection,
  { identity, notes, userInfoProblem }: OidcPerson,
): Promise<PageAnswer> {
  const explained = notes.map((note) => NOTES[note]);
  return testResultAnswer({
    connection,
    identity,
    notes:
      userInfoProblem === undefined
        ? explained
        : [...explained, `The userinfo endpoint added nothing: ${OIDC_REFUSALS[userInfoProblem.reason]}`],
    preview: await signOn.preview(identity),
    basePath: site.basePath,
  });
}

/** Why nobody would be signed in. */
export function renderRefusedTest(
  { site }: OidcSurface,
  { id }: PageRequest,
  connection: OidcConnection,
  { reason, evidence }: OidcRefusal,
): PageAnswer {
  return refusedTestAnswer({
    connection,
    meaning: OIDC_REFUSALS[reason],
    evidence,
    advice: ADVICE[reason],
    reference: id,
    basePath: site.basePath,
  });
}
