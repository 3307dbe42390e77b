import { createHash } from 'node:crypto';
import type { PrincipalContext } from '../../directory/principals/index.js';
import type {
  IdempotencyAttempt,
  IdempotencyScope,
  IdempotencyStore,
  KnownAttempt,
} from '../../directory/idempotency/idempotency-store.js';
import { toInstant, type Clock } from '../../kernel/clock.js';
import type { Sealer } from '../../kernel/encryption.js';
import { DomainError, isDomainError } from '../../kernel/errors.js';
import { ApiError } from './problem.js';
import type { ApiReply } from './route.js';

const DAY = 86_400_000;
/** Milliseconds after which an attempt without an answer has ended somehow: answers are given up before. */
const ATTEMPT_TIME = 60_000;
const SWEEP_INTERVAL = 600_000;
const KEY = /^[\x21-\x7e]{1,255}$/;

export interface IdempotentRequest {
  readonly context: PrincipalContext;
  readonly operation: string;
  /** The Idempotency-Key header. */
  readonly key: string;
  readonly content: readonly unknown[];
}

/**
 * `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): a request is carried out once, and sent again it gets the
 * answer of the first time, for 24 hours. Keys belong to an account and an operation. Answers are kept sealed, because
 * some hold a secret. When the first answer was lost, the audit trail tells whether there was anything done.
 */
export class Idempotency {
  readonly #store: IdempotencyStore;
  readonly #sealer: Sealer;
  readonly #clock: Clock;
  #sweptAt = 0;

  constructor(parts: { readonly store: IdempotencyStore; readonly sealer: Sealer; readonly clock: Clock }) {
    this.#store = parts.store;
    this.#sealer = parts.sealer;
    this.#clock = parts.clock;
  }

  /** @throws DomainError idempotency.key_reused, idempotency.in_progress, idempotency.answer_lost, request.invalid */
  async run(request: IdempotentRequest, work: () => Promise<ApiReply>): Promise<ApiReply> {
    const { context, operation, key, content } = request;
    if (!KEY.test(key))
      throw new DomainError('request.invalid', {
        field: 'Idempotency-Key',
        detail: 'Idempotency-Key has 1 to 255 printable ASCII characters without spaces.',
      });
    const { organizationId, principal } = context;
    const scope = { organizationId, userId: principal.userId, operation, key };
    const now = this.#clock.now();
    const attempt = {
      requestHash: hashRequest(content),
      requestId: context.requestId,
      begunAt: toInstant(now),
      expiresAt: toInstant(now + DAY),
    };
    this.#sweep(now);
    const known = await this.#store.begin(scope, attempt);
    const replay = known && (await this.#settle(scope, known, attempt));
    return replay ?? this.#carryOut(scope, attempt, work);
  }

  /** The kept answer, or undefined when the attempt may go ahead. */
  async #settle(
    scope: IdempotencyScope,
    known: KnownAttempt,
    attempt: IdempotencyAttempt,
  ): Promise<ApiReply | undefined> {
    const now = this.#clock.now();
    if (Date.parse(known.expiresAt) > now) {
      if (known.requestHash !== attempt.requestHash) throw new DomainError('idempotency.key_reused');
      if (known.answer) return this.#replay(scope, known.answer.sealed);
      if (!known.hasFailed && now - Date.parse(known.begunAt) < ATTEMPT_TIME)
        throw new ApiError('idempotency.in_progress', {}, { 'Retry-After': '1' });
      if (await this.#store.wasCarriedOut(scope, known)) throw new DomainError('idempotency.answer_lost');
    }
    if (await this.#store.takeOver(scope, known, attempt)) return undefined;
    throw new ApiError('idempotency.in_progress', {}, { 'Retry-After': '1' });
  }

  #replay(scope: IdempotencyScope, sealed: string): ApiReply {
    const text = this.#sealer.open(sealed, bindingOf(scope));
    // Another SECRET_KEY than then: the answer is there, and cannot be read any more.
    if (text === undefined) throw new DomainError('idempotency.answer_lost');
    const reply = JSON.parse(text) as ApiReply;
    return { ...reply, headers: { ...reply.headers, 'Idempotency-Replayed': 'true' } };
  }

  async #carryOut(
    scope: IdempotencyScope,
    attempt: IdempotencyAttempt,
    work: () => Promise<ApiReply>,
  ): Promise<ApiReply> {
    let reply: ApiReply;
    try {
      reply = await work();
    } catch (error) {
      // A rule that refused has changed nothing. After anything else nobody here knows.
      const isRefusal = error instanceof ApiError || (isDomainError(error) && error.kind !== 'unavailable');
      await (isRefusal ? this.#store.forget(scope, attempt) : this.#store.fail(scope, attempt)).catch(ignore);
      throw error;
    }
    const sealed = this.#sealer.seal(JSON.stringify(reply), bindingOf(scope));
    await this.#store.complete(scope, attempt, { status: reply.status, sealed }).catch(ignore);
    return reply;
  }

  #sweep(now: number): void {
    if (now - this.#sweptAt < SWEEP_INTERVAL) return;
    this.#sweptAt = now;
    this.#store.deleteExpired(toInstant(now)).catch(ignore);
  }
}

/** What has to be the same under the same key: parameters of the path, the query and the body, as they came. */
export const hashRequest = (content: readonly unknown[]): string =>
  createHash('sha256')
    .update(JSON.stringify(content.map((part) => part ?? null)))
    .digest('hex');

const ignore = (): void => undefined;

const bindingOf = ({ organizationId, userId, operation, key }: IdempotencyScope): string =>
  JSON.stringify([organizationId, userId, operation, key]);
