import { toInstant, type Clock } from '../../kernel/clock.js';
import type { Sealer } from '../../kernel/encryption.js';
import { newId } from '../../kernel/ids.js';
import { hashSecret, newSecret } from '../../kernel/secrets.js';
import type { UnitOfWork } from '../unit-of-work.js';
import type { SsoFlowPurpose } from './sso-flow-store.js';

/** Seconds a person has to sign in at the identity provider. */
export const SSO_FLOW_SECONDS = 900;
/** Milliseconds between clean-ups of one process. */
const CLEAN_UP_INTERVAL = 60_000;

/** What a flow must know again when its answer comes. */
export interface SsoFlowDraft {
  readonly ssoConnectionId: string;
  readonly purpose: SsoFlowPurpose;
  /** Secret of the cookie of the browser that begins: only the same browser may end the flow (login CSRF). */
  readonly browserSecret: string;
  /** Path on this server to go to afterwards; checked by the surface. */
  readonly returnTo?: string | undefined;
  /** ID of the SAML request. */
  readonly requestId?: string | undefined;
  /** Who tests the connection or signs out. */
  readonly userId?: string | undefined;
  /** Nonce, PKCE verifier and the like; kept encrypted. */
  readonly secrets?: Readonly<Record<string, string>>;
}

export interface StartedSsoFlow {
  /** 256 random bits for `state` (OpenID Connect) or RelayState (SAML; 43 characters of the 80 allowed). */
  readonly state: string;
  readonly expiresAt: string;
}

export interface SsoFlow {
  readonly ssoConnectionId: string;
  readonly purpose: SsoFlowPurpose;
  readonly returnTo: string | undefined;
  readonly requestId: string | undefined;
  readonly userId: string | undefined;
  readonly secrets: Readonly<Record<string, string>>;
}

/** Flows of sign-in: begun here, ended once, by the same browser, at the same connection, in time. */
export class SsoFlowService {
  readonly #unitOfWork: UnitOfWork;
  readonly #clock: Clock;
  readonly #sealer: Sealer;
  #cleanedUpAt = 0;

  constructor(parts: { readonly unitOfWork: UnitOfWork; readonly clock: Clock; readonly sealer: Sealer }) {
    this.#unitOfWork = parts.unitOfWork;
    this.#clock = parts.clock;
    this.#sealer = parts.sealer;
  }

  async start(organizationId: string, draft: SsoFlowDraft): Promise<StartedSsoFlow> {
    const now = this.#clock.now();
    const id = newId(now);
    const state = newSecret('');
    const expiresAt = toInstant(now + SSO_FLOW_SECONDS * 1000);
    await this.#unitOfWork.stores.ssoFlows.insert({
      id,
      organizationId,
      ssoConnectionId: draft.ssoConnectionId,
      purpose: draft.purpose,
      stateHash: hashSecret(state),
      browserHash: hashSecret(draft.browserSecret),
      returnTo: draft.returnTo,
      requestId: draft.requestId,
      userId: draft.userId,
      sealedSecrets: draft.secrets && this.#sealer.seal(JSON.stringify(draft.secrets), placeOf(id)),
      createdAt: toInstant(now),
      expiresAt,
    });
    return { state, expiresAt };
  }

  /**
   * Ends a flow.
   * @returns undefined when there is none with this state, begun by this browser at this connection, still in time and
   *   not ended before
   */
  async consume(
    organizationId: string,
    ssoConnectionId: string,
    answer: { readonly state: string; readonly browserSecret: string },
  ): Promise<SsoFlow | undefined> {
    const { ssoFlows } = this.#unitOfWork.stores;
    const key = {
      organizationId,
      ssoConnectionId,
      stateHash: hashSecret(answer.state),
      browserHash: hashSecret(answer.browserSecret),
    };
    const flow = await ssoFlows.consume(key, toInstant(this.#clock.now()));
    this.#cleanUp();
    if (!flow) return undefined;
    const { purpose, returnTo, requestId, userId, sealedSecrets } = flow;
    const opened = sealedSecrets === undefined ? '{}' : this.#sealer.open(sealedSecrets, placeOf(flow.id));
    // Sealed with another SECRET_KEY: the flow cannot be finished.
    if (opened === undefined) return undefined;
    const secrets = JSON.parse(opened) as Record<string, string>;
    return { ssoConnectionId, purpose, returnTo, requestId, userId, secrets };
  }

  /**
   * Notes that an assertion (its ID) or logout token (its jti) has been used.
   * @param expiresAt milliseconds since the Unix epoch at which it stops being acceptable by itself, skew included
   * @returns false when it had been used before
   */
  consumeAssertion(
    organizationId: string,
    ssoConnectionId: string,
    assertionId: string,
    expiresAt: number,
  ): Promise<boolean> {
    // Ids of identity providers may be of any length; the key of the table is of one.
    const key = { organizationId, ssoConnectionId, assertionId: hashSecret(assertionId) };
    return this.#unitOfWork.stores.ssoFlows.consumeAssertion(key, toInstant(expiresAt));
  }

  /** Answered flows show that time passes; nobody waits for the clean-up, and a failed one is done again later. */
  #cleanUp(): void {
    const now = this.#clock.now();
    if (now - this.#cleanedUpAt < CLEAN_UP_INTERVAL) return;
    this.#cleanedUpAt = now;
    this.#unitOfWork.stores.ssoFlows.deleteExpired(toInstant(now)).catch(() => undefined);
  }
}

const placeOf = (flowId: string): string => `sso-flow:${flowId}`;
