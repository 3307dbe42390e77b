import { describe, expect, it } from '@jest/globals';
import { USER_TYPE } from '../../../../src/directory/schema/index.js';
import type { JsonObject } from '../../../../src/kernel/json.js';
import { parseAttributePath } from '../../../../src/scim/filter/index.js';
import { compareSortKeys, sortKeyOf, type SortKey } from '../../../../src/scim/search/sort-key.js';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

const ada: JsonObject = {
  externalId: 'AbC',
  userName: 'ADA',
  active: true,
  name: { familyName: 'Byron' },
  emails: [{ value: 'A@first' }, { value: 'B@primary', primary: true }],
  phoneNumbers: [{ value: '1' }, { value: '2' }],
  photos: [],
  [ENTERPRISE]: { department: 'R&D' },
};

describe('sort keys (RFC 7644 3.4.2.3)', () => {
  it.each<[string, SortKey]>([
    ['userName', 'ada'],
    ['externalId', 'AbC'],
    ['active', 1],
    ['name.familyName', 'byron'],
    ['emails.value', 'b@primary'],
    ['phoneNumbers.value', '1'],
    ['photos.value', undefined],
    ['department', 'r&d'],
    ['title', undefined],
    ['manager.value', undefined],
  ])('%s sorts by %j', (name, expected) => {
    const path = parseAttributePath(USER_TYPE, name);
    expect(path && sortKeyOf(ada, path)).toBe(expected);
  });

  it('orders by code point, missing keys last, and all of it the other way round when descending', () => {
    const keys: SortKey[] = ['b', undefined, '\u{1F600}', 'a', '\uFFFD'];
    expect(keys.toSorted((a, b) => compareSortKeys(a, b, false)).filter(Boolean)).toEqual([
      'a',
      'b',
      '\uFFFD',
      '\u{1F600}',
    ]);
    expect(compareSortKeys(undefined, 'z', false)).toBeGreaterThan(0);
    expect(compareSortKeys(undefined, 'z', true)).toBeLessThan(0);
    expect(compareSortKeys(2, 10, false)).toBeLessThan(0);
  });
});
