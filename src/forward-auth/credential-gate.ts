import type { IncomingMessage } from 'node:http';
import type {
  ForwardAuthService,
  ForwardedIdentity,
} from '../directory/forward-auth/forward-auth-service.js';
import { KnownCredentials, type AttemptLimiter, type ClientAddress } from '../http/index.js';

/** Longer credentials are not looked at: none of ours comes near. */
const MAX_CREDENTIAL_LENGTH = 1_024;

export interface CredentialGateDependencies {
  readonly forwardAuth: ForwardAuthService;
  /** The secret in the session cookie. */
  readonly readSessionSecret: (request: IncomingMessage) => string | undefined;
  readonly attempts: AttemptLimiter;
  readonly clientAddress: ClientAddress;
}

/** Finds whose request this is: an API key as bearer token (RFC 6750), or else the session cookie. */
export class CredentialGate {
  readonly #parts: CredentialGateDependencies;
  readonly #known = new KnownCredentials();

  constructor(parts: CredentialGateDependencies) {
    this.#parts = parts;
  }

  /**
   * A request with an Authorization header is never taken for the session's.
   * @throws DomainError credential.too_many_attempts
   */
  async identify(request: IncomingMessage): Promise<ForwardedIdentity | undefined> {
    const { forwardAuth, readSessionSecret } = this.#parts;
    const { authorization } = request.headers;
    const secret = authorization === undefined ? readSessionSecret(request) : readBearer(authorization);
    if (secret === undefined || secret === '' || secret.length > MAX_CREDENTIAL_LENGTH) return undefined;
    return this.#verify(request, secret, () =>
      authorization === undefined ? forwardAuth.findBySession(secret) : forwardAuth.findByApiKey(secret),
    );
  }

  async #verify(
    request: IncomingMessage,
    secret: string,
    find: () => Promise<ForwardedIdentity | undefined>,
  ): Promise<ForwardedIdentity | undefined> {
    const { attempts, clientAddress } = this.#parts;
    const attempt = this.#known.has(secret) ? undefined : attempts.begin(clientAddress(request));
    let found: ForwardedIdentity | undefined;
    try {
      found = await find();
    } catch (error) {
      attempt?.forgive();
      throw error;
    }
    this.#known.note(secret, found !== undefined);
    if (found) attempt?.forgive();
    return found;
  }
}

const readBearer = (authorization: string): string | undefined =>
  authorization.length > MAX_CREDENTIAL_LENGTH ? undefined : /^bearer +(\S+)$/i.exec(authorization)?.[1];
