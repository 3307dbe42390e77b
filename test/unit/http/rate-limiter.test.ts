import { describe, expect, it } from '@jest/globals';
import { RateLimiter } from '../../../src/http/rate-limiter.js';

const SECOND = 1_000;

describe('the rate limiter', () => {
  it('allows a burst, then the rate (docs/configuration.md: SCIM_RATE_LIMIT)', () => {
    const limiter = new RateLimiter({ ratePerSecond: 2, burst: 4 });
    const burst = Array.from({ length: 6 }, () => limiter.take('a', 0));
    expect(burst.map(({ allowed }) => allowed)).toEqual([true, true, true, true, false, false]);
    expect(burst[0]).toEqual({ allowed: true, remaining: 3, limit: 4 });
    expect(limiter.take('a', SECOND / 2).allowed).toBe(true);
    expect(limiter.take('a', SECOND / 2).allowed).toBe(false);
  });

  it('never holds more than the burst', () => {
    const limiter = new RateLimiter({ ratePerSecond: 2, burst: 4 });
    limiter.take('a', 0);
    expect(limiter.take('a', 3_600 * SECOND)).toEqual({ allowed: true, remaining: 3, limit: 4 });
  });

  it.each([
    [100, 1],
    [1, 1],
    [0.1, 10],
  ])('at %d a second asks to retry after %d whole seconds (RFC 9110 10.2.3)', (ratePerSecond, expected) => {
    const limiter = new RateLimiter({ ratePerSecond, burst: 1 });
    limiter.take('a', 0);
    expect(limiter.take('a', 0)).toEqual({ allowed: false, retryAfterSeconds: expected });
  });

  it('is true to its word: the retry it names succeeds', () => {
    const limiter = new RateLimiter({ ratePerSecond: 0.3, burst: 1 });
    limiter.take('a', 0);
    const refused = limiter.take('a', 0);
    if (refused.allowed) throw new Error('should have been refused');
    expect(limiter.take('a', refused.retryAfterSeconds * SECOND).allowed).toBe(true);
  });

  it('keeps keys apart', () => {
    const limiter = new RateLimiter({ ratePerSecond: 1, burst: 1 });
    expect(limiter.take('a', 0).allowed).toBe(true);
    expect(limiter.take('b', 0).allowed).toBe(true);
    expect(limiter.take('a', 0).allowed).toBe(false);
  });

  it('lets a large request in whole and has its debt paid before the next', () => {
    const limiter = new RateLimiter({ ratePerSecond: 10, burst: 20 });
    limiter.take('a', 0);
    expect(limiter.charge('a', 0, 99)).toEqual({ allowed: true, remaining: 0, limit: 20 });
    // 80 tokens of debt and one to spend, at 10 a second.
    expect(limiter.take('a', 0)).toEqual({ allowed: false, retryAfterSeconds: 9 });
    expect(limiter.take('a', 8 * SECOND).allowed).toBe(false);
    expect(limiter.take('a', 9 * SECOND).allowed).toBe(true);
  });

  it('makes no second debt while one stands, however many were let in before', () => {
    const limiter = new RateLimiter({ ratePerSecond: 10, burst: 20 });
    limiter.take('a', 0);
    limiter.take('a', 0);
    expect(limiter.charge('a', 0, 99).allowed).toBe(true);
    expect(limiter.charge('a', 0, 99)).toEqual({ allowed: false, retryAfterSeconds: 9 });
    expect(limiter.charge('b', 0, 99).allowed).toBe(true);
  });

  it('takes a token back, and never more than fit', () => {
    const limiter = new RateLimiter({ ratePerSecond: 1, burst: 1 });
    limiter.take('a', 0);
    limiter.giveBack('a', 0);
    limiter.giveBack('a', 0);
    expect(limiter.take('a', 0).allowed).toBe(true);
    expect(limiter.take('a', 0).allowed).toBe(false);
  });

  it('gives nothing for a clock that goes back', () => {
    const limiter = new RateLimiter({ ratePerSecond: 1, burst: 1 });
    limiter.take('a', 10 * SECOND);
    expect(limiter.take('a', 0).allowed).toBe(false);
  });

  it('bounds its memory, and remembers a key in use while others come and go', () => {
    const limiter = new RateLimiter({ ratePerSecond: 0.001, burst: 1, maxKeys: 100 });
    limiter.take('busy', 0);
    for (let index = 0; index < 10_000; index += 1) {
      limiter.take(`key-${index}`, 0);
      expect(limiter.take('busy', 0).allowed).toBe(false);
    }
    expect(limiter.size).toBeLessThanOrEqual(101);
  });
});
