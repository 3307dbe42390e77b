import { describe, expect, it } from '@jest/globals';
import { USER_TYPE } from '../../src/directory/schema/index.js';
import { LIMITS } from '../../src/kernel/limits.js';
import { parseFilter } from '../../src/scim/filter/index.js';

const HOSTILE: Readonly<Record<string, (count: number) => string>> = {
  'n backslashes in an open string': (count) => `userName eq "${'\\'.repeat(count)}`,
  'n backslashes in a closed string': (count) => `userName eq "${'\\'.repeat(count)}"`,
  'n single quotes': (count) => `userName eq ${"'".repeat(count)}`,
  'n double quotes': (count) => '"'.repeat(count),
  'n opening parentheses': (count) => '('.repeat(count),
  'n balanced parentheses': (count) => `${'('.repeat(count)}title pr${')'.repeat(count)}`,
  'n times not(': (count) => 'not('.repeat(count),
  'n opening brackets': (count) => `emails${'['.repeat(count)}`,
  'n groups joined by and': (count) =>
    Array.from({ length: count }, () => '(title pr or locale pr)').join(' and '),
  'n alternating operators': (count) => `title pr${' and title pr or title pr'.repeat(count)}`,
  'n value paths': (count) =>
    Array.from({ length: count }, () => 'emails[type eq "a" or value pr].value eq "b"').join(' or '),
  'n spaces': (count) => `title${' '.repeat(count)}pr`,
  'n dots': (count) => `${'.'.repeat(count)} pr`,
  'n colons': (count) => `urn${':'.repeat(count)} pr`,
  'n escapes': (count) => `title eq "${'\\u00e9'.repeat(count)}"`,
  'n digits': (count) => `daysActive eq ${'1'.repeat(count)}`,
  'n fractional digits': (count) => `meta.created gt "2026-01-01T00:00:00.${'0'.repeat(count)}Z"`,
};

const stepsOf = (text: string): number => {
  let steps = 0;
  parseFilter(USER_TYPE, text, { isLenient: true, onStep: () => (steps += 1) });
  return steps;
};

describe('the work to parse a filter', () => {
  it.each(Object.entries(HOSTILE))('is at most three steps a character for %s', (_, build) => {
    for (const count of [1, 2, 10, 50, 100, 200, 400, 1_000, 3_000, 9_000, LIMITS.expressionLength]) {
      const text = build(count);
      expect(stepsOf(text)).toBeLessThanOrEqual(3 * text.length + 10);
    }
  });

  it.each(Object.entries(HOSTILE))('ends at the length limit for %s', (_, build) => {
    expect(parseFilter(USER_TYPE, build(LIMITS.expressionLength), { isLenient: true })).toMatchObject({
      ok: false,
      error: { status: 400, scimType: 'invalidFilter' },
    });
  });

  it('measures something: a filter at the length limit takes at least a step a character', () => {
    const text = `title eq "${'a'.repeat(LIMITS.expressionLength - 11)}"`;
    expect(stepsOf(text)).toBeGreaterThanOrEqual(text.length);
  });
});
