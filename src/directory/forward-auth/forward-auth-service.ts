import { foldCase } from '../../kernel/fold.js';
import type { ApiKeyService } from '../api-keys/api-key-service.js';
import type { Principal } from '../principals/index.js';
import type { SessionService } from '../sessions/session-service.js';
import type { UnitOfWork } from '../unit-of-work.js';
import type { ForwardedAccount } from './forward-auth-store.js';

/** Who asks for a page of an application. */
export interface ForwardedIdentity {
  readonly principal: Principal;
  readonly account: ForwardedAccount;
}

export interface ForwardAuthDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly sessions: Pick<SessionService, 'verifyWith'>;
  readonly apiKeys: Pick<ApiKeyService, 'verifyWith'>;
}

/**
 * Tells a proxy who makes a request to the application behind it. The database is asked every time, so that an end of
 * the session, the key, the account or a membership is felt by the next request.
 */
export class ForwardAuthService {
  readonly #parts: ForwardAuthDependencies;

  constructor(parts: ForwardAuthDependencies) {
    this.#parts = parts;
  }

  /** @param secret - of a session cookie. Undefined as by `SessionService.verify` */
  findBySession(secret: string): Promise<ForwardedIdentity | undefined> {
    const { sessions, unitOfWork } = this.#parts;
    const { forwardAuth } = unitOfWork.stores;
    return sessions.verifyWith(secret, (hash, now) => forwardAuth.findBySession(hash, now));
  }

  /** @param secret - of an API key. Undefined as by `ApiKeyService.verify` */
  findByApiKey(secret: string): Promise<ForwardedIdentity | undefined> {
    const { apiKeys, unitOfWork } = this.#parts;
    const { forwardAuth } = unitOfWork.stores;
    return apiKeys.verifyWith(secret, (hash, now) => forwardAuth.findByApiKey(hash, now));
  }
}

/** Whether an account is in one of these teams, named as team names are compared everywhere: without regard to case. */
export function isInAnyTeam({ teams }: ForwardedAccount, names: readonly string[]): boolean {
  const wanted = new Set(names.map(foldCase));
  return teams.some((name) => wanted.has(foldCase(name)));
}
