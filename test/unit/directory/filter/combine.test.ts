import { describe, expect, it } from '@jest/globals';
import { combineFilters, type Filter } from '../../../../src/directory/filter/index.js';
import { findAttribute, USER_TYPE } from '../../../../src/directory/schema/index.js';

const present = (name: string): Filter => {
  const path = findAttribute(USER_TYPE, undefined, name);
  if (!path) throw new Error(name);
  return { kind: 'present', path };
};
const [a, b, c] = [present('title'), present('locale'), present('nickName')];

describe('combineFilters', () => {
  it('leaves a single filter alone', () => {
    expect(combineFilters('and', [a])).toBe(a);
  });

  it('takes joined filters of its own kind apart and keeps those of the other', () => {
    expect(combineFilters('and', [a, combineFilters('and', [b, c])])).toEqual({
      kind: 'and',
      operands: [a, b, c],
    });
    const either = combineFilters('or', [b, c]);
    expect(combineFilters('and', [a, either])).toEqual({ kind: 'and', operands: [a, either] });
  });
});
