/**
 * Why a message of an identity provider is not believed. The person sees none of it, only a reference; the log has the
 * code and the detail.
 */
export type SamlRefusalCode =
  | 'too_large'
  | 'malformed'
  | 'forbidden_markup'
  | 'unexpected_message'
  | 'status_not_success'
  | 'assertion_missing'
  | 'several_assertions'
  | 'duplicate_id'
  | 'signature_misplaced'
  | 'signature_malformed'
  | 'signature_missing'
  | 'weak_algorithm'
  | 'signature_invalid'
  | 'not_encrypted'
  | 'decryption_failed'
  | 'issuer_mismatch'
  | 'destination_mismatch'
  | 'audience_mismatch'
  | 'recipient_mismatch'
  | 'condition_unknown'
  | 'not_yet_valid'
  | 'expired'
  | 'in_response_to_mismatch'
  | 'unsolicited'
  | 'subject_missing'
  | 'subject_transient'
  | 'value_unusable'
  | 'flow_unknown'
  | 'browser_mismatch'
  | 'replayed'
  | 'connection_disabled';

export interface SamlRefusal {
  readonly code: SamlRefusalCode;
  /** For the log: what was found and what would do, without names, e-mail addresses or assertions. */
  readonly detail: string;
}
