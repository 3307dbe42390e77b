import type { RateLimitDecision } from '../../http/index.js';
import { DomainError } from '../../kernel/errors.js';

/** @throws DomainError request.rate_limited, with the time to wait, when the decision is no */
export function assertAdmitted(decision: RateLimitDecision | undefined): void {
  if (decision?.allowed === false)
    throw new DomainError('request.rate_limited', {
      detail: 'Too many requests for this connection.',
      retryAfterSeconds: decision.retryAfterSeconds,
    });
}
