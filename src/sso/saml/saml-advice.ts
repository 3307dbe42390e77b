import type { SamlRefusalCode } from './verify/saml-refusal.js';

/** What the admin who tests a connection can look at, refusal by refusal. */
export const SAML_ADVICE: Readonly<Record<SamlRefusalCode, string>> = {
  too_large:
    'Let the identity provider send fewer attributes, such as only the groups assigned to this application.',
  malformed:
    'Look at what stands between the identity provider and this server; the identity provider has to speak SAML 2.0 with the HTTP-POST binding.',
  forbidden_markup:
    'No known identity provider sends such markup. Look at what stands between it and this server.',
  unexpected_message:
    'The assertion consumer service takes responses; the single logout service takes logout messages. Compare the two addresses at the identity provider.',
  status_not_success:
    'Look at the sign-in log of the identity provider: is the person assigned to the application?',
  assertion_missing: 'Look at the sign-in log of the identity provider.',
  several_assertions:
    'Let the identity provider send one assertion. If it does, somebody has tampered with the message.',
  duplicate_id:
    'If the identity provider makes such messages, ask its maker; otherwise somebody has tampered with the message.',
  signature_misplaced:
    'If the identity provider makes such messages, ask its maker; otherwise somebody has tampered with the message.',
  signature_malformed:
    'Let the identity provider sign as SAML 2.0 section 5.4 has it, with one reference, enveloped, by exclusive canonicalization.',
  signature_missing:
    'Let the identity provider sign what the connection requires (assertion, response or both), or change requiredSignature.',
  weak_algorithm: 'Let the identity provider sign by RSA with SHA-256 and encrypt by AES with RSA-OAEP.',
  signature_invalid:
    'Compare the certificates of the connection with the signing certificate of the identity provider: it may have changed.',
  not_encrypted:
    'Let the identity provider encrypt assertions with the certificate of our metadata, or change wantsEncryptedAssertions.',
  decryption_failed: 'Give the identity provider the encryption certificate of our metadata as it is now.',
  issuer_mismatch: 'idpEntityId has to be, letter by letter, the entityID (issuer) of the identity provider.',
  destination_mismatch:
    'Enter the address of our metadata at the identity provider, letter by letter; PUBLIC_URL has to be the address people use.',
  audience_mismatch:
    'The audience (SP entity ID) at the identity provider has to be, letter by letter, our entityID.',
  recipient_mismatch:
    'The assertion consumer service URL at the identity provider has to be, letter by letter, the one of our metadata.',
  condition_unknown: 'Let the identity provider leave it out.',
  not_yet_valid: 'Compare the clocks of both servers; a minute is allowed for.',
  expired: 'Compare the clocks of both servers; a minute is allowed for.',
  in_response_to_mismatch: 'Begin again, in one browser that keeps cookies.',
  unsolicited:
    'Begin at our sign-in page, or switch allowsIdpInitiated on if people begin at the identity provider.',
  subject_missing:
    'Let the identity provider send NameID, or the attribute that is the subject, with exactly one value.',
  subject_transient:
    'Let the identity provider send a persistent NameID, or take the subject from an attribute that never changes.',
  value_unusable: 'Names and addresses have at most 256 characters and no control characters.',
  flow_unknown: 'Begin again. An answer is taken once, and for fifteen minutes.',
  browser_mismatch: 'Begin again, in one browser that keeps cookies.',
  replayed: 'Begin again.',
  connection_disabled: 'Switch the connection on.',
};
