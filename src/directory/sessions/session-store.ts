import type { Instant } from '../../kernel/clock.js';
import type { Principal } from '../principals/index.js';
import type { RequestContext } from '../request-context.js';
import type { Session, SignInOrigin, SsoSignIn } from './session.js';

export interface SessionDraft {
  readonly id: string;
  readonly userId: string;
  readonly secretHash: string;
  readonly origin: SignInOrigin;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
  readonly userAgent: string | undefined;
  /** Hash of the session that this browser had until now: it ends in the same statement. */
  readonly replacedHash: string | undefined;
}

/** A live session of a live, active person. */
export interface LiveSession {
  readonly principal: Principal;
  readonly secretHash: string;
  readonly lastSeenAt: Instant;
}

/** Which sessions of a person to end: one, or all, or all but one. */
export type SessionSelection = { readonly only: string } | { readonly except: string | undefined };

/** Sessions opened at one SsoConnection: those of a subject, or of one session there, or both. At least one is given. */
export interface SsoSessionKey {
  readonly ssoConnectionId: string;
  readonly subject: string | undefined;
  readonly sessionIndex: string | undefined;
}

/** Reads and writes of sessions. */
export interface SessionStore {
  /**
   * Opens a session and writes `user:login`, in one statement that holds off a deactivation until it is done.
   * @returns false when the account is not live and active, or not a person's
   */
  insert(context: RequestContext, draft: SessionDraft): Promise<boolean>;
  /** The live session with this hash. Not bound to an organization: the session names it. */
  findLive(secretHash: string, now: Instant): Promise<LiveSession | undefined>;
  list(organizationId: string, userId: string, now: Instant): Promise<readonly Session[]>;
  /** Notes a use, unless a later one is noted. */
  touch(organizationId: string, id: string, now: Instant): Promise<void>;
  /**
   * Ends sessions of one person and writes one event: `user:logout` for one, named by its own secret, otherwise
   * `session:revoke`. @returns how many there were
   */
  end(
    context: RequestContext,
    userId: string,
    selection: SessionSelection,
    action: 'user:logout' | 'session:revoke',
  ): Promise<number>;
  /** How the person of this session signed in, when that was at an identity provider. */
  findSsoSignIn(organizationId: string, id: string): Promise<SsoSignIn | undefined>;
  findBySsoSignIn(
    organizationId: string,
    key: SsoSessionKey,
  ): Promise<readonly { readonly id: string; readonly userId: string }[]>;
  /** Takes away what has expired: nobody can use it any more. */
  deleteExpired(before: Instant): Promise<void>;
}
