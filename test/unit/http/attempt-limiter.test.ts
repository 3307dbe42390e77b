import { describe, expect, it } from '@jest/globals';
import { AttemptLimiter } from '../../../src/http/index.js';

const clock = { now: () => 0 };

/** Whether an attempt from the second address is still possible after one from the first, with room for one. */
function areApart(first: string | undefined, second: string | undefined): boolean {
  const limiter = new AttemptLimiter(clock, { ratePerSecond: 0.001, burst: 1 });
  limiter.begin(first);
  try {
    limiter.begin(second);
    return true;
  } catch {
    return false;
  }
}

describe('the limiter of attempts', () => {
  it.each([
    ['203.0.113.7', '203.0.113.8'],
    ['2001:db8:0:1::1', '2001:db8:0:2::1'],
    ['2001:db8::1', '2001:db8:0:1::1'],
    ['::1', '203.0.113.7'],
    ['1:2:3:4:5:6:7:8', '1:2:3:5:5:6:7:8'],
    [undefined, '203.0.113.7'],
  ])('keeps %s and %s apart', (first, second) => {
    expect(areApart(first, second)).toBe(true);
  });

  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['2001:db8:0:1::1', '2001:db8:0:1:ffff::2'],
    ['2001:db8::1', '2001:db8:0:0:1:2:3:4'],
    ['2001:0DB8::1', '2001:db8::2'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4::'],
    ['1:2:3::8', '1:2:3:0:5:6:7:8'],
    ['::', '0:0:0:0:1:2:3:4'],
    ['1:2:3:4:5:6:192.0.2.1', '1:2:3:4::192.0.2.9'],
    [undefined, undefined],
  ])('takes %s and %s for one client (RFC 6177)', (first, second) => {
    expect(areApart(first, second)).toBe(false);
  });

  it('refuses with a code and the time to wait, and forgets what was forgiven', () => {
    const limiter = new AttemptLimiter(clock, { ratePerSecond: 0.1, burst: 1 });
    limiter.begin('203.0.113.7').forgive();
    limiter.begin('203.0.113.7');
    expect(() => limiter.begin('203.0.113.7')).toThrow(
      expect.objectContaining({ code: 'credential.too_many_attempts', retryAfterSeconds: 10 }),
    );
  });
});
