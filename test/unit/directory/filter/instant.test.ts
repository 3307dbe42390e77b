import { describe, expect, it } from '@jest/globals';
import { compareInstant, parseInstant, type OrderOperator } from '../../../../src/directory/filter/index.js';

describe('parseInstant', () => {
  it.each([
    ['1970-01-01T00:00:00Z', 0n],
    ['1970-01-01T00:00:00.000001Z', 1n],
    ['1969-12-31T23:59:59.999999Z', -1n],
    ['1970-01-01T02:00:00+02:00', 0n],
    ['1969-12-31T16:30:00-07:30', 0n],
    ['2026-02-03T04:05:06.7Z', BigInt(Date.UTC(2026, 1, 3, 4, 5, 6, 700)) * 1000n],
    ['2024-02-29T00:00:00Z', BigInt(Date.UTC(2024, 1, 29)) * 1000n],
    ['0001-01-03T00:00:00.0000000Z', -62_135_424_000_000_000n],
    ['9999-12-31T23:59:59.999999Z', 253_402_300_799_999_999n],
  ])('reads %s (RFC 7643 2.3.5)', (text, micros) => {
    expect(parseInstant(text)).toEqual({ micros, hasRemainder: false });
  });

  it('keeps note of what is finer than a microsecond, rounding to the past (Entra sends seven digits)', () => {
    expect(parseInstant('1970-01-01T00:00:00.0000015Z')).toEqual({ micros: 1n, hasRemainder: true });
    expect(parseInstant('1969-12-31T23:59:59.9999995Z')).toEqual({ micros: -1n, hasRemainder: true });
    expect(parseInstant('1970-01-01T00:00:00.00000100000Z')).toEqual({ micros: 1n, hasRemainder: false });
  });

  it.each([
    '',
    '2026-01-15',
    '2026-01-15T09:00:00',
    '2026-01-15T09:00Z',
    '2026-01-15 09:00:00Z',
    '2026-01-15T09:00:00.Z',
    '2026-01-15T09:00:00+0200',
    '2026-01-15T09:00:00+15:00',
    '2026-01-15T09:00:00+01:60',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:60:00Z',
    '2026-01-01T00:00:60Z',
    '0000-01-01T00:00:00Z',
    ' 2026-01-15T09:00:00Z',
    '2026-01-15T09:00:00Z\n',
    '٢٠٢٦-01-15T09:00:00Z',
  ])('refuses %j: date, time and offset are required and must exist (RFC 7643 2.3.5)', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });
});

describe('compareInstant', () => {
  const halfPastOne = { micros: 1n, hasRemainder: true };
  const answers = (operator: OrderOperator): readonly boolean[] => {
    const comparison = compareInstant(operator, halfPastOne);
    return [0n, 1n, 2n].map((stored) => {
      if (comparison.kind === 'constant') return comparison.value;
      const { micros } = comparison;
      return {
        eq: stored === micros,
        ne: stored !== micros,
        gt: stored > micros,
        ge: stored >= micros,
        lt: stored < micros,
        le: stored <= micros,
      }[comparison.operator];
    });
  };

  it.each<[OrderOperator, readonly boolean[]]>([
    ['eq', [false, false, false]],
    ['ne', [true, true, true]],
    ['gt', [false, false, true]],
    ['ge', [false, false, true]],
    ['lt', [true, true, false]],
    ['le', [true, true, false]],
  ])('answers %s 1.5 microseconds exactly for stored whole microseconds', (operator, expected) => {
    expect(answers(operator)).toEqual(expected);
  });

  it('keeps the comparison when the literal is a whole microsecond', () => {
    expect(compareInstant('ge', { micros: 5n, hasRemainder: false })).toEqual({
      kind: 'compare',
      operator: 'ge',
      micros: 5n,
    });
  });
});
