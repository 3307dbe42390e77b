import { DomainError } from '../kernel/errors.js';
import { isRetryable } from './database-errors.js';

const ATTEMPTS = 4;

/** Runs work again, at most three times, when a deadlock or a serialization failure undid it. */
export async function retryConflicts<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isRetryable(error)) throw error;
      if (attempt === ATTEMPTS) throw new DomainError('database.busy', { cause: error });
      await pause(attempt);
    }
  }
}

/** Competitors that met once should not meet again: each waits a little, differently. */
const pause = (attempt: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, attempt * 5 + (process.hrtime()[1] % 10)));
