/** Why a sign-in was refused: for the log, the audit and the admin. The person sees one neutral page. */
export const REFUSAL_REASONS = [
  /** No account, and provisioning is off (DISABLE_SSO_PROVISIONING, or the connection's own switch). */
  'provisioning_disabled',
  /** Removed by the IdP, and provisioning is off. */
  'removed',
  'deactivated',
  'service_account',
  'seat_limit_reached',
  /** The e-mail's domain is none that is verified for this connection, which has verified domains. */
  'domain_not_verified',
  /** An account of this userName or e-mail exists and may not be linked silently: see the review list. */
  'link_refused',
  /** The subject, userName or e-mail is missing or not acceptable. */
  'invalid_identity',
  'connection_disabled',
] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

export type SignOnOutcome<Opened> =
  | {
      readonly kind: 'signed_in';
      readonly userId: string;
      readonly isNew: boolean;
      /** Names of groups that neither a team has nor a mapping rule speaks of, for the log. */
      readonly ignoredGroups: readonly string[];
      /** What the caller opened in the same transaction: the session. */
      readonly opened: Opened;
    }
  | { readonly kind: 'refused'; readonly reason: RefusalReason };
