/** An assertion whose signature and conditions hold. Every value is read from the bytes that were signed. */
export interface VerifiedAssertion {
  readonly id: string;
  readonly subject: string;
  /** Format of the NameID as a URI, `undefined` when the identity provider names none. */
  readonly subjectFormat: string | undefined;
  /** Qualifiers of the NameID, which a logout request has to repeat. */
  readonly nameQualifier: string | undefined;
  readonly spNameQualifier: string | undefined;
  readonly sessionIndex: string | undefined;
  /** Milliseconds since the epoch until which the identity provider allows a session; undefined for no limit. */
  readonly sessionNotOnOrAfter: number | undefined;
  /** Attribute values by Name, in the order they came. */
  readonly attributes: ReadonlyMap<string, readonly string[]>;
  /** Milliseconds since the epoch until which a copy of the assertion might be taken for new. */
  readonly rememberUntil: number;
}
