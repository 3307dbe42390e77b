import type { Instant } from '../../kernel/clock.js';

/** What a client means to do once: who, which operation, under which key of its own. */
export interface IdempotencyScope {
  readonly organizationId: string;
  readonly userId: string;
  readonly operation: string;
  readonly key: string;
}

/** One attempt to do it. */
export interface IdempotencyAttempt {
  /** Hash of everything the client sent. */
  readonly requestHash: string;
  /** Under which an audit event tells whether the attempt was carried out. */
  readonly requestId: string;
  readonly begunAt: Instant;
  readonly expiresAt: Instant;
}

/** The answer of an attempt that ended. */
export interface KeptAnswer {
  readonly status: number;
  /** Sealed: an answer may hold a secret that is shown once. */
  readonly sealed: string;
}

export interface KnownAttempt {
  readonly requestHash: string;
  readonly requestId: string;
  readonly begunAt: Instant;
  readonly expiresAt: Instant;
  /** Undefined while it runs, and for good when its process died. */
  readonly answer: KeptAnswer | undefined;
  /** Whether it ended without an answer worth keeping. */
  readonly hasFailed: boolean;
}

/** Requests that are to be carried out once, however often they are sent. */
export interface IdempotencyStore {
  /** Begins the first attempt. @returns the attempt that is known already, or undefined when this one has begun */
  begin(scope: IdempotencyScope, attempt: IdempotencyAttempt): Promise<KnownAttempt | undefined>;
  /** Puts a new attempt in the place of a known one. @returns false when another one was faster */
  takeOver(scope: IdempotencyScope, known: KnownAttempt, attempt: IdempotencyAttempt): Promise<boolean>;
  complete(scope: IdempotencyScope, attempt: IdempotencyAttempt, answer: KeptAnswer): Promise<void>;
  /** Nothing was done; the key is free again. */
  forget(scope: IdempotencyScope, attempt: IdempotencyAttempt): Promise<void>;
  /** What was done is not known here. */
  fail(scope: IdempotencyScope, attempt: IdempotencyAttempt): Promise<void>;
  /** Whether the attempt changed anything: whether an audit event of its request was written. */
  wasCarriedOut(scope: IdempotencyScope, known: KnownAttempt): Promise<boolean>;
  deleteExpired(now: Instant): Promise<void>;
}
