/** What one connection believes: who may sign, and for whom an assertion has to be made. */
export interface VerificationSettings {
  /** Our entityID for this connection, and the only audience accepted. */
  readonly entityId: string;
  /** Our assertion consumer service for this connection: the only recipient and destination accepted. */
  readonly acsUrl: string;
  /** The identity provider's entityID. */
  readonly issuer: string;
  /** Certificates as PEM; a signature by any of them counts, so that the next one can be added before it is used. */
  readonly certificates: readonly string[];
  /** At least one of the two is true; a signature that is there has to be good in any case. */
  readonly wantAssertionSigned: boolean;
  readonly wantResponseSigned: boolean;
  /** Refuses assertions in clear. */
  readonly wantAssertionEncrypted: boolean;
  /** PEM (PKCS #8) of our private key; undefined where the connection has none. */
  readonly decryptionKey: string | undefined;
}

/** Milliseconds that clocks may differ. */
export const CLOCK_SKEW = 60_000;
/** Milliseconds from its IssueInstant after which no assertion is taken, whatever it says; bounds the memory of replays. */
export const MAX_ASSERTION_AGE = 3_600_000;
