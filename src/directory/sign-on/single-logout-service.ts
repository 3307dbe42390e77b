import { toInstant } from '../../kernel/clock.js';
import { hashSecret } from '../../kernel/secrets.js';
import type { RequestContext } from '../request-context.js';
import type { SessionService } from '../sessions/session-service.js';
import type { SsoSessionKey } from '../sessions/session-store.js';
import type { UnitOfWork } from '../unit-of-work.js';

/** An identity provider's message, verified by the protocol's surface, that sessions have ended there. */
export interface LogoutMessage extends SsoSessionKey {
  /** `jti` of a logout token, ID of a LogoutRequest. */
  readonly messageId: string;
  /** Milliseconds since the Unix epoch at which the message stops being acceptable by itself, skew included. */
  readonly expiresAt: number;
}

/** Ends sessions here that an identity provider has ended there. */
export class SingleLogoutService {
  readonly #unitOfWork: UnitOfWork;
  readonly #sessions: SessionService;

  constructor(parts: { readonly unitOfWork: UnitOfWork; readonly sessions: SessionService }) {
    this.#unitOfWork = parts.unitOfWork;
    this.#sessions = parts.sessions;
  }

  /**
   * Takes a message once, in the transaction that ends the sessions: one that could not be carried out may be sent
   * again.
   * @returns how many sessions ended, or `replayed`
   */
  async endSessions(context: RequestContext, message: LogoutMessage): Promise<number | 'replayed'> {
    const { ssoConnectionId, messageId, expiresAt } = message;
    return this.#unitOfWork.transaction(async (stores) => {
      const key = {
        organizationId: context.organizationId,
        ssoConnectionId,
        // Apart from assertions, whose ids are in the same table, and of a length that its key can have.
        assertionId: hashSecret(`logout:${messageId}`),
      };
      const isNew = await stores.ssoFlows.consumeAssertion(key, toInstant(expiresAt));
      return isNew ? this.#sessions.endForIdentityProvider(context, message, stores) : 'replayed';
    });
  }
}
