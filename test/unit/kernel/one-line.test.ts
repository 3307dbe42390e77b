import { describe, expect, it } from '@jest/globals';
import { toOneLine } from '../../../src/kernel/one-line.js';

describe('toOneLine', () => {
  it('makes one space of line breaks, controls, invisible characters and runs of spaces', () => {
    expect(toOneLine(' a\r\n\tb \u0000\u200b c\u2028d ', 20)).toBe('a b c d');
  });

  it('shortens what is longer, with a mark, and never in the middle of a character', () => {
    expect(toOneLine('abcdef', 4)).toBe('abc…');
    expect(toOneLine('ab😀cd', 4)).toBe('ab…');
    expect(toOneLine('abcd', 4)).toBe('abcd');
  });
});
