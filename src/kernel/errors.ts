import { ERROR_CODES, type ErrorCode, type ErrorKind } from './error-codes.js';

export interface DomainErrorOptions {
  /** Safe to show to the caller; the meaning from the catalogue when absent. */
  readonly detail?: string;
  /** The attribute or parameter at fault, in wire spelling. */
  readonly field?: string;
  /** For refusals that time heals: after how many whole seconds to try again (Retry-After, RFC 9110 10.2.3). */
  readonly retryAfterSeconds?: number;
  /** For the log only. */
  readonly cause?: unknown;
}

/** A refusal by a rule, with a code of the catalogue. Services throw it; each surface maps it in one place. */
export class DomainError extends Error {
  readonly code: ErrorCode;
  readonly kind: ErrorKind;
  readonly detail: string;
  readonly field: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, options: DomainErrorOptions = {}) {
    const detail = options.detail ?? ERROR_CODES[code].meaning;
    super(`${code}: ${detail}`, { cause: options.cause });
    this.name = 'DomainError';
    this.code = code;
    this.kind = ERROR_CODES[code].kind;
    this.detail = detail;
    this.field = options.field;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

export const isDomainError = (error: unknown, code?: ErrorCode): error is DomainError =>
  error instanceof DomainError && (code === undefined || error.code === code);
