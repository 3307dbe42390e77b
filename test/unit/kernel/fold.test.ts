import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareCodePoints, foldCase } from '../../../src/kernel/fold.js';

describe('foldCase', () => {
  it.each([
    ['ADA@Example.COM', 'ada@example.com'],
    ['straße', 'STRASSE'],
    ['STRAẞE', 'strasse'],
    ['e\u0301', '\u00c9'],
    ['ΟΔΥΣΣΕΥΣ', 'οδυσσευς'],
    ['σ', 'ς'],
    ['ﬁne', 'FINE'],
    ['Ａｄａ', 'ada'],
    ['K', 'k'],
  ])('makes %s and %s one key (RFC 7643 2.2; RFC 8265 3.3)', (left, right) => {
    expect(foldCase(left)).toBe(foldCase(right));
  });

  it.each([
    ['ı', 'i'],
    ['ısı', 'isi'],
    ['e', 'é'],
    ['a', 'а'],
    ['İ', 'I'],
  ])('keeps %s and %s apart: no locale, no look-alikes', (left, right) => {
    expect(foldCase(left)).not.toBe(foldCase(right));
  });

  it('is idempotent for each code point', () => {
    for (let code = 0; code <= 0x10ffff; code += 1) {
      if (code === 0xd800) code = 0xe000;
      const folded = foldCase(String.fromCodePoint(code));
      if (foldCase(folded) !== folded) throw new Error(`U+${code.toString(16)} folds twice`);
    }
  });

  it('is idempotent, and blind to the normal form and to the case of its input', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.string({
        unit: fc.constantFrom(
          'ß',
          'ẞ',
          'ı',
          'İ',
          'i',
          '\u0307',
          '\u0301',
          '\u0345',
          'Σ',
          'ς',
          'ﬁ',
          'e',
          'ŉ',
          ' ',
        ),
      }),
    );
    fc.assert(
      fc.property(text, (value) => {
        const folded = foldCase(value);
        expect(foldCase(folded)).toBe(folded);
        expect(foldCase(value.normalize('NFD'))).toBe(folded);
        expect(foldCase(value.normalize('NFC'))).toBe(folded);
      }),
      { numRuns: 500 },
    );
  });
});

describe('compareCodePoints', () => {
  it('orders as UTF-8 bytes do, hence as Postgres collation "C"', () => {
    const unit = fc.oneof(
      fc.constantFrom('a', 'b', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{10ffff}'),
      fc.string({ unit: 'binary', maxLength: 1 }),
    );
    const text = fc.string({ unit, maxLength: 6 });
    fc.assert(
      fc.property(text, text, (left, right) => {
        const expected = Buffer.compare(Buffer.from(left), Buffer.from(right));
        expect(Math.sign(compareCodePoints(left, right))).toBe(expected);
      }),
      { numRuns: 1_000 },
    );
  });

  it('puts characters beyond the basic plane last, unlike UTF-16 order', () => {
    expect(compareCodePoints('\u{1f600}', '\uff21')).toBeGreaterThan(0);
    expect('\u{1f600}' < '\uff21').toBe(true);
  });
});
