import type { Instant } from '../../kernel/clock.js';

export type SsoFlowPurpose = 'login' | 'test' | 'logout';

/** A flow as it is stored: hashes and ciphertext instead of what the browser and the identity provider hold. */
export interface StoredSsoFlow {
  readonly id: string;
  readonly organizationId: string;
  readonly ssoConnectionId: string;
  readonly purpose: SsoFlowPurpose;
  readonly stateHash: string;
  readonly browserHash: string;
  readonly returnTo: string | undefined;
  readonly requestId: string | undefined;
  readonly userId: string | undefined;
  readonly sealedSecrets: string | undefined;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
}

/** State of sign-ins under way, shared by all replicas. */
export interface SsoFlowStore {
  insert(flow: StoredSsoFlow): Promise<void>;
  /**
   * Takes the flow with this state and this browser, atomically: the second to ask gets nothing. A wrong browser takes
   * nothing from the right one.
   */
  consume(
    key: {
      readonly organizationId: string;
      readonly ssoConnectionId: string;
      readonly stateHash: string;
      readonly browserHash: string;
    },
    now: Instant,
  ): Promise<StoredSsoFlow | undefined>;
  /**
   * Notes that an assertion or logout token has been used. @returns false when it had been used before
   * @param expiresAt - when it stops being acceptable by itself
   */
  consumeAssertion(
    key: { readonly organizationId: string; readonly ssoConnectionId: string; readonly assertionId: string },
    expiresAt: Instant,
  ): Promise<boolean>;
  /** Takes away what has expired. */
  deleteExpired(now: Instant): Promise<void>;
}
