import { describe, expect, it } from '@jest/globals';
import { DomainError } from '../../src/kernel/errors.js';
import { isRetryable, translateDatabaseError } from '../../src/persistence/database-errors.js';
import { retryConflicts } from '../../src/persistence/retry.js';

const withCode = (code: string): Error => Object.assign(new Error('from the driver'), { code });

describe('what a driver throws', () => {
  it.each(['08006', '08P01', '57P01', '57P02', '57P03', '53300', '25006'])(
    'SQLSTATE %s means that the database is away (PostgreSQL appendix A)',
    (state) => {
      expect(translateDatabaseError(withCode(state))).toMatchObject({ code: 'database.unavailable' });
    },
  );

  it.each(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH'])(
    '%s of a socket means that the database is away',
    (code) => {
      expect(translateDatabaseError(withCode(code))).toMatchObject({ code: 'database.unavailable' });
    },
  );

  it.each([
    new Error('Connection terminated unexpectedly'),
    new Error('timeout exceeded when trying to connect'),
    'text',
    undefined,
  ])('without any code it means that the database is away: %s', (error) => {
    expect(translateDatabaseError(error)).toMatchObject({ code: 'database.unavailable' });
  });

  it.each(['57014', '55P03', '53200'])(
    'SQLSTATE %s means that it is busy (PostgreSQL appendix A)',
    (state) => {
      expect(translateDatabaseError(withCode(state))).toMatchObject({ code: 'database.busy' });
    },
  );

  it.each(['23505', '23503', '23514', '42P01', '22P02', 'XX000', 'P0001'])(
    'SQLSTATE %s without a constraint that is known stays a defect, and is no 404 and no 409',
    (state) => {
      const error = withCode(state);
      expect(translateDatabaseError(error)).toBe(error);
    },
  );

  it('a domain error passes through', () => {
    const error = new DomainError('user.last_admin');
    expect(translateDatabaseError(error)).toBe(error);
  });

  it.each([
    ['40001', true],
    ['40P01', true],
    ['23505', false],
    ['57P01', false],
  ])('%s is tried again: %s (PostgreSQL 13.5)', (state, expected) => {
    expect(isRetryable(withCode(state))).toBe(expected);
  });
});

describe('work undone by a deadlock or a serialization failure (PostgreSQL 13.5)', () => {
  /** Fails so many times, then answers. */
  const failing = (times: number, error: Error) => {
    let calls = 0;
    return {
      calls: () => calls,
      work: () => {
        calls += 1;
        return calls > times ? Promise.resolve('done') : Promise.reject(error);
      },
    };
  };

  it('is done again, at most three times', async () => {
    const { work, calls } = failing(3, withCode('40P01'));
    await expect(retryConflicts(work)).resolves.toBe('done');
    expect(calls()).toBe(4);
  });

  it('then the database counts as busy, which a client may try again', async () => {
    const { work, calls } = failing(9, withCode('40001'));
    await expect(retryConflicts(work)).rejects.toMatchObject({ code: 'database.busy' });
    expect(calls()).toBe(4);
  });

  it('no other failure is tried again', async () => {
    const { work, calls } = failing(1, withCode('23505'));
    await expect(retryConflicts(work)).rejects.toMatchObject({ code: '23505' });
    expect(calls()).toBe(1);
  });
});
