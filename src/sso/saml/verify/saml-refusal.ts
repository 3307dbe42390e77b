/**
 * Why a message of an identity provider is not believed. The person sees none of it, only a reference; the log has the
 * code and the detail.
 */
export const SAML_REFUSALS = {
  too_large: 'The message is larger, or nested deeper, than any identity provider makes it.',
  malformed: 'The message is not well-formed SAML 2.0.',
  forbidden_markup:
    'The message has markup that can hide or change values: a document type, an entity, a comment, a processing instruction or a CDATA section.',
  unexpected_message: 'The message is not the one that belongs here.',
  status_not_success: 'The identity provider itself refused.',
  assertion_missing: 'The response holds no assertion.',
  several_assertions:
    'The message holds more than one response or assertion, as in an attempt to pass off a forged one.',
  duplicate_id: 'Two elements have the same ID, so that a signature may mean either.',
  signature_misplaced:
    'A signature stands where none belongs, as in an attempt to pass off a forged assertion.',
  signature_malformed:
    'A signature has a form that is not accepted: it has to cover the whole element it stands in, by exclusive canonicalization.',
  signature_missing: 'A signature is missing that the connection requires.',
  weak_algorithm:
    'The message is signed or encrypted by an algorithm that does not protect it any more, such as SHA-1.',
  signature_invalid: 'No certificate of the connection verifies the signature.',
  not_encrypted: 'The assertion is in clear, and the connection requires encryption.',
  decryption_failed: 'The assertion cannot be decrypted and read.',
  issuer_mismatch: 'The message is by another issuer than the identity provider of the connection.',
  destination_mismatch: 'The message was made for another address.',
  audience_mismatch: 'The assertion was made for another service provider.',
  recipient_mismatch: 'The assertion was made for another address, or its bearer is not named.',
  condition_unknown: 'The assertion has a condition that this server cannot judge.',
  not_yet_valid: 'The message is from the future.',
  expired: 'The message is not valid any more.',
  in_response_to_mismatch: 'The response does not answer the request of this sign-on.',
  unsolicited: 'Nobody asked for this response, and the connection takes answers only.',
  subject_missing: 'The assertion does not name one subject.',
  subject_transient: 'NameID is another one at each sign-in, so it cannot tell who somebody is.',
  value_unusable: 'A value has a form that cannot be kept.',
  flow_unknown:
    'No sign-in that this browser began at this connection waits for this answer: it was answered before, took too long, or belongs to another browser or connection.',
  browser_mismatch: 'The answer came to a browser that had not begun to sign in here.',
  replayed: 'The message was used before.',
  connection_disabled: 'The connection is switched off.',
} as const satisfies Record<string, string>;

export type SamlRefusalCode = keyof typeof SAML_REFUSALS;

export interface SamlRefusal {
  readonly code: SamlRefusalCode;
  /** For the log: what was found and what would do, without names, e-mail addresses or assertions. */
  readonly detail: string;
}
