import { toInstant, type Clock, type Instant } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { newId } from '../../kernel/ids.js';
import { LIMITS } from '../../kernel/limits.js';
import { constantTimeEquals, hashSecret, newSecret } from '../../kernel/secrets.js';
import type { ActivityRecorder } from '../activity/activity-recorder.js';
import type { Principal } from '../principals/index.js';
import type { RequestContext } from '../request-context.js';
import type { Stores, UnitOfWork } from '../unit-of-work.js';
import type { Session, SignInOrigin, SsoSignIn } from './session.js';
import type { LiveSession, SsoSessionKey } from './session-store.js';

const HOUR = 3_600_000;
/** Milliseconds between writes of when a session was last used: kept to the minute, for people to look at. */
const TOUCH_INTERVAL = 60_000;
/** Milliseconds between looks for sessions that have expired. */
const SWEEP_INTERVAL = 600_000;
const SECRET_PREFIX = 'rs_';
const UNPRINTABLE = /[^\x20-\x7e]+/g;

/** A session just opened: the only moment its secret is known. */
export interface OpenedSession {
  readonly id: string;
  readonly secret: string;
  readonly expiresAt: Instant;
}

export interface OpenSessionOptions {
  readonly origin: SignInOrigin;
  /** The User-Agent header as it came. */
  readonly userAgent: string | undefined;
  /** Secret of the session that the browser showed, which ends: a session is never carried over a sign-in. */
  readonly replaces: string | undefined;
  /** Milliseconds since the Unix epoch at which the identity provider wants it to end, when that is earlier. */
  readonly notAfter?: number | undefined;
}

/** Sessions of people in browsers: opaque secrets, kept as hashes, which end with the account's activity. */
export class SessionService {
  readonly #unitOfWork: UnitOfWork;
  readonly #clock: Clock;
  readonly #lengthHours: number;
  readonly #activity: Pick<ActivityRecorder, 'note'>;
  #sweptAt = 0;

  /** @param options.lengthHours - hours from sign-in to the end, however often the session is used */
  constructor(options: {
    readonly unitOfWork: UnitOfWork;
    readonly clock: Clock;
    readonly lengthHours: number;
    readonly activity: Pick<ActivityRecorder, 'note'>;
  }) {
    this.#unitOfWork = options.unitOfWork;
    this.#clock = options.clock;
    this.#lengthHours = options.lengthHours;
    this.#activity = options.activity;
  }

  /**
   * Opens a session for a person who has just been recognised.
   * @param stores those of the open transaction, when the sign-in writes more
   * @throws DomainError user.inactive when the account is not live, not active, or not a person's
   */
  async open(
    context: RequestContext,
    userId: string,
    options: OpenSessionOptions,
    stores: Stores = this.#unitOfWork.stores,
  ): Promise<OpenedSession> {
    const now = this.#clock.now();
    const secret = newSecret(SECRET_PREFIX);
    const id = newId(now);
    const { origin, userAgent, replaces, notAfter = Infinity } = options;
    const expiresAt = toInstant(Math.min(now + this.#lengthHours * HOUR, notAfter));
    const isOpen = await stores.sessions.insert(context, {
      id,
      userId,
      secretHash: hashSecret(secret),
      origin,
      createdAt: toInstant(now),
      expiresAt,
      userAgent: userAgent?.replaceAll(UNPRINTABLE, ' ').slice(0, LIMITS.userAgentLength),
      replacedHash: replaces === undefined ? undefined : hashSecret(replaces),
    });
    if (!isOpen) throw new DomainError('user.inactive');
    this.#activity.note({ organizationId: context.organizationId, userId });
    this.#sweep(now);
    return { id, secret, expiresAt };
  }

  /**
   * Whose request the secret in a cookie makes this; undefined when there is no such session, it has expired, or the
   * account is not active any more. Asks the database every time, so that an end is felt by the next request everywhere.
   */
  async verify(secret: string): Promise<Principal | undefined> {
    const { sessions } = this.#unitOfWork.stores;
    return (await this.verifyWith(secret, (hash, now) => sessions.findLive(hash, now)))?.principal;
  }

  /**
   * As `verify`, for who wants more of the account in the same look-up.
   * @param find - finds the live session with this hash, and what else is wanted
   */
  async verifyWith<Found extends LiveSession>(
    secret: string,
    find: (secretHash: string, now: Instant) => Promise<Found | undefined>,
  ): Promise<Found | undefined> {
    if (!secret.startsWith(SECRET_PREFIX)) return undefined;
    const now = this.#clock.now();
    const hash = hashSecret(secret);
    const found = await find(hash, toInstant(now));
    if (!found || !constantTimeEquals(found.secretHash, hash)) return undefined;
    const { principal } = found;
    this.#activity.note(principal);
    if (now - Date.parse(found.lastSeenAt) >= TOUCH_INTERVAL)
      await this.#unitOfWork.stores.sessions.touch(
        principal.organizationId,
        principal.credential.id,
        toInstant(now),
      );
    return found;
  }

  /** Live sessions of a person, the last used first. */
  list(organizationId: string, userId: string): Promise<readonly Session[]> {
    return this.#unitOfWork.stores.sessions.list(organizationId, userId, toInstant(this.#clock.now()));
  }

  /** The same for somebody whom an admin named. @throws DomainError user.not_found */
  async listOf(organizationId: string, userId: string): Promise<readonly Session[]> {
    await this.#requirePerson(organizationId, userId);
    return this.list(organizationId, userId);
  }

  /** Ends every session of somebody whom an admin named. @throws DomainError user.not_found */
  async endAllOf(context: RequestContext, userId: string, except?: string): Promise<number> {
    await this.#requirePerson(context.organizationId, userId);
    return this.endAll(context, userId, except);
  }

  async #requirePerson(organizationId: string, userId: string): Promise<void> {
    const person = await this.#unitOfWork.stores.users.findPerson(organizationId, userId);
    if (!person) throw new DomainError('user.not_found');
  }

  /** Ends the session of the person who signs out. Nothing when it has ended already. */
  async signOut(context: RequestContext, principal: Principal): Promise<void> {
    const { userId, credential } = principal;
    if (credential.kind !== 'session') return;
    await this.#unitOfWork.stores.sessions.end(context, userId, { only: credential.id }, 'user:logout');
  }

  /** Ends one session of a person. @throws DomainError session.not_found */
  async end(context: RequestContext, userId: string, sessionId: string): Promise<void> {
    const { sessions } = this.#unitOfWork.stores;
    const count = await sessions.end(context, userId, { only: sessionId }, 'session:revoke');
    if (count === 0) throw new DomainError('session.not_found');
  }

  /**
   * Ends every session of a person.
   * @param except id of one that stays: the one from which this is asked
   * @returns how many there were
   */
  endAll(
    context: RequestContext,
    userId: string,
    except?: string,
    stores: Stores = this.#unitOfWork.stores,
  ): Promise<number> {
    return stores.sessions.end(context, userId, { except }, 'session:revoke');
  }

  /** How the person signed in whose session this is; undefined when not at an identity provider, or not by a session. */
  async findSsoSignIn({ organizationId, credential }: Principal): Promise<SsoSignIn | undefined> {
    if (credential.kind !== 'session') return undefined;
    return this.#unitOfWork.stores.sessions.findSsoSignIn(organizationId, credential.id);
  }

  /**
   * Ends the sessions that an identity provider asks to end, by its own names for person and session.
   * @param stores those of the open transaction, when the logout writes more
   * @returns how many there were
   */
  async endForIdentityProvider(
    context: RequestContext,
    key: SsoSessionKey,
    { sessions }: Stores = this.#unitOfWork.stores,
  ): Promise<number> {
    if (key.subject === undefined && key.sessionIndex === undefined) return 0;
    let count = 0;
    for (const { id, userId } of await sessions.findBySsoSignIn(context.organizationId, key))
      count += await sessions.end(context, userId, { only: id }, 'session:revoke');
    return count;
  }

  #sweep(now: number): void {
    if (now - this.#sweptAt < SWEEP_INTERVAL) return;
    this.#sweptAt = now;
    this.#unitOfWork.stores.sessions.deleteExpired(toInstant(now)).catch(ignore);
  }
}

const ignore = (): void => undefined;
