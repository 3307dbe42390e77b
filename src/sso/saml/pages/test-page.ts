import type { SamlConnection } from '../../../directory/sign-on/sso-connection.js';
import type { PageAnswer, PageRequest } from '../../../pages/index.js';
import { refusedTestAnswer, testResultAnswer } from '../../pages/index.js';
import type { AssertionNote } from '../read-identity.js';
import { SAML_ADVICE } from '../saml-advice.js';
import type { SamlSurface } from '../saml-dependencies.js';
import type { SamlPerson } from '../saml-flow.js';
import { SAML_REFUSALS, type SamlRefusal } from '../verify/saml-refusal.js';

const NOTES: Readonly<Record<AssertionNote, string>> = {
  groups_overage:
    'The person is in more groups than the identity provider puts into an assertion, so nothing is known of them. Let it send only the groups that are assigned to this application.',
};

/** What would happen to the person who has just signed in at the identity provider. */
export async function renderTest(
  { signOn, site }: SamlSurface,
  connection: SamlConnection,
  { identity, notes }: SamlPerson,
): Promise<PageAnswer> {
  return testResultAnswer({
    connection,
    identity,
    notes: notes.map((note) => NOTES[note]),
    preview: await signOn.preview(identity),
    basePath: site.basePath,
  });
}

/** Why nobody would be signed in. */
export function renderRefusedTest(
  { site }: SamlSurface,
  { id }: PageRequest,
  connection: SamlConnection,
  { code, detail }: SamlRefusal,
): PageAnswer {
  return refusedTestAnswer({
    connection,
    meaning: SAML_REFUSALS[code],
    evidence: detail,
    advice: SAML_ADVICE[code],
    reference: id,
    basePath: site.basePath,
  });
}
