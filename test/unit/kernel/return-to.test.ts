import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseReturnTo } from '../../../src/kernel/return-to.js';

const ORIGIN = 'https://rollcall.example.com';

describe('where to come back to after sign-in (CWE-601)', () => {
  it.each([
    '/',
    '/account',
    '/identity/account?tab=1&next=//evil.example#top',
    '/%2F%2Fevil.example',
    '/./..//x',
  ])('may be a path of the same origin: %s', (text) => {
    expect(parseReturnTo(text)).toBe(text);
    expect(new URL(text, ORIGIN).origin).toBe(ORIGIN);
  });

  it.each([
    null,
    undefined,
    '',
    'account',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    ' /account',
    '/a b',
    'https://evil.example',
    'https:/evil.example',
    'javascript:alert(1)',
    '/acc\u00f6unt',
    `/${'x'.repeat(2_048)}`,
  ])('is nothing else: %j', (text) => {
    expect(parseReturnTo(text)).toBeUndefined();
  });

  it('never leads to another origin, whatever the text', () => {
    const piece = fc.constantFrom(
      '/',
      '\\',
      '//',
      '.',
      '..',
      ':',
      '@',
      '?',
      '#',
      '%2f',
      '\t',
      '\n',
      '\r',
      'evil.example',
    );
    const text = fc
      .array(fc.oneof(piece, fc.string({ maxLength: 3 })), { maxLength: 8 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(
        fc.oneof(
          text,
          text.map((rest) => `/${rest}`),
        ),
        (candidate) => {
          const path = parseReturnTo(candidate);
          return path === undefined || new URL(path, ORIGIN).origin === ORIGIN;
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
