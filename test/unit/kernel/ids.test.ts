import { describe, expect, it } from '@jest/globals';
import { isUuid, newId } from '../../../src/kernel/ids.js';

describe('newId (RFC 9562 5.7)', () => {
  it('makes UUIDv7 that never repeat and always ascend, whatever the clock does', () => {
    const moments = [1_000, 1_000, 999, 2_000, 1_500];
    const ids = Array.from({ length: 20_000 }, (_, at) => newId(moments[at % moments.length]!));
    expect(new Set(ids).size).toBe(ids.length);
    expect([...ids].sort()).toEqual(ids);
    expect(ids.every((id) => isUuid(id) && id[14] === '7' && /[89ab]/.test(id[19]!))).toBe(true);
  });
});
