import type { IncomingMessage } from 'node:http';
import type { Principal } from '../directory/principals/index.js';
import type { AccessCaller } from '../directory/access/access-store.js';
import type { AttemptLimiter, ClientAddress } from '../http/index.js';
import { hashSecret } from '../kernel/secrets.js';
import { AccessError, unauthenticated } from './access-error.js';

/** Longer credentials are not looked at: none of ours comes near. */
const MAX_CREDENTIAL_LENGTH = 1_024;
/**
 * Milliseconds for which is remembered whose a secret is. Not whether it may be used: every statement that gathers facts
 * checks that again, so that a revoked key is refused by the next request on every replica.
 */
const REMEMBERED_FOR = 60_000;
/** Secrets remembered at most; beyond that all are forgotten and looked up again. */
const REMEMBERED = 10_000;

export interface CallerGateDependencies {
  readonly apiKeys: { verify(secret: string): Promise<Principal | undefined> };
  readonly attempts: AttemptLimiter;
  readonly clientAddress: ClientAddress;
}

interface Known {
  readonly caller: AccessCaller;
  /** On the monotonic clock. */
  readonly verifiedAt: number;
}

/** A caller that has been let in. */
export interface Admission {
  readonly caller: AccessCaller;
  /** To be called when a statement finds that the key may not be used any more. */
  forget(): void;
}

/** Lets applications in: an API key with the scope `access`, of a service account or an organization admin. */
export class CallerGate {
  readonly #parts: CallerGateDependencies;
  readonly #known = new Map<string, Known>();

  constructor(parts: CallerGateDependencies) {
    this.#parts = parts;
  }

  /**
   * @param options.isFresh - asks the database now, for requests whose statements may have no row to say it in
   * @throws AccessError 401, 403; DomainError credential.too_many_attempts
   */
  async admit(request: IncomingMessage, options: { readonly isFresh: boolean }): Promise<Admission> {
    const { authorization } = request.headers;
    const secret = readBearer(authorization);
    if (secret === undefined) throw unauthenticated(authorization !== undefined);
    const hash = hashSecret(secret);
    const known = this.#known.get(hash);
    const isRecent = known !== undefined && performance.now() - known.verifiedAt < REMEMBERED_FOR;
    const caller =
      isRecent && !options.isFresh
        ? known.caller
        : await this.#verify(secret, hash, known !== undefined, request);
    return { caller, forget: () => this.#known.delete(hash) };
  }

  async #verify(
    secret: string,
    hash: string,
    wasGood: boolean,
    request: IncomingMessage,
  ): Promise<AccessCaller> {
    const { apiKeys, attempts, clientAddress } = this.#parts;
    const verifiedAt = performance.now();
    // A credential that was good the last time need not be counted as an attempt.
    const attempt = wasGood ? undefined : attempts.begin(clientAddress(request));
    let principal: Principal | undefined;
    try {
      principal = await apiKeys.verify(secret);
    } catch (error) {
      attempt?.forgive();
      throw error;
    }
    if (!principal) {
      this.#known.delete(hash);
      throw unauthenticated(true);
    }
    attempt?.forgive();
    const caller = callerOf(principal);
    if (this.#known.size >= REMEMBERED) this.#known.clear();
    this.#known.set(hash, { caller, verifiedAt });
    return caller;
  }
}

function readBearer(authorization: string | undefined): string | undefined {
  if (authorization === undefined || authorization.length > MAX_CREDENTIAL_LENGTH) return undefined;
  return /^bearer +(\S+)$/i.exec(authorization)?.[1];
}

/** @throws AccessError 403 */
function callerOf({ organizationId, organizationRole, accountType, credential }: Principal): AccessCaller {
  if (credential.kind !== 'api_key') throw unauthenticated(true);
  if (!credential.scopes.includes('access'))
    throw new AccessError(403, 'permission.denied', {
      detail: 'This needs an API key with the scope access.',
    });
  if (accountType === 'USER' && organizationRole !== 'admin')
    throw new AccessError(403, 'permission.denied', {
      detail: 'This needs an API key of a service account or of an organization admin.',
    });
  return { organizationId, apiKeyId: credential.id };
}
